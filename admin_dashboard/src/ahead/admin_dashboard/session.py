"""Who is at the dashboard: asked of accounts at every rerun, so that a revoked session ends at the next click."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import httpx
import streamlit as st

from ahead.shared.auth.accounts_port import SESSION_TOKENS_PATH
from ahead.shared.auth.cookies import CookieJar
from ahead.shared.settings import SharedSettings

SESSION_PATH = "/api/accounts/v1/session"
ROLE = "ops"


class Reason(Enum):
    """Why the dashboard stays closed."""

    LOGGED_OUT = "logged out"
    WRONG_ROLE = "wrong role"
    UNREACHABLE = "accounts does not answer"
    NOT_INSTALLED = "accounts is not installed"


@dataclass(frozen=True)
class Operator:
    """Somebody with the role ops, and the short token that speaks for them to the services."""

    email: str
    token: str


@dataclass(frozen=True)
class Refused:
    reason: Reason


def browser_session(settings: SharedSettings) -> str:
    """The session cookie that the browser opened the dashboard with; empty without one."""
    cookies: Mapping[str, str] = st.context.cookies
    value = cookies.get(CookieJar(settings).session, "")
    return value if 20 <= len(value) <= 200 and value.isascii() else ""


def who_asks(client: httpx.Client, accounts_url: str, session: str) -> Operator | Refused:
    """Exchange the session for a token, then ask whose it is and which roles it has now.

    Accounts looks both up in its database: a session revoked or a role taken back a second ago counts.
    """
    if not accounts_url:
        return Refused(Reason.NOT_INSTALLED)
    if not session:
        return Refused(Reason.LOGGED_OUT)
    try:
        issued = client.post(accounts_url + SESSION_TOKENS_PATH, json={"session": session})
        if issued.status_code in (400, 401, 403):
            return Refused(Reason.LOGGED_OUT)
        token = str(issued.raise_for_status().json()["token"])
        answer = client.get(accounts_url + SESSION_PATH, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code in (401, 403):
            return Refused(Reason.LOGGED_OUT)
        who = answer.raise_for_status().json()
        if ROLE not in who["roles"]:
            return Refused(Reason.WRONG_ROLE)
        return Operator(str(who["email"]), token)
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return Refused(Reason.UNREACHABLE)
