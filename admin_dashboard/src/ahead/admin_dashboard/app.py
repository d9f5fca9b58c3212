"""The dashboard: checks who asks at every rerun, then shows the page that was chosen."""

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import Page

from ahead.admin_dashboard import header
from ahead.admin_dashboard.api import Api, make_client
from ahead.admin_dashboard.session import Operator, Refused, browser_session, who_asks
from ahead.admin_dashboard.settings import Settings
from ahead.admin_dashboard.views import (
    accounts,
    casepilot,
    catalogue,
    closed,
    consultant,
    jobs,
    overview,
    pipeline,
)
from ahead.shared.settings import load

TITLE = "Coding Ahead dashboard"


@st.cache_resource
def settings() -> Settings:
    return load(Settings)


@st.cache_resource(on_release=lambda held: held.close())
def api() -> Api:
    return Api(settings(), make_client(settings()))


def check() -> Operator | Refused:
    """Never cached: what was true at the last click may be over."""
    shared = settings().shared
    with make_client(settings()) as client:
        return who_asks(client, shared.peers.get("accounts", ""), browser_session(shared))


def pages_for(asking: Operator | Refused) -> list[Page]:
    """The same addresses for everybody, so that a click after the session's end lands on the closed door."""

    def guarded(show: Callable[[Operator], None]) -> Callable[[], None]:
        return lambda: closed.show(asking.reason) if isinstance(asking, Refused) else show(asking)

    return [
        st.Page(
            guarded(lambda _: overview.show(api())),
            title="Overview",
            icon=":material/bar_chart:",
            url_path="overview",
            default=True,
        ),
        st.Page(
            guarded(lambda operator: pipeline.show(api(), settings(), operator)),
            title="Pipeline health",
            icon=":material/conveyor_belt:",
            url_path="pipeline",
        ),
        st.Page(
            guarded(lambda operator: catalogue.show(api(), operator)),
            title="Catalogue",
            icon=":material/menu_book:",
            url_path="catalogue",
        ),
        st.Page(
            guarded(lambda operator: casepilot.show(api(), operator)),
            title="CasePilot",
            icon=":material/forum:",
            url_path="casepilot",
        ),
        st.Page(
            guarded(lambda operator: consultant.show(api(), operator)),
            title="CaseConsultant",
            icon=":material/forward_to_inbox:",
            url_path="consultant",
        ),
        st.Page(
            guarded(lambda operator: jobs.show(api(), operator)),
            title="Job board",
            icon=":material/work:",
            url_path="jobs",
        ),
        st.Page(
            guarded(lambda operator: accounts.show(api(), operator)),
            title="Accounts",
            icon=":material/group:",
            url_path="accounts",
        ),
    ]


def main() -> None:
    st.set_page_config(page_title=TITLE, page_icon=":material/monitoring:", layout="wide")
    asking = check()
    header.show(settings().shared)
    if isinstance(asking, Refused):
        st.navigation(pages_for(asking), position="hidden").run()
        return
    page = st.navigation(pages_for(asking))
    with st.sidebar:
        st.text(f"Logged in as {asking.email}")
        st.markdown("[Back to the site](/) · [Your account](/account)")
    page.run()


main()
