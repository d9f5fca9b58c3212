"""The services' interfaces as the pages need them: synchronous, with clear errors and no surprises.

Streamlit runs a page in a thread without an event loop, so the client is a synchronous one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from ahead.admin_dashboard.settings import SERVICE, Settings
from ahead.shared.auth.service_client import ServiceAuth
from ahead.shared.errors import Problem

# More rows than a person reads; what lies beyond is said, not shown.
MAX_ROWS = 10_000
PAGE = 1_000
UPLOAD_TIMEOUT_S = 120.0
NAMES = {
    "accounts": "Accounts",
    "lookup": "Case2Code",
    "assistant": "CasePilot",
    "consultant": "CaseConsultant",
    "careers": "CareerCenter",
    "metering": "Metering",
}


class ApiError(Exception):
    """A service didn't answer, or said no; the text is for the operator."""


@dataclass(frozen=True)
class Rows:
    """Rows of an answer; `complete` is False when there were more than are shown."""

    rows: list[dict[str, Any]]
    complete: bool = True


def make_client(settings: Settings) -> httpx.Client:
    """For requests inside the platform: no proxies, no cookies kept."""
    return httpx.Client(timeout=settings.timeout_s, trust_env=False, follow_redirects=False)


def name_of(service: str) -> str:
    return NAMES.get(service, service.title())


def services_of(settings: Settings) -> list[str]:
    """The services installed, without the dashboard itself."""
    return sorted(name for name in settings.shared.peers if name not in (SERVICE, "admin"))


class Api:
    """One per process; the operator's token is given with each call and never kept."""

    def __init__(self, settings: Settings, client: httpx.Client) -> None:
        self._peers = settings.shared.peers
        self._client = client
        self._reading = ServiceAuth(
            self._peers.get("accounts", ""), SERVICE, settings.service_key, ["metering:read"]
        )

    def close(self) -> None:
        self._client.close()

    def usage(self, **params: Any) -> Rows:
        """All pages of ``/usage``, up to MAX_ROWS rows."""
        rows: list[dict[str, Any]] = []
        asked: dict[str, Any] = {name: value for name, value in params.items() if value} | {"limit": PAGE}
        while True:
            answer = self._metering("usage", asked)
            rows += answer["rows"]
            if not answer["next"]:
                return Rows(rows)
            if len(rows) >= MAX_ROWS:
                return Rows(rows, complete=False)
            asked["next"] = answer["next"]

    def top(self, limit: int, **params: Any) -> list[dict[str, Any]]:
        """The first rows of ``/usage``: without a time among the groups those with the largest counts."""
        asked = {name: value for name, value in params.items() if value} | {"limit": limit}
        return self._metering("usage", asked)["rows"]

    def funnel(self, **params: Any) -> dict[str, Any]:
        return self._metering("funnel", params)

    def searches(self, **params: Any) -> list[dict[str, Any]]:
        asked = {name: value for name, value in params.items() if value}
        return self._metering("searches", asked)["rows"]

    def corrections(self) -> list[dict[str, Any]]:
        return self._metering("corrections", {})["rows"]

    def health(self, service: str, token: str) -> dict[str, Any]:
        return self._ops("GET", service, "health", token)

    def dead_letters(self, service: str, token: str) -> list[dict[str, Any]]:
        """The newest dead letters; services answer a list, or an object with `rows`."""
        answer = self._ops("GET", service, "dead-letters", token, params={"limit": 100})
        return answer["rows"] if isinstance(answer, Mapping) else answer

    def decide(self, service: str, key: str, action: str, token: str) -> Any:
        """`retry` or `discard` a dead letter."""
        return self._ops("POST", service, f"dead-letters/{quote(key, safe='')}/{action}", token)

    def mail_figures(self, days: int, token: str) -> dict[str, Any]:
        """What became of CaseConsultant's mail and inquiries in so many days."""
        return self._ops("GET", "consultant", "figures", token, params={"days": days})

    def allow_mail(self, address: str, token: str) -> dict[str, Any]:
        """Mail an address again that mail came back from."""
        return self._ops("POST", "consultant", "suppressed/lift", token, json={"address": address})

    def plan(self, email: str, token: str) -> dict[str, Any]:
        return self._ops("GET", "accounts", "plans", token, params={"email": email})

    def set_plan(self, email: str, plan: str, token: str) -> dict[str, Any]:
        return self._ops("POST", "accounts", "plans", token, json={"email": email, "plan": plan})

    def answers(self, token: str, **span: str) -> dict[str, Any]:
        """CasePilot's own counts of questions and answers: `from` and `to` are days (UTC)."""
        return self._ops("GET", "assistant", "figures", token, params=span)

    def releases(self, token: str) -> dict[str, Any]:
        """Releases that Case2Code holds: `as_of` and `rows`."""
        return self._ops("GET", "lookup", "catalog/releases", token)

    def loads(self, token: str) -> list[dict[str, Any]]:
        return self._ops("GET", "lookup", "catalog/loads", token)["rows"]

    def import_files(self, token: str) -> list[dict[str, Any]]:
        return self._ops("GET", "lookup", "catalog/files", token)["rows"]

    def upload(self, name: str, content: bytes, token: str) -> dict[str, Any]:
        path = f"catalog/files/{quote(name, safe='')}"
        return self._ops("PUT", "lookup", path, token, content=content, timeout=UPLOAD_TIMEOUT_S)

    def ask_load(self, asked: Mapping[str, Any], token: str) -> dict[str, Any]:
        return self._ops("POST", "lookup", "catalog/loads", token, json=dict(asked))

    def board(self, token: str) -> dict[str, Any]:
        """The job board in figures."""
        return self._ops("GET", "careers", "numbers", token)

    def cases(self, token: str) -> list[dict[str, Any]]:
        """Jobs that wait for a moderator."""
        return self._ops("GET", "careers", "moderation", token)

    def moderate(self, jobs: Sequence[str], decision: str, reason: str, token: str) -> dict[str, str]:
        """By job its state afterwards, or why nothing was done with it."""
        asked = {"jobs": list(jobs), "decision": decision, "reason": reason}
        return self._ops("POST", "careers", "moderation/decisions", token, json=asked)

    def _metering(self, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
        if "accounts" not in self._peers:
            raise ApiError("Accounts is not installed here, so metering can't be asked.")
        return self._ask("GET", "metering", f"/api/metering/v1/{path}", params=params, auth=self._reading)

    def _ops(self, method: str, service: str, path: str, token: str, **kwargs: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return self._ask(method, service, f"/api/{service}/v1/ops/{path}", headers=headers, **kwargs)

    def _ask(self, method: str, service: str, path: str, **kwargs: Any) -> Any:
        if service not in self._peers:
            raise ApiError(f"{name_of(service)} is not installed here.")
        try:
            answer = self._client.request(method, self._peers[service] + path, **kwargs)
            if answer.is_success:
                return answer.json()
        except Problem as error:
            raise ApiError(" ".join(part for part in (error.detail, error.hint) if part)) from error
        except (httpx.HTTPError, ValueError) as error:
            raise ApiError(f"{name_of(service)} doesn't answer.") from error
        raise ApiError(_said(service, answer))


def _said(service: str, answer: httpx.Response) -> str:
    """What a service gives as its reason, else the status."""
    try:
        problem = answer.json()
        texts: Sequence[Any] = (problem.get("detail") or problem.get("title"), problem.get("hint"))
        text = " ".join(str(part) for part in texts if part)
    except (ValueError, AttributeError):
        text = ""
    return text or f"{name_of(service)} answered with status {answer.status_code}."
