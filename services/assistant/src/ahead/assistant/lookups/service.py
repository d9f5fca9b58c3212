"""Case2Code's public API: the only way in which CasePilot reads a code."""

from datetime import date
from typing import Any

import httpx

from ahead.assistant.settings import SERVICE, Settings
from ahead.shared.auth.principal import Principal
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.errors import Unavailable

_TRIES = 2
# Comparing two editions reads both whole, the first time that it is asked.
_SLOW = {"release-diff": 5.0}


class Lookup:
    """Raises Unavailable where Case2Code doesn't answer; what it doesn't hold is None."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._seconds = settings.lookup_seconds
        self._client = ServiceClient(
            settings.shared,
            SERVICE,
            settings.service_key,
            ["lookup:read-all"],
            timeout=settings.lookup_seconds,
            transport=transport,
        )

    async def aclose(self) -> None:
        await self._client.aclose()

    async def search(
        self, principal: Principal, words: str, as_of: date, limit: int = 5, system: str = ""
    ) -> dict[str, Any]:
        params = {"q": words, "as_of": as_of.isoformat(), "limit": limit} | (
            {"system": system} if system else {}
        )
        found = await self._get(principal, "/search", params)
        return found or {"hits": []}

    async def section(
        self, principal: Principal, system: str, code: str, key: str, as_of: date
    ) -> dict[str, Any] | None:
        """One of the eight sections of a code's page; else as `code`."""
        return await self._get(principal, f"/codes/{system}/{code}/{key}", {"as_of": as_of.isoformat()})

    async def tool(self, principal: Principal, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """A tool's answer; `{"problem": why}` where it can't be looked up so, or no edition is held."""
        timeout = self._seconds * _SLOW.get(name, 1.0)
        response = await self._asked("POST", "/tools/" + name, principal, json=body, timeout=timeout)
        if response.status_code in (400, 404, 422):
            problem = response.json()
            return {
                "problem": problem.get("detail", "That can't be looked up."),
                "slug": problem.get("type", ""),
            }
        return response.json()

    async def code(self, principal: Principal, system: str, code: str, as_of: date) -> dict[str, Any] | None:
        """The whole page as JSON, every fact with its receipt; `{"problem": why}` where no edition is held."""
        return await self._get(principal, f"/codes/{system}/{code}", {"as_of": as_of.isoformat()})

    async def _get(self, principal: Principal, path: str, params: dict[str, Any]) -> dict[str, Any] | None:
        response = await self._asked("GET", path, principal, params=params)
        if response.status_code == 404 and "no-edition-held" in response.text:
            # Told apart from "no such code": nobody may say that it isn't valid then.
            return {"problem": response.json()["detail"]}
        return None if response.status_code >= 400 else response.json()

    async def _asked(self, method: str, path: str, principal: Principal, **kwargs: Any) -> httpx.Response:
        """Once more where it failed; a status that says no (400, 404, 422) is an answer.

        Raises:
            Unavailable: it doesn't answer, or it refuses.
        """
        for attempt in range(1, _TRIES + 1):
            last = attempt == _TRIES
            try:
                response = await self._client.request(
                    method, "lookup", "/api/lookup/v1" + path, on_behalf_of=principal, **kwargs
                )
            except Unavailable:
                if last:
                    raise
                continue
            if response.status_code in (200, 400, 404, 422):
                return response
            if last or response.status_code < 500:
                break
        raise Unavailable("Case2Code doesn't answer just now.")
