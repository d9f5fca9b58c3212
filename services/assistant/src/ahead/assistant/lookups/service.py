"""Case2Code's public API: the only way in which CasePilot reads a code."""

from datetime import date
from typing import Any

import httpx

from ahead.assistant.settings import SERVICE, Settings
from ahead.shared.auth.principal import Principal
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.errors import Unavailable

_TRIES = 2


class Lookup:
    """Raises Unavailable where Case2Code doesn't answer; what it doesn't hold is None."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
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

    async def search(self, principal: Principal, words: str, as_of: date, limit: int = 5) -> dict[str, Any]:
        found = await self._get(
            principal, "/search", {"q": words, "as_of": as_of.isoformat(), "limit": limit}
        )
        return found or {"hits": []}

    async def code(self, principal: Principal, system: str, code: str, as_of: date) -> dict[str, Any] | None:
        """The whole page as JSON, every fact with its receipt; `{"problem": why}` where no edition is held."""
        return await self._get(principal, f"/codes/{system}/{code}", {"as_of": as_of.isoformat()})

    async def _get(self, principal: Principal, path: str, params: dict[str, Any]) -> dict[str, Any] | None:
        for attempt in range(1, _TRIES + 1):
            last = attempt == _TRIES
            try:
                response = await self._client.get(
                    "lookup", "/api/lookup/v1" + path, params=params, on_behalf_of=principal
                )
            except Unavailable:
                if last:
                    raise
                continue
            if response.status_code == 404 and "no-edition-held" in response.text:
                # Told apart from "no such code": nobody may say that it isn't valid then.
                return {"problem": response.json()["detail"]}
            if response.status_code in (400, 404):
                return None
            if response.status_code == 200:
                return response.json()
            if last or response.status_code < 500:
                break
        raise Unavailable("Case2Code doesn't answer just now.")
