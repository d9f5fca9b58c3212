"""What the handlers of accounts share: the session behind a request, redirects, and slowing down guessing."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.types import ExceptionHandlersMap

from ahead.accounts.keybox import KeyBox
from ahead.accounts.parts import Parts
from ahead.accounts.sessions import service as sessions
from ahead.shared.auth.middleware import principal_of
from ahead.shared.errors import Unauthenticated
from ahead.shared.web.rate_limit import Store, check

AnyRequest = Request[Any, Any, Any]

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class SecondFactorNeeded(Exception):
    """Staff has logged in with a password only; everything else waits."""


class Throttle:
    """Slows down guessing at one account, wherever the guesses come from. The same for addresses nobody has.

    Counted in Redis where there is one, for all processes together; while it is away each counts for itself.
    """

    def __init__(self, keybox: KeyBox, store: Store) -> None:
        self._store = store
        self._keybox = keybox

    async def log_in(self, email: str) -> None:
        """Raises TooMany after ten tries in short order; one more a minute."""
        await check(self._store, f"login:{self._keybox.blind(email)}", 1, 10)

    async def mail(self, email: str) -> None:
        """For what sends a mail to an address that a stranger typed."""
        await check(self._store, f"mail:{self._keybox.blind(email)}", 0.2, 5)

    async def code(self, account_id: str) -> None:
        """One-time codes: five in short order, then one a minute: a million are never tried."""
        await check(self._store, f"code:{account_id}", 1, 5)

    async def password(self, account_id: str) -> None:
        """The present password, asked again on the account page."""
        await check(self._store, f"password:{account_id}", 1, 10)


async def provide_maybe_current(
    request: AnyRequest, parts: NamedDependency[Parts]
) -> sessions.Current | None:
    """The working session of this browser, asked of the database: a token alone may be minutes behind."""
    principal = principal_of(request)
    if not principal.registered or principal.session_id is None:
        return None
    current = await sessions.by_id(parts, principal.session_id)
    return current if current is not None and current.account.id == principal.id else None


async def provide_current(request: AnyRequest, parts: NamedDependency[Parts]) -> sessions.Current:
    """The same for handlers that need one.

    Raises:
        Unauthenticated: nobody is logged in, or not any more.
        SecondFactorNeeded: staff that hasn't shown the second factor.
    """
    current = await provide_half_current(request, parts)
    if current.lacks_second_factor:
        raise SecondFactorNeeded
    return current


async def provide_half_current(request: AnyRequest, parts: NamedDependency[Parts]) -> sessions.Current:
    """A session, with or without its second factor: for the page that asks for it, and for logging out."""
    current = await provide_maybe_current(request, parts)
    if current is None:
        raise Unauthenticated("Your session has ended. Please log in again.")
    return current


def to_second_factor(request: AnyRequest, _error: SecondFactorNeeded) -> Response[Any]:
    return see_other("/account/second-factor")


# ``exception_handlers`` of the pages that staff sees only with its second factor.
ASK_FOR_SECOND_FACTOR: ExceptionHandlersMap = {SecondFactorNeeded: to_second_factor}


def see_other(path: str, cookies: Sequence[Cookie] = ()) -> Response[Any]:
    """After a form was taken: go and get that page."""
    return Response(
        b"", status_code=303, media_type="text/html", headers={"Location": path}, cookies=list(cookies)
    )


def log_in_cookies(parts: Parts, started: sessions.Started) -> list[Cookie]:
    return parts.cookies.log_in(started.secret, started.token.token)


def secret_in(request: AnyRequest, parts: Parts) -> str | None:
    """The session secret that the browser came with."""
    return request.cookies.get(parts.cookies.session) or None


def device_of(request: AnyRequest) -> str:
    """A browser as its owner would call it: "Firefox on Linux". Nothing more of it is kept."""
    agent = request.headers.get("user-agent", "")[:400]
    browser = next((name for sign, name in _BROWSERS if sign in agent), "A program")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return f"{browser} on {system}" if system else browser
