"""The dashboard: checks who asks at every rerun, then shows the page that was chosen."""

import streamlit as st

from ahead.admin_dashboard.api import Api, make_client
from ahead.admin_dashboard.pages import accounts, closed, overview, pipeline
from ahead.admin_dashboard.session import Operator, Refused, browser_session, who_asks
from ahead.admin_dashboard.settings import Settings
from ahead.shared.settings import load

TITLE = "Coding Ahead dashboard"


@st.cache_resource
def settings() -> Settings:
    return load(Settings)


@st.cache_resource
def api() -> Api:
    return Api(settings(), make_client(settings()))


def check() -> Operator | Refused:
    """Never cached: what was true at the last click may be over."""
    shared = settings().shared
    with make_client(settings()) as client:
        return who_asks(client, shared.peers.get("accounts", ""), browser_session(shared))


def main() -> None:
    st.set_page_config(page_title=TITLE, page_icon=":material/monitoring:", layout="wide")
    asking = check()
    if isinstance(asking, Refused):
        st.navigation([st.Page(lambda: closed.show(asking.reason), title=TITLE)], position="hidden").run()
        return
    operator = asking
    page = st.navigation(
        [
            st.Page(
                lambda: overview.show(api()),
                title="Overview",
                icon=":material/bar_chart:",
                url_path="overview",
                default=True,
            ),
            st.Page(
                lambda: pipeline.show(api(), settings(), operator),
                title="Pipeline health",
                icon=":material/conveyor_belt:",
                url_path="pipeline",
            ),
            st.Page(
                lambda: accounts.show(api(), operator),
                title="Accounts",
                icon=":material/group:",
                url_path="accounts",
            ),
        ]
    )
    with st.sidebar:
        st.caption(f"Logged in as {operator.email}")
        st.markdown("[Back to the site](/) · [Your account](/account)")
    page.run()


main()
