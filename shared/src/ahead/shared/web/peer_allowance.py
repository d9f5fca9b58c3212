"""The allowance line on pages of a service that doesn't hold the counts: asked of the one that does.

The visitor's own credentials go with the question, so the answer is what the visitor would get there. It is asked
once per page and inside the platform; a peer that doesn't answer at once leaves the line out, never the page.
"""

import time
from collections.abc import Callable
from datetime import date
from http.cookiejar import CookieJar as CookieStore
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpx
import msgspec
from litestar import Request

from ahead.shared.auth.cookies import CookieJar
from ahead.shared.logging import get_logger
from ahead.shared.settings import SharedSettings
from ahead.shared.web.allowance import Allowance

log = get_logger(__name__)

ALLOWANCE_PATH = "/api/lookup/v1/allowance"
_PEER = "lookup"
_TIMEOUT = httpx.Timeout(0.25)
_PAUSE_SECONDS = 2.0


class AllowanceAnswer(msgspec.Struct, frozen=True):
    """A visitor's code page views this month. ``limit`` and ``remaining`` null is unlimited."""

    plan: str
    limit: int | None
    used: int
    remaining: int | None
    more: int
    renews: date | None
    sentence: str

    @classmethod
    def of(cls, allowance: Allowance) -> "AllowanceAnswer":
        return cls(
            plan=allowance.plan,
            limit=allowance.limit,
            used=allowance.used,
            remaining=allowance.remaining,
            more=allowance.more,
            renews=allowance.renews,
            sentence=allowance.sentence,
        )

    def allowance(self) -> Allowance:
        return Allowance(self.plan, self.limit, self.used, more=self.more, renews=self.renews)


class PeerAllowance:
    """An `AllowanceProvider`. After a failure the peer is left alone for two seconds, so that pages stay quick."""

    def __init__(
        self,
        settings: SharedSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = settings.peers[_PEER] + ALLOWANCE_PATH
        self._jar = CookieJar(settings)
        # A jar that takes nothing: what is answered to one visitor must never go out with another's question.
        nothing = CookieStore(DefaultCookiePolicy(allowed_domains=[]))
        self._client = httpx.AsyncClient(
            trust_env=False, timeout=_TIMEOUT, cookies=nothing, transport=transport
        )
        self._monotonic = monotonic
        self._down_until = float("-inf")

    @classmethod
    def where_installed(
        cls, settings: SharedSettings, transport: httpx.AsyncBaseTransport | None = None
    ) -> "PeerAllowance | None":
        return cls(settings, transport=transport) if _PEER in settings.peers else None

    async def aclose(self) -> None:
        await self._client.aclose()

    async def __call__(self, request: Request[Any, Any, Any]) -> Allowance | None:
        if self._monotonic() < self._down_until:
            return None
        try:
            response = await self._client.get(self._url, headers=self._credentials(request))
            response.raise_for_status()
            return msgspec.json.decode(response.content, type=AllowanceAnswer).allowance()
        except (httpx.HTTPError, msgspec.MsgspecError) as error:
            self._down_until = self._monotonic() + _PAUSE_SECONDS
            log.warning("allowance.peer_down", error=type(error).__name__)
            return None

    def _credentials(self, request: Request[Any, Any, Any]) -> dict[str, str]:
        raw = request.scope["headers"]
        headers = {"Accept": "application/json"}
        own = self._jar.read(value for name, value in raw if name == b"cookie")
        if own:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in own.items())
        for name, value in raw:
            if name == b"authorization":
                headers["Authorization"] = value.decode("latin-1")
        return headers
