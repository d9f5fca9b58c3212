"""Questions to CasePilot, how they were answered, what was withheld, and what was thought of it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ahead.admin_dashboard import charts, filters
from ahead.admin_dashboard.api import Api, ApiError
from ahead.admin_dashboard.filters import Filters
from ahead.admin_dashboard.session import Operator
from ahead.admin_dashboard.tables import table

STATUSES = {
    "answered": "Answered",
    "partly": "Answered in part",
    "not_in_sources": "Not in the sources",
    "unavailable": "Failed, and free",
}
REASONS = {
    "wrong": "It says something wrong",
    "incomplete": "Something is missing",
    "off": "It isn't what was asked",
    "source": "A source doesn't bear it out",
    "unclear": "It is hard to understand",
    "other": "Something else",
}


def show(api: Api, operator: Operator) -> None:
    chosen = filters.choose()
    st.title("CasePilot")
    st.caption(chosen.words)
    try:
        _asked(api, chosen)
    except ApiError as error:
        st.warning(str(error), icon=":material/cloud_off:")
    try:
        _answers(api.answers(operator.token, **chosen.span))
    except ApiError as error:
        st.warning(str(error), icon=":material/cloud_off:")


def _asked(api: Api, chosen: Filters) -> None:
    st.subheader("Questions by day and plan")
    answer = api.usage(metric="question.asked", plan=chosen.wanted_plans, group_by="day,plan", **chosen.span)
    if not answer.rows:
        st.info(
            "None in this time. Questions appear here, the first within seconds.",
            icon=":material/hourglass_empty:",
        )
        return
    st.altair_chart(charts.by_day(answer.rows, chosen.days, "questions"), width="stretch")
    st.caption("Answered ones: a question whose answer failed is not counted and costs nothing.")
    table(
        "questions-by-day",
        answer.rows,
        {"day": "Day (UTC)", "plan": "Plan", "count": "Questions", "principals": "People"},
        expanded=False,
    )


def _answers(found: Mapping[str, Any]) -> None:
    st.subheader("How they were answered")
    total = sum(found["statuses"].values())
    if not total:
        st.info("No answer of this time is kept.", icon=":material/hourglass_empty:")
        return
    rated = found["up"] + found["down"]
    for column, (title, value) in zip(
        st.columns(4),
        (
            ("Answers kept", f"{total:,}"),
            ("Sentences withheld", f"{found['withheld']:,}"),
            ("Answers with any withheld", f"{found['answers_with_withheld'] / total:.1%}"),
            ("Found helpful", f"{found['up'] / rated:.0%} of {rated:,}" if rated else "Not rated yet"),
        ),
        strict=True,
    ):
        column.metric(title, value, border=True)
    st.caption(
        "Of all plans, and only of conversations that are kept: what is older than the retention is gone."
    )
    rows = [{"status": name, "count": found["statuses"].get(key, 0)} for key, name in STATUSES.items()]
    rows = [row | {"text": f"{row['count']:,}  ({row['count'] / total:.1%})"} for row in rows]
    st.altair_chart(charts.bars_with_figures(rows, "status", "count", "text"), width="stretch")
    table("answers-by-status", rows, {"status": "Status", "count": "Answers"}, expanded=False)
    answerers = [{"answerer": name, "count": count} for name, count in found["answerers"].items()]
    table("answers-by-answerer", answerers, {"answerer": "Answerer", "count": "Answers"}, expanded=False)
    st.subheader("Why answers were not helpful")
    if not found["down"]:
        st.info("Nobody said so in this time.", icon=":material/thumb_up:")
        return
    table(
        "not-helpful",
        [
            {"reason": REASONS.get(one["reason"], one["reason"]), "count": one["count"]}
            for one in found["reasons"]
        ],
        {"reason": "Reason given", "count": "Times"},
        note=f"Helpful {found['up']:,}, not helpful {found['down']:,}.",
    )
