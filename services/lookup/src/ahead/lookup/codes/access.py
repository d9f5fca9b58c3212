"""Who may see a code page: decided at once, in the service's own database, counted later from the outbox."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.lookup.codes.events import METRIC, code_denied, code_revisited, code_viewed
from ahead.lookup.codes.schemas import Access
from ahead.lookup.models import ALLOWANCE, GUESTS, OUTBOX
from ahead.lookup.settings import Settings
from ahead.shared.auth.guards import requires_account_or_scope
from ahead.shared.auth.guests import admit_guest
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock, next_month, period_of
from ahead.shared.crash_points import crash_point
from ahead.shared.db import outbox as outbox_rows
from ahead.shared.db.engine import Database
from ahead.shared.errors import Problem
from ahead.shared.events.publisher import BufferedPublisher
from ahead.shared.metering import allowance as allowances
from ahead.shared.web.allowance import Allowance

READ_ALL = "lookup:read-all"
tools_guard = requires_account_or_scope(READ_ALL)
"""Of tools: an account, or a service that asks for somebody whom it has charged itself."""


class Refused(Problem):
    """A view is refused; carries the true state of the allowance for the page's header."""

    allowance: Allowance
    reason: str


class AllowanceExhausted(Refused):
    """Nothing is left this month; says what to do."""

    reason = "allowance"

    def __init__(self, allowance: Allowance) -> None:
        guest = allowance.plan == "guest"
        super().__init__(
            "allowance-exhausted",
            "You have used all your code page views this month",
            403,
            allowance.sentence,
            hint=(
                f"Register a free account to open {allowance.more} more code pages this month. "
                "Codes you have opened stay open."
                if guest
                else "Codes you have opened this month stay open. The count starts again next month; "
                "a Pro plan has no limit."
            ),
            extra={
                "plan": allowance.plan,
                "limit": allowance.limit,
                "used": allowance.used,
                "remaining": allowance.remaining,
                "renews": allowance.renews.isoformat() if allowance.renews else None,
            },
        )
        self.allowance = allowance


class NetworkExhausted(Refused):
    """Too many new guests came from one network today."""

    reason = "network"

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(
            "guest-limit-of-network",
            "Many guests have come from your network today",
            403,
            "The number of new guests from your network is used up for today.",
            hint="Register a free account: it doesn't depend on your network. Guests can try again tomorrow.",
        )
        self.allowance = allowance


@dataclass(frozen=True)
class Granted:
    """A view is open to the principal. ``first`` is True when it was taken just now."""

    access: Access
    first: bool
    allowance: Allowance | None


class Views:
    """Grants of code page views.

    `look` first: a page that is open already needs no write, and waits for no writer. Else `take` inside a write
    transaction that commits only when the answer could be made, and that finds an open view as well.
    `opening.open_view` does both.
    """

    def __init__(
        self, database: Database, settings: Settings, clock: Clock, analytics: BufferedPublisher
    ) -> None:
        self.database = database
        self._settings = settings
        self._clock = clock
        self._analytics = analytics

    def now(self) -> datetime:
        return self._clock.now()

    def allowance(self, principal: Principal, used: int) -> Allowance:
        return Allowance(
            plan=principal.plan,
            limit=self._settings.views_allowed(principal.plan),
            used=used,
            more=self._settings.views_free,
            renews=next_month(self._clock.now()),
        )

    async def allowance_of(self, principal: Principal) -> Allowance | None:
        """The true state for the header; None for services."""
        if principal.kind == "service":
            return None
        if principal.kind == "anonymous":
            return self.allowance(principal, 0)
        period = period_of(self._clock.now())
        async with self.database.quick() as session:
            used = await allowances.used(session, ALLOWANCE, METRIC, principal.subject, period)
        return self.allowance(principal, used)

    def opens(self, principal: Principal, thing: str, granted: Granted) -> None:
        """To be told once a view that was taken is committed."""
        if not granted.first:
            self._analytics.offer(code_revisited(principal, thing, self._clock.now()))

    async def look(self, principal: Principal, thing: str) -> Granted | None:
        """The view if it is open to the principal already, else None."""
        if principal.kind == "service":
            return Granted("full", False, None) if principal.has_scope(READ_ALL) else None
        if principal.kind == "anonymous" or principal.fresh:
            return None
        now = self._clock.now()
        also = [principal.linked_guest] if principal.linked_guest else []
        async with self.database.quick() as session:
            held, used = await allowances.state(
                session, ALLOWANCE, METRIC, principal.subject, period_of(now), thing, also
            )
        if not held:
            return None
        granted = Granted(_access(principal), False, self.allowance(principal, used))
        self.opens(principal, thing, granted)
        return granted

    async def take(
        self, session: AsyncSession, principal: Principal, thing: str, network_bucket: str
    ) -> Granted | Refused:
        """Grant a view in the present write transaction, with its event."""
        now = self._clock.now()
        period = period_of(now)
        limit = self._settings.views_allowed(principal.plan)
        if not await admit_guest(
            session,
            GUESTS,
            principal,
            network_bucket,
            now,
            self._settings.shared.guests_per_network_per_day,
        ):
            return NetworkExhausted(self.allowance(principal, 0))
        taken = await allowances.take(
            session,
            ALLOWANCE,
            metric=METRIC,
            principal=principal.subject,
            thing=thing,
            period=period,
            limit=limit,
            at=now,
            also=[principal.linked_guest] if principal.linked_guest else [],
        )
        allowance = self.allowance(principal, taken.used)
        if taken.outcome == "denied":
            return AllowanceExhausted(allowance)
        if taken.outcome == "granted":
            await outbox_rows.record(session, OUTBOX, code_viewed(principal, thing, now), clock=self._clock)
        crash_point("lookup.before_commit")
        return Granted(_access(principal), taken.outcome == "granted", allowance)

    async def opened(self, principal: Principal, limit: int = 12) -> list[str]:
        """Things that are open to the principal this month, as "system/code", the latest first."""
        period = period_of(self._clock.now())
        subjects = [principal.subject, *([principal.linked_guest] if principal.linked_guest else [])]
        async with self.database.quick() as session:
            return await allowances.held(session, ALLOWANCE, METRIC, subjects, period, limit)

    def denied(self, principal: Principal, thing: str, refused: Refused) -> None:
        """Tell metering that a view was refused."""
        self._analytics.offer(code_denied(principal, thing, self._clock.now(), refused.reason))


def may_see_sections(principal: Principal) -> bool:
    """Whether a granted view opens the eight sections to this principal."""
    return principal.registered or (principal.kind == "service" and principal.has_scope(READ_ALL))


def _access(principal: Principal) -> Access:
    return "full" if principal.registered else "view"
