"""Everything a web process needs to tell who is asking, put together once at its composition root."""

import time
from collections.abc import Callable, Sequence

import httpx
from litestar.datastructures import Cookie

from ahead.shared.auth.accounts_port import (
    JWKS_PATH,
    AccountsPort,
    AccountsUnreachable,
    ExchangeCache,
    HttpAccounts,
    IssuedToken,
    NoAccounts,
)
from ahead.shared.auth.cookies import CookieJar
from ahead.shared.auth.guests import GuestKeys
from ahead.shared.auth.principal import Principal
from ahead.shared.auth.tokens import (
    GRACE_SECONDS,
    ExpiredToken,
    InvalidToken,
    JwksSource,
    KeySource,
    KeysUnavailable,
    TokenVerifier,
)
from ahead.shared.logging import get_logger
from ahead.shared.settings import SharedSettings

API_KEY_PREFIX = "ahk_"
_TIMEOUT = httpx.Timeout(2.0, connect=1.0)
_SESSION_KEEP_SECONDS = 20
_API_KEY_KEEP_SECONDS = 60

log = get_logger(__name__)


class NoKeys:
    """Key source of a service without accounts."""

    async def keys(self) -> dict[str, object]:
        raise KeysUnavailable("accounts is not installed here")

    async def newer_keys(self) -> dict[str, object]:
        return {}


class Outcome:
    """Who it is, and the cookies that the answer has to set."""

    __slots__ = ("cookies", "principal")

    def __init__(self, principal: Principal, cookies: Sequence[Cookie] = ()) -> None:
        self.principal = principal
        self.cookies = cookies


class Identity:
    """Resolves cookies and Authorization headers into principals.

    One per process; ``await aclose()`` at shutdown. Nothing connects before the first token is seen.
    """

    def __init__(
        self,
        settings: SharedSettings,
        *,
        key_source: KeySource,
        accounts: AccountsPort,
        client: httpx.AsyncClient | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.cookies = CookieJar(settings)
        self.guests = GuestKeys(settings.guest_key)
        self.guest_key = settings.guest_key
        self.verifier = TokenVerifier(key_source, now=now)
        self._sessions = ExchangeCache(
            accounts.token_for_session, keep_seconds=_SESSION_KEEP_SECONDS, now=now
        )
        self._api_keys = ExchangeCache(
            accounts.token_for_api_key, keep_seconds=_API_KEY_KEEP_SECONDS, now=now
        )
        self._client = client
        if self.guests.ephemeral:
            log.warning("guest_key_missing", hint="without AHEAD_GUEST_KEY guests end with the process")

    @classmethod
    def from_settings(
        cls,
        settings: SharedSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], float] = time.time,
    ) -> "Identity":
        """For every service but accounts: asks accounts at AHEAD_URL_ACCOUNTS, if that is set.

        Args:
            transport: how accounts is reached, where not by the network.
        """
        base_url = settings.peers.get("accounts", "")
        if not base_url:
            return cls(settings, key_source=NoKeys(), accounts=NoAccounts(), now=now)  # type: ignore[arg-type]
        # The answers of accounts never depend on cookies, and none of ours may be kept in this client.
        client = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, transport=transport)
        return cls(
            settings,
            key_source=JwksSource(base_url + JWKS_PATH, client),
            accounts=HttpAccounts(base_url, client),
            client=client,
            now=now,
        )

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def for_bearer(self, credential: str, on_behalf_of: str | None) -> Principal:
        """The principal of an Authorization header.

        Raises:
            InvalidToken: forged, expired, revoked or unreadable.
            KeysUnavailable, AccountsUnreachable: it can't be judged now.
        """
        token = credential
        if credential.startswith(API_KEY_PREFIX):
            if len(credential) > 200:
                raise InvalidToken("not an API key")
            issued = await self._api_keys.get(credential)
            if issued is None:
                raise InvalidToken("unknown API key")
            token = issued.token
        principal = self.verifier.remembered(token)
        if principal is None:
            principal = await self.verifier.verify(token)
        if on_behalf_of is not None and principal.kind == "service":
            return _acting_for(principal, on_behalf_of)
        return principal

    async def for_session(self, session: str | None, token: str | None) -> Outcome | None:
        """The logged-in account behind the two cookies, or None for nobody. Never raises.

        A valid token is believed without asking. Else the session is exchanged for a new one; while accounts
        is away, a genuine token of the last hour still counts.
        """
        if token is not None and (known := self.verifier.remembered(token)) is not None:
            return Outcome(known) if known.kind == "account" else None
        if token is not None:
            try:
                principal = await self.verifier.verify(token)
                if principal.kind == "account":
                    return Outcome(principal)
                token = None
            except ExpiredToken:
                pass
            except (InvalidToken, KeysUnavailable):
                token = None
        if session is None:
            return None
        if not 20 <= len(session) <= 200:
            return Outcome(Principal(), self.cookies.log_out())
        try:
            issued = await self._sessions.get(session)
        except AccountsUnreachable:
            return await self._within_grace(token)
        if issued is None:
            if token is not None:
                self.verifier.forget(token)
            return Outcome(Principal(), self.cookies.log_out())
        return await self._accept(issued)

    async def _accept(self, issued: IssuedToken) -> Outcome | None:
        try:
            principal = await self.verifier.verify(issued.token)
        except (InvalidToken, KeysUnavailable) as error:
            log.warning("issued_token_refused", reason=str(error))
            return None
        return Outcome(principal, (self.cookies.for_token(issued.token),))

    async def _within_grace(self, token: str | None) -> Outcome | None:
        if token is None:
            return None
        try:
            principal = await self.verifier.verify(token, grace_seconds=GRACE_SECONDS)
        except (InvalidToken, KeysUnavailable):
            return None
        return Outcome(principal)


def _acting_for(service: Principal, subject: str) -> Principal:
    kind, colon, identifier = subject.partition(":")
    if kind not in ("a", "g") or not colon or not 1 <= len(identifier) <= 64 or not identifier.isprintable():
        raise InvalidToken("Ahead-Principal is not a subject")
    return Principal(
        kind="service", id=service.id, plan="service", scopes=service.scopes, on_behalf_of=subject
    )
