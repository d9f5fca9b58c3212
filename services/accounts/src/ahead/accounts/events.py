"""The events of accounts, recorded in the transaction that causes them."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.accounts.models import OUTBOX, Account
from ahead.accounts.repository import shares_guest
from ahead.accounts.settings import SERVICE
from ahead.shared.clock import period_of
from ahead.shared.db.outbox import record
from ahead.shared.events.envelope import make_event
from ahead.shared.ids import deterministic_id


async def account_registered(session: AsyncSession, account: Account, at: datetime) -> None:
    """``guest`` links the guest's views of before to the account: the funnel from guest to registered."""
    event = make_event(
        SERVICE,
        "account.registered",
        id=deterministic_id("account.registered", account.id),
        subject=f"a:{account.id}",
        plan=account.plan,
        period=period_of(at),
        thing="account",
        at=at,
        guest=f"g:{account.guest_id}" if account.guest_id else None,
    )
    await record(session, OUTBOX, event)


async def session_started(session: AsyncSession, account: Account, session_id: str, at: datetime) -> None:
    event = make_event(
        SERVICE,
        "session.started",
        id=deterministic_id("session.started", session_id),
        subject=f"a:{account.id}",
        plan=account.plan,
        period=period_of(at),
        thing="session",
        at=at,
    )
    await record(session, OUTBOX, event)


async def plan_changed(
    session: AsyncSession, account: Account, former: str, at: datetime, *, by: str
) -> None:
    event = make_event(
        SERVICE,
        "plan.changed",
        subject=f"a:{account.id}",
        plan=account.plan,
        period=period_of(at),
        thing=f"{former}>{account.plan}",
        at=at,
        former=former,
        by=by,
    )
    await record(session, OUTBOX, event)


async def account_erased(session: AsyncSession, account: Account, reason: str, at: datetime) -> None:
    """The account is gone; the other services forget by this what they hold about its id.

    ``reason`` is "owner" or "never_confirmed". ``guest`` is forgotten too, unless another account comes from it.
    """
    guest = account.guest_id if account.guest_id and not await shares_guest(session, account) else None
    event = make_event(
        SERVICE,
        "account.erased",
        id=deterministic_id("account.erased", account.id),
        subject=f"a:{account.id}",
        plan=account.plan,
        period=period_of(at),
        thing="account",
        at=at,
        reason=reason,
        guest=f"g:{guest}" if guest else None,
    )
    await record(session, OUTBOX, event)
