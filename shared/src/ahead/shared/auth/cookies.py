"""The cookies that carry an identity: their names, and how they are written and read."""

from collections.abc import Iterable

from litestar.datastructures import Cookie

from ahead.shared.auth.guests import GUEST_COOKIE, GUEST_COOKIE_MAX_AGE
from ahead.shared.settings import SharedSettings

SESSION_COOKIE = "ahead_session"  # opaque, known to accounts' database, revocable
TOKEN_COOKIE = "ahead_token"  # noqa: S105 - the name of a cookie
SESSION_COOKIE_MAX_AGE = 90 * 24 * 3600
# The browser keeps the token longer than it is valid: it is what we fall back on while accounts is away.
TOKEN_COOKIE_MAX_AGE = 3600 + 300


class CookieJar:
    """Names and attributes under one platform's settings. All are HttpOnly, SameSite=Lax and Path=/."""

    def __init__(self, settings: SharedSettings) -> None:
        self.session = settings.cookie_name(SESSION_COOKIE)
        self.token = settings.cookie_name(TOKEN_COOKIE)
        self.guest = settings.cookie_name(GUEST_COOKIE)
        self._names = {name.encode(): name for name in (self.session, self.token, self.guest)}
        self._secure = settings.secure_cookies

    def for_token(self, value: str) -> Cookie:
        return self._cookie(self.token, value, TOKEN_COOKIE_MAX_AGE)

    def for_guest(self, value: str) -> Cookie:
        return self._cookie(self.guest, value, GUEST_COOKIE_MAX_AGE)

    def log_in(self, session: str, token: str) -> list[Cookie]:
        """For the answer that starts a session."""
        return [self._cookie(self.session, session, SESSION_COOKIE_MAX_AGE), self.for_token(token)]

    def log_out(self) -> list[Cookie]:
        """End the session in the browser; the guest cookie stays."""
        return [self._cookie(self.session, "", 0), self._cookie(self.token, "", 0)]

    def forget(self) -> list[Cookie]:
        """End everything in the browser, the guest as well: for an account that is deleted."""
        return [*self.log_out(), self._cookie(self.guest, "", 0)]

    def _cookie(self, name: str, value: str, max_age: int) -> Cookie:
        return Cookie(
            key=name, value=value, max_age=max_age, httponly=True, samesite="lax", secure=self._secure
        )

    def read(self, headers: Iterable[bytes]) -> dict[str, str]:
        """Our own cookies out of the values of the Cookie headers. The first of a name counts.

        Nothing is decoded or unquoted: our values are plain ASCII, and what isn't will fail its check.
        """
        found: dict[str, str] = {}
        names = self._names
        for header in headers:
            for part in header.split(b";"):
                raw_name, equals, value = part.partition(b"=")
                name = names.get(raw_name.strip())
                if name is not None and equals and name not in found and len(value) <= 4200:
                    found[name] = value.strip().decode("latin-1")
        return found
