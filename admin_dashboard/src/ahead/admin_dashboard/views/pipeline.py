"""Is everything counted, and does anything wait for a decision?"""

from typing import Any

import streamlit as st

from ahead.admin_dashboard.api import Api, ApiError, name_of, services_of
from ahead.admin_dashboard.session import Operator
from ahead.admin_dashboard.settings import Settings
from ahead.admin_dashboard.tables import table

# Above these an operator should look.
OUTBOX_S = 30
LAG = 5_000


def show(api: Api, settings: Settings, operator: Operator) -> None:
    st.title("Pipeline health")
    st.caption(
        "An event goes from a service's outbox over the event stream to metering. Figures are of this moment."
    )
    # Any click reruns the page: nothing is kept from the last time.
    st.button("Refresh", icon=":material/refresh:")
    if done := st.session_state.pop("decided", ""):
        st.success(done, icon=":material/check:")
    names = services_of(settings)
    states = [_state(api, name, operator) for name in names]
    _summary(states)
    table(
        "pipeline-health",
        states,
        {
            "title": "Service",
            "state": "State",
            "outbox": "Oldest unsent event",
            "lag": "Not counted yet",
            "letters": "Dead letters",
            "jobs": "Open jobs",
            "dropped": "Dropped analytics",
        },
        note="A dash means that the service has no such thing, or didn't say.",
    )
    st.subheader("Dead letters")
    st.caption("Messages and jobs that could not be dealt with. They stay until somebody decides.")
    waiting = [state for state in states if state["reached"] and state["dead_letters"]]
    if not waiting:
        st.info("None. What can't be dealt with will wait here.", icon=":material/inbox:")
    for state in waiting:
        _letters(api, str(state["name"]), operator)
    _corrections(api)


def _state(api: Api, name: str, operator: Operator) -> dict[str, Any]:
    try:
        health = api.health(name, operator.token)
    except ApiError as error:
        return {
            "name": name,
            "title": name_of(name),
            "state": str(error),
            "reached": False,
            "dead_letters": 0,
        }
    age, lag = float(health.get("outbox_age_s") or 0), health.get("stream_lag")
    queues: dict[str, int] = health.get("queues") or {}
    remarks: list[str] = []
    if age > OUTBOX_S:
        remarks.append("events wait")
    if lag is not None and lag > LAG:
        remarks.append("counting is behind")
    if name == "metering" and lag is None:
        remarks.append("the event stream doesn't answer")
    remarks += [str(said) for said in health.get("remarks") or ()]
    said = "; ".join(remarks)
    return {
        "name": name,
        "title": name_of(name),
        "reached": True,
        "state": said[:1].upper() + said[1:] or "All well",
        "dead_letters": health.get("dead_letters", 0),
        "outbox": "none waits" if age == 0 else f"{age:,.1f} s",
        "lag": "–" if lag is None or name != "metering" else f"{lag:,}",
        "letters": f"{health.get('dead_letters', 0):,}",
        "jobs": ", ".join(f"{queue} {count:,}" for queue, count in sorted(queues.items()) if count) or "none",
        "dropped": f"{health.get('dropped', 0):,}",
        "well": not remarks,
    }


def _summary(states: list[dict[str, Any]]) -> None:
    lost = [state["title"] for state in states if not state["reached"]]
    troubled = [state["title"] for state in states if state["reached"] and not state["well"]]
    letters = sum(int(state["dead_letters"]) for state in states)
    if lost:
        st.error(f"Not reached: {', '.join(lost)}.", icon=":material/cloud_off:")
    if troubled:
        st.warning(f"Worth a look: {', '.join(troubled)}.", icon=":material/warning:")
    if letters:
        st.warning(
            f"{letters:,} dead letter{'s' if letters != 1 else ''} to decide about.", icon=":material/mail:"
        )
    if states and not (lost or troubled or letters):
        st.success("Everything runs, nothing waits.", icon=":material/check_circle:")


def _letters(api: Api, service: str, operator: Operator) -> None:
    st.markdown(f"**{name_of(service)}**")
    try:
        rows = api.dead_letters(service, operator.token)
    except ApiError as error:
        st.warning(str(error), icon=":material/cloud_off:")
        return
    for row in rows:
        what = str(row.get("subject") or row.get("actor") or "")
        with st.expander(f"{_plain(row.get('reason') or 'no reason given')[:120]} · {_plain(what)}"):
            st.text(row.get("reason") or "No reason given.")
            st.caption(
                _plain(
                    " · ".join(
                        f"{key.replace('_', ' ')}: {row[key]}"
                        for key in ("buried_at", "created_at", "sequence", "attempts", "size")
                        if row.get(key) is not None
                    )
                )
            )
            if row.get("body"):
                st.code(str(row["body"]), language=None, wrap_lines=True)
            again, away, _ = st.columns([1, 1, 4])
            key = str(row["id"])
            if again.button("Try again", key=f"retry-{service}-{key}"):
                _decide(api, service, key, "retry", operator)
            if away.button("Discard", key=f"discard-{service}-{key}", help="It is gone for good."):
                _decide(api, service, key, "discard", operator)
    columns = {"id": "Id", "reason": "Reason", "subject": "Subject", "actor": "Job", "body": "Message"}
    held = {key: title for key, title in columns.items() if any(row.get(key) for row in rows)}
    table(f"dead-letters-{service}", rows, held, expanded=False)


def _plain(text: Any) -> str:
    """Text of strangers in a place where Streamlit reads Markdown: nothing of it may count as such."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-!|:$~&" else sign for sign in str(text))


def _decide(api: Api, service: str, key: str, action: str, operator: Operator) -> None:
    try:
        answer = api.decide(service, key, action, operator.token)
    except ApiError as error:
        st.error(str(error), icon=":material/error:")
        return
    outcome = str(answer.get("outcome") or answer.get("status") or "done")
    st.session_state["decided"] = f"{name_of(service)}: {outcome}."
    st.rerun()


def _corrections(api: Api) -> None:
    st.subheader("Corrections of closed periods")
    try:
        rows = api.corrections()
    except ApiError as error:
        st.warning(str(error), icon=":material/cloud_off:")
        return
    if not rows:
        st.info(
            "None. An event that arrives after its month has closed is counted in its own month and listed here.",
            icon=":material/event_available:",
        )
        return
    table(
        "closed-period-corrections",
        rows,
        {
            "period": "Month",
            "product": "Product",
            "metric": "Metric",
            "plan": "Plan",
            "events": "Events",
            "count": "Count",
            "last_recorded_at": "Last (UTC)",
        },
    )
