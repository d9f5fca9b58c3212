"""Views, searches and registrations; the way from guest to account; what is looked at, what isn't found."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ahead.admin_dashboard import charts, filters
from ahead.admin_dashboard.api import Api, ApiError
from ahead.admin_dashboard.filters import Filters
from ahead.admin_dashboard.tables import table

MOST_VIEWED = 15
SEARCHES = 100


def show(api: Api) -> None:
    chosen = filters.choose()
    st.title("Overview")
    st.caption(chosen.words)
    _part(lambda: _daily(api, chosen))
    _part(lambda: _funnel(api, chosen))
    left, right = st.columns(2, gap="large")
    with left:
        _part(lambda: _most_viewed(api, chosen))
    with right:
        _part(lambda: _searches(api, chosen))


def _part(draw: Callable[[], None]) -> None:
    """One part that can't be had leaves the others standing."""
    try:
        draw()
    except ApiError as error:
        st.warning(str(error), icon=":material/cloud_off:")


def _daily(api: Api, chosen: Filters) -> None:
    parts = (
        ("Code page views", "code.viewed", "views", "Views granted appear here, the first within seconds."),
        ("Searches", "search.performed", "searches", "Searches appear here once somebody has searched."),
        ("Registrations", "account.registered", "registrations", "New accounts appear here."),
    )
    found = [
        api.usage(metric=metric, plan=chosen.wanted_plans, group_by="day,plan", **chosen.span)
        for _, metric, _, _ in parts
    ]
    for column, (title, *_), answer in zip(st.columns(3), parts, found, strict=True):
        column.metric(title, f"{sum(row['count'] for row in answer.rows):,}", border=True)
    for (title, metric, noun, empty), answer in zip(parts, found, strict=True):
        st.subheader(f"{title} by day and plan")
        if not answer.rows:
            st.info(f"None in this time. {empty}", icon=":material/hourglass_empty:")
            continue
        st.altair_chart(charts.by_day(answer.rows, chosen.days, noun), width="stretch")
        table(
            metric.replace(".", "-") + "-by-day",
            answer.rows,
            {"day": "Day (UTC)", "plan": "Plan", "count": noun.capitalize(), "principals": "People"},
            expanded=False,
        )


def _funnel(api: Api, chosen: Filters) -> None:
    st.subheader("From guest to account")
    funnel = api.funnel(**chosen.span)
    if not funnel["guests"] and not funnel["registered"]:
        st.info(
            "No guests in this time. The steps appear once somebody looks up a code.",
            icon=":material/hourglass_empty:",
        )
        return
    steps = (
        ("Guests seen", "guests"),
        ("Viewed a code", "guests_viewed"),
        ("Met the limit", "guests_denied"),
        ("Registered", "registered_from_guests"),
        ("Viewed as registered", "registered_viewed"),
    )
    rows = [
        {"step": name, "people": funnel[key], "text": _share(funnel[key], funnel["guests"])}
        for name, key in steps
    ]
    st.altair_chart(charts.bars_with_figures(rows, "step", "people", "text"), width="stretch")
    others = funnel["registered"] - funnel["registered_from_guests"]
    st.caption(
        "People, not events, of all plans; percentages are of the guests seen."
        + (f" {others:,} more registered without having been a guest before." if others else "")
    )
    table("funnel", rows, {"step": "Step", "people": "People"}, expanded=False)


def _share(part: int, whole: int) -> str:
    return f"{part:,}  ({part / whole:.0%})" if whole else f"{part:,}"


def _most_viewed(api: Api, chosen: Filters) -> None:
    st.subheader("Most viewed codes")
    rows: list[dict[str, Any]] = [
        row | {"code": code_of(row["thing"]), "text": f"{row['count']:,}"}
        for row in api.top(
            MOST_VIEWED,
            product="lookup",
            metric="code.viewed",
            plan=chosen.wanted_plans,
            group_by="thing",
            **chosen.span,
        )
    ]
    if not rows:
        st.info(
            "None in this time. Codes appear here once pages are viewed.", icon=":material/hourglass_empty:"
        )
        return
    st.altair_chart(charts.bars_with_figures(rows, "code", "count", "text"), width="stretch")
    st.caption("Views granted; the same person, code and month counts once.")
    table(
        "most-viewed-codes", rows, {"code": "Code", "count": "Views", "principals": "People"}, expanded=False
    )


def code_of(thing: str) -> str:
    """``icd10cm/E11.9`` as a coder writes it: ``E11.9 (ICD-10-CM)``."""
    system, slash, code = thing.partition("/")
    if not slash:
        system, slash, code = thing.partition(":")
    names = {
        "icd10cm": "ICD-10-CM",
        "icd10pcs": "ICD-10-PCS",
        "icd9cm": "ICD-9-CM",
        "hcpcs": "HCPCS",
        "cpt": "CPT",
        "msdrg": "MS-DRG",
    }
    return f"{code} ({names.get(system, system)})" if slash else thing


def _searches(api: Api, chosen: Filters) -> None:
    st.subheader("Searches without a result")
    rows = api.searches(zero="true", plan=chosen.wanted_plans, limit=SEARCHES, **chosen.span)
    if not rows:
        st.info(
            "None in this time: every search found something, or nobody searched.",
            icon=":material/hourglass_empty:",
        )
        return
    table(
        "searches-without-a-result",
        [row | {"last_at": row["last_at"][:16].replace("T", " ")} for row in rows],
        {"query": "Searched for", "count": "Times", "principals": "People", "last_at": "Last (UTC)"},
        note="Personal identifiers are masked before a search is counted.",
    )
