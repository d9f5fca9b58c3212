"""CaseConsultant: how much is asked, how fast and by whom it is answered, what is held, what came back."""

from typing import Any

import streamlit as st

from ahead.admin_dashboard.api import Api, ApiError
from ahead.admin_dashboard.charts import bars_with_figures
from ahead.admin_dashboard.session import Operator
from ahead.admin_dashboard.tables import table

DAYS = {"7 days": 7, "30 days": 30, "92 days": 92}
FATES = {
    "taken": "Taken as a message to answer",
    "machine": "From a machine, never answered",
    "unverified": "Sender not shown to be real",
    "held": "Held",
    "invited": "Invited to register",
    "duplicate": "The same again",
    "suppressed": "From an address that gets no mail",
    "not read yet": "Not read yet",
}


def show(api: Api, operator: Operator) -> None:
    st.title("CaseConsultant")
    st.caption(
        "Questions by e-mail and on the page. Times and counts only: who wrote what is on the experts' desk."
    )
    span = st.segmented_control("Span", list(DAYS), default="30 days", key="mail-days") or "30 days"
    try:
        told = api.mail_figures(DAYS[span], operator.token)
    except ApiError as error:
        st.warning(str(error), icon=":material/cloud_off:")
        return
    _headline(told)
    _mail(told)
    _days(told)
    _masked(told)
    _suppressed(api, told, operator)


def _headline(told: dict[str, Any]) -> None:
    replies, share, wait = told["replies"], told["automatic_share"], told["answer_s"]
    one, two, three, four = st.columns(4)
    one.metric("Inquiries", f"{sum(told['inquiries'].values()):,}")
    two.metric("Replies", f"{sum(replies.values()):,}", help="Automatic ones and those of coders.")
    three.metric("Automatic share", "–" if share is None else f"{share:.0%}")
    four.metric(
        "Time to answer, median", _duration(wait["median"]), help=f"95th percentile: {_duration(wait['p95'])}"
    )
    one, two, three, four = st.columns(4)
    one.metric("With a coder now", f"{told['queue']:,}")
    two.metric("Promise over", f"{told['overdue']:,}", help="Waiting longer than was promised.")
    three.metric("Promises kept", f"{told['kept']:,} of {told['kept'] + told['broken']:,}")
    four.metric("Mails given up", f"{told['mails'].get('given up', 0):,}")
    if told["overdue"]:
        st.warning(f"{told['overdue']:,} wait longer than was promised.", icon=":material/timer_off:")


def _mail(told: dict[str, Any]) -> None:
    st.subheader("What became of the mail")
    fates = [
        {"what": FATES.get(name, name), "count": count, "text": f"{count:,}"}
        for name, count in sorted(told["fates"].items(), key=lambda one: -one[1])
    ]
    if not fates:
        st.info("No mail came in.", icon=":material/inbox:")
        return
    st.altair_chart(bars_with_figures(fates, "what", "count", "text"), width="stretch")
    reasons = [{"reason": reason, "count": count} for reason, count in told["reasons"]]
    table(
        "mail-reasons",
        reasons,
        {"reason": "Why it was held or not answered", "count": "Mails"},
        expanded=False,
    )


def _days(told: dict[str, Any]) -> None:
    st.subheader("By day")
    columns = {
        "day": "Day",
        "received": "Messages",
        "automatic": "Automatic",
        "expert": "By a coder",
        "escalated": "Handed over",
    }
    rows = [{name: day.get(name, 0) for name in columns} for day in reversed(told["days"])]
    if rows:
        table("mail-by-day", rows, columns)
    else:
        st.info("Nothing was asked.", icon=":material/event_available:")


def _masked(told: dict[str, Any]) -> None:
    st.subheader("Details masked")
    st.caption(
        "What may say who a patient is, taken out before anything read it: how many of each kind, never what."
    )
    rows = [{"kind": kind, "count": count, "text": f"{count:,}"} for kind, count in told["masked"].items()]
    if rows:
        st.altair_chart(bars_with_figures(rows, "kind", "count", "text"), width="stretch")
    else:
        st.info("None.", icon=":material/shield:")


def _suppressed(api: Api, told: dict[str, Any], operator: Operator) -> None:
    st.subheader("Addresses that get no mail")
    bounced, complained = told["suppressed"].get("bounced", 0), told["suppressed"].get("complained", 0)
    st.caption(
        f"{bounced:,} because mail came back, {complained:,} because somebody complained. They are kept by names that"
        " can't be read; write an address to mail it again."
    )
    with st.form("allow-mail", clear_on_submit=True):
        address = st.text_input("E-mail address", max_chars=254)
        if st.form_submit_button("Mail it again") and address.strip():
            try:
                api.allow_mail(address.strip(), operator.token)
            except ApiError as error:
                st.warning(str(error), icon=":material/error:")
            else:
                st.success("This address gets mail again.", icon=":material/check:")
    st.caption("Jobs that were given up are on the page Pipeline health, to try again or to discard.")


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 90:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3600:.1f} h"
