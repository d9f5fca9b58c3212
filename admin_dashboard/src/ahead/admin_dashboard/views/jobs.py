"""The job board: what is open and how fresh, what waits for a moderator and deciding it, the way from a view to an
application, alerts and mail."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ahead.admin_dashboard import charts, filters
from ahead.admin_dashboard.api import Api, ApiError
from ahead.admin_dashboard.filters import Filters
from ahead.admin_dashboard.session import Operator
from ahead.admin_dashboard.tables import table

DECISIONS = {
    "approve": "Approve",
    "trust": "Approve, and trust the employers",
    "dismiss": "Nothing wrong",
    "hold": "Hold back",
    "reject": "Reject",
    "remove": "Remove",
    "suspend": "Remove all jobs of these employers",
}
NEEDS_REASON = ("hold", "reject", "remove", "suspend")


def show(api: Api, operator: Operator) -> None:
    chosen = filters.choose()
    st.title("Job board")
    st.caption(f"CareerCenter as of now. Views and applications: {chosen.words}")
    if done := st.session_state.pop("moderated", ""):
        st.success(done, icon=":material/check:")
    try:
        held = api.board(operator.token)
    except ApiError as error:
        st.warning(str(error), icon=":material/cloud_off:")
        return
    _figures(held)
    _part(lambda: _waiting(api, operator))
    left, right = st.columns(2, gap="large")
    with left:
        _part(lambda: _funnel(api, chosen, held))
    with right:
        _mails(held)


def _part(draw: Callable[[], None]) -> None:
    try:
        draw()
    except ApiError as error:
        st.warning(str(error), icon=":material/cloud_off:")


def _figures(held: Mapping[str, Any]) -> None:
    days, rate = held["fill_days"], held["bounce_rate"]
    open_jobs: int = held["open_jobs"]
    figures = (
        ("Open jobs", f"{open_jobs:,}", f"{held['examples']:,} of them examples" if held["examples"] else ""),
        ("Days to fill", "–" if days is None else f"{days:g}", f"median of {held['filled']:,} in 90 days"),
        ("Confirmed in 7 days", _share(held["confirmed_within"]["7"], open_jobs), f"{held['unanswered']:,} asked"),
        ("Waiting for a moderator", f"{held['waiting']:,}", f"{held['reports_waiting']:,} reports"),
        ("Alerts on", f"{sum(held['alerts_on'].values()):,}", f"{held['alerts_sent_last_month']:,} mails in 30 days"),
        ("Bounce rate", "–" if rate is None else f"{rate:.1%}", f"of {held['mails_last_month']:,} mails"),
    )  # fmt: skip
    for row in (figures[:3], figures[3:]):
        for column, (title, figure, more) in zip(st.columns(3), row, strict=True):
            column.metric(title, figure, border=True, help=more or None)
            column.caption(more or " ")
    table(
        "jobs-by-state",
        [{"state": state, "jobs": count} for state, count in sorted(held["by_status"].items())]
        + [{"state": "shown under another source's post", "jobs": held["merged"]}],
        {"state": "State", "jobs": "Jobs"},
        expanded=False,
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


def _waiting(api: Api, operator: Operator) -> None:
    st.subheader("Waiting for a moderator")
    cases = api.cases(operator.token)
    if not cases:
        st.info(
            "Nothing waits: first jobs of new employers and reported jobs appear here.",
            icon=":material/inbox:",
        )
        return
    names = {case["id"]: f"{case['title']}, {case['company']} ({case['status']})" for case in cases}
    table(
        "waiting-jobs",
        [case | {"flags": "; ".join(case["flags"]), "reports": "; ".join(case["reports"])} for case in cases],
        {"title": "Job", "company": "Employer", "status": "State", "flags": "Signs", "reports": "Reports"},
    )
    with st.form("decide"):
        chosen = st.multiselect("Jobs", list(names), format_func=lambda one: names[one], key="cases")
        decision = st.selectbox(
            "Decision", list(DECISIONS), format_func=lambda one: DECISIONS[one], key="decision"
        )
        reason = st.text_input("Why (the employers read it)", max_chars=300, key="reason")
        sent = st.form_submit_button("Decide", type="primary")
    st.caption(
        "Each decision is in the job's history, with you and the reason. [Read the texts](/careers/moderation)"
    )
    if not sent:
        return
    if not chosen:
        st.info("Choose jobs first.", icon=":material/checklist:")
        return
    if decision in NEEDS_REASON and not reason.strip():
        st.error("Say why: the employers read it.", icon=":material/error:")
        return
    done = api.moderate(chosen, str(decision), reason, operator.token)
    failed = [f"{names[one]}: {said}" for one, said in done.items() if said.startswith("not done")]
    st.session_state["moderated"] = f"{len(done) - len(failed)} decided. " + " ".join(failed)
    st.rerun()


def _funnel(api: Api, chosen: Filters, held: Mapping[str, Any]) -> None:
    st.subheader("From a view to an application")
    # Robots are counted under a plan of their own.
    counted = api.usage(
        product="careers", group_by="metric", plan=chosen.wanted_plans or list(filters.PLANS), **chosen.span
    ).rows
    people = {row["metric"]: (row["count"], row["principals"]) for row in counted}
    viewed, applied = (people.get(name, (0, 0)) for name in ("job.viewed", "application.submitted"))
    if not viewed[0] and not applied[0]:
        st.info("Nobody looked at a job in this time.", icon=":material/hourglass_empty:")
        return
    stages: Mapping[str, int] = held["applications"]
    rows = [
        {"step": "Looked at a job", "people": viewed[1]},
        {"step": "Applied", "people": applied[1]},
        {
            "step": "Came to an interview or offer",
            "people": stages.get("interview", 0) + stages.get("offer", 0),
        },
    ]
    rows = [row | {"text": f"{row['people']:,}"} for row in rows]
    st.altair_chart(charts.bars_with_figures(rows, "step", "people", "text"), width="stretch")
    st.caption(
        f"People; {viewed[0]:,} views (one a person, job and day) and {applied[0]:,} applications, here and on "
        "employers' own sites. The last step is of applications of the last 30 days."
    )
    table("job-funnel", rows, {"step": "Step", "people": "People"}, expanded=False)


def _mails(held: Mapping[str, Any]) -> None:
    st.subheader("Reports and alerts")
    table(
        "job-reports",
        [{"what": f"Reports: {kind}", "count": count} for kind, count in held["reports_last_month"].items()]
        + [
            {"what": f"Applications: {stage}", "count": count}
            for stage, count in held["applications"].items()
        ]
        + [{"what": f"Alerts on, {often}", "count": count} for often, count in held["alerts_on"].items()],
        {"what": "Last 30 days", "count": "Count"},
    )
