"""Calling a peer as a service: a token that renews itself, and the principal acted for.

``ServiceAuth`` is an ``httpx.Auth`` for synchronous clients (the dashboard) and asynchronous ones alike.
"""

import time
from collections.abc import Callable, Generator, Sequence
from types import TracebackType
from typing import Any, Self

import httpx

from ahead.shared.auth.principal import Principal
from ahead.shared.errors import Unavailable
from ahead.shared.settings import SharedSettings

SERVICE_TOKENS_PATH = "/api/accounts/v1/service-tokens"
PRINCIPAL_HEADER = "Ahead-Principal"
_RENEW_BEFORE_SECONDS = 60


class ServiceAuth(httpx.Auth):
    """Authorises requests with a service token, got from accounts with the service's key.

    Parallel requests may each renew once; accounts issues as many as asked for.
    """

    requires_response_body = True

    def __init__(
        self,
        accounts_url: str,
        service: str,
        key: str,
        scopes: Sequence[str],
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._url = accounts_url.rstrip("/") + SERVICE_TOKENS_PATH
        self._service = service
        self._key = key
        self._scopes = list(scopes)
        self._now = now
        self._token = ""
        self._expires_at = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        renewed = False
        if self._expires_at - _RENEW_BEFORE_SECONDS <= self._now():
            self._take((yield self._ask()))
            renewed = True
        request.headers["Authorization"] = f"Bearer {self._token}"
        response = yield request
        if response.status_code == 401 and not renewed:  # keys were changed under us
            self._take((yield self._ask()))
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _ask(self) -> httpx.Request:
        return httpx.Request(
            "POST",
            self._url,
            headers={"Authorization": f"Bearer {self._key}"},
            json={"service": self._service, "scopes": self._scopes},
        )

    def _take(self, response: httpx.Response) -> None:
        if response.status_code not in (200, 201):
            raise Unavailable(
                f"Accounts refused a service token to {self._service} (status {response.status_code}).",
                hint=f"Check AHEAD_{self._service.upper()}_SERVICE_KEY on both sides.",
            )
        issued: dict[str, Any] = response.json()
        self._token = str(issued["token"])
        self._expires_at = float(issued["expires_at"])


class ServiceClient:
    """Asynchronous client for peers. ``await client.get("metering", "/api/metering/v1/usage", params=...)``.

    Raises:
        Unavailable: when the peer isn't installed or doesn't answer; statuses of the peer are returned as is.
    """

    def __init__(
        self,
        settings: SharedSettings,
        service: str,
        key: str,
        scopes: Sequence[str],
        *,
        timeout: float = 10.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._peers = settings.peers
        self._auth = ServiceAuth(self._peers.get("accounts", ""), service, key, scopes)
        self._client = httpx.AsyncClient(timeout=timeout, trust_env=False, transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._client.aclose()

    def installed(self, peer: str) -> bool:
        return peer in self._peers and "accounts" in self._peers

    async def request(
        self,
        method: str,
        peer: str,
        path: str,
        *,
        on_behalf_of: Principal | str | None = None,
        **kwargs: Any,
    ) -> httpx.Response:
        """One call.

        Args:
            on_behalf_of: the principal, or its subject, that the call is made for.
            kwargs: as httpx takes them (params, json, headers, timeout).
        """
        if not self.installed(peer):
            raise Unavailable(f"{peer} is not installed here.", slug="not-installed")
        headers = httpx.Headers(kwargs.pop("headers", None))
        if on_behalf_of is not None:
            subject = on_behalf_of.subject if isinstance(on_behalf_of, Principal) else on_behalf_of
            headers[PRINCIPAL_HEADER] = subject
        try:
            return await self._client.request(
                method, self._peers[peer] + path, headers=headers, auth=self._auth, **kwargs
            )
        except httpx.HTTPError as error:
            raise Unavailable(f"{peer} doesn't answer just now.") from error

    async def get(self, peer: str, path: str, **kwargs: Any) -> httpx.Response:
        return await self.request("GET", peer, path, **kwargs)

    async def post(self, peer: str, path: str, **kwargs: Any) -> httpx.Response:
        return await self.request("POST", peer, path, **kwargs)
