"""What everybody sees who is no operator: nothing of the dashboard, and what to do."""

import streamlit as st

from ahead.admin_dashboard.session import Reason
from ahead.admin_dashboard.theme import accent

# The page's title, what it says, and where its link leads.
TEXTS: dict[Reason, tuple[str, str, tuple[str, str]]] = {
    Reason.LOGGED_OUT: (
        "Please log in",
        "The dashboard is for the operators of Coding Ahead. Log in with your staff account, then you come "
        "back to this page.",
        ("Log in", "/account/login?next=%2Fadmin"),
    ),
    Reason.WRONG_ROLE: (
        "This page is for operators",
        "You are logged in, but without the role ops in this session. If you have it, log in again with your "
        "authenticator code; else ask an operator to give it to you.",
        ("Go to your account", "/account"),
    ),
    Reason.UNREACHABLE: (
        "Accounts doesn't answer just now",
        "So nobody can be let in. It is usually back within seconds.",
        ("Try again", "/admin"),
    ),
    Reason.NOT_INSTALLED: (
        "Accounts is not installed here",
        "Without it nobody can log in, and the dashboard stays closed. Start it beside the dashboard, with "
        "AHEAD_URL_ACCOUNTS set.",
        ("Back to the site", "/"),
    ),
}


def show(reason: Reason) -> None:
    title, text, (label, target) = TEXTS[reason]
    st.title(title)
    st.write(text)
    # A link of the page's own tab, since it leaves the dashboard's paths.
    st.html(f'<a href="{target}" target="_self" style="color:{accent()};font-weight:600">{label}</a>')
