"""Who a request comes from, as every service sees it."""

from typing import Literal

import msgspec

Kind = Literal["anonymous", "guest", "account", "service"]


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """The one on whose behalf a request is answered.

    Attributes:
        id: guest id, account id or service name, without prefix; empty for anonymous.
        plan: "guest", "free" or "pro"; services carry "service".
        roles: staff roles are present only in sessions that passed the second factor.
        guest_id: a guest's own id; for an account the guest it registered from, whose grants of the month
            stay open to it.
        scopes: what a service token was issued for.
        session_id: the session behind a user's token; None for API keys and everyone else.
        confirmed: the account's e-mail address is confirmed.
        on_behalf_of: subject ("a:…" or "g:…") that a calling service named in ``Ahead-Principal``.
        fresh: the guest id was minted for this very request; the browser has not shown the cookie yet.
    """

    kind: Kind = "anonymous"
    id: str = ""
    plan: str = "guest"
    roles: frozenset[str] = frozenset()
    guest_id: str | None = None
    scopes: frozenset[str] = frozenset()
    session_id: str | None = None
    confirmed: bool = False
    on_behalf_of: str | None = None
    fresh: bool = False

    @property
    def subject(self) -> str:
        """The pseudonymous name used in grants and events: ``g:<id>`` or ``a:<id>``.

        A service speaks for the principal it named, else as ``s:<name>``. Visitors without an identity share
        ``g:anonymous``, which is never granted anything.
        """
        if self.kind == "account":
            return f"a:{self.id}"
        if self.kind == "guest":
            return f"g:{self.id}"
        if self.kind == "service":
            return self.on_behalf_of or f"s:{self.id}"
        return "g:anonymous"

    @property
    def registered(self) -> bool:
        return self.kind == "account"

    @property
    def linked_guest(self) -> str | None:
        """Subject of the guest an account registered from: pass it to ``allowance.take(also=...)``."""
        return f"g:{self.guest_id}" if self.kind == "account" and self.guest_id else None

    def has_role(self, *roles: str) -> bool:
        return self.kind == "account" and not self.roles.isdisjoint(roles)

    def has_scope(self, scope: str) -> bool:
        return self.kind == "service" and scope in self.scopes


ANONYMOUS = Principal()
