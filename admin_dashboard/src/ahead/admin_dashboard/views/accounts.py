"""One account: its plan, and changing it."""

import streamlit as st

from ahead.admin_dashboard.api import Api, ApiError
from ahead.admin_dashboard.session import Operator

PLANS = ("free", "pro")


def show(api: Api, operator: Operator) -> None:
    st.title("Accounts")
    st.caption("Look an account up by its e-mail address. Every change of a plan is recorded with your name.")
    with st.form("find"):
        email = st.text_input("E-mail address", key="email", max_chars=254)
        if st.form_submit_button("Look up"):
            st.session_state["looked_up"] = email.strip()
    looked_up = st.session_state.get("looked_up", "")
    if not looked_up:
        return
    if changed := st.session_state.pop("plan_changed", ""):
        st.success(changed, icon=":material/check:")
    try:
        account = api.plan(looked_up, operator.token)
    except ApiError as error:
        st.warning(str(error), icon=":material/person_search:")
        return
    plan = account["plan"]
    facts = (
        ("Account", account["account"]),
        ("Plan", plan),
        ("Roles", ", ".join(account["roles"]) or "none"),
        ("E-mail confirmed", "yes" if account["confirmed"] else "not yet"),
    )
    for name, value in facts:
        st.text(f"{name}: {value}")
    with st.form("change"):
        wanted = st.selectbox("New plan", PLANS, index=PLANS.index(plan) if plan in PLANS else 0, key="plan")
        sent = st.form_submit_button("Change the plan")
    if not sent:
        return
    if wanted == plan:
        st.info(f"{looked_up} has the plan {plan} already.")
        return
    try:
        api.set_plan(looked_up, wanted, operator.token)
    except ApiError as error:
        st.error(str(error), icon=":material/error:")
        return
    st.session_state["plan_changed"] = (
        f"The plan is {wanted} now. Where the account is logged in, it counts within five minutes."
    )
    st.rerun()
