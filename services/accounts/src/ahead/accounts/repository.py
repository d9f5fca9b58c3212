"""Reading and changing accounts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, delete, func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from ahead.accounts.models import Account, AccountRole, ApiKey, RegistrationNetwork, Session
from ahead.shared.db.outbox import insert_for


async def owner(session: AsyncSession, email: str) -> Account | None:
    """The account whose owner has shown that the address is theirs."""
    statement = select(Account).where(Account.email == email, col(Account.confirmed_at).is_not(None))
    return (await session.execute(statement)).scalars().one_or_none()


async def newest_claim(session: AsyncSession, email: str) -> Account | None:
    """The latest unconfirmed account with the address."""
    statement = (
        select(Account)
        .where(Account.email == email, col(Account.confirmed_at).is_(None))
        .order_by(col(Account.claim).desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalars().one_or_none()


async def oldest_claim(session: AsyncSession, email: str) -> Account | None:
    statement = (
        select(Account)
        .where(Account.email == email, col(Account.confirmed_at).is_(None))
        .order_by(col(Account.claim))
        .limit(1)
    )
    return (await session.execute(statement)).scalars().one_or_none()


async def next_claim(session: AsyncSession, email: str) -> int:
    """The number that the next account with the address gets."""
    highest = await session.scalar(select(func.max(Account.claim)).where(Account.email == email))
    return 0 if highest is None else highest + 1


async def by_id(session: AsyncSession, account_id: str) -> Account | None:
    return await session.get(Account, account_id)


async def roles_of(session: AsyncSession, account_id: str) -> frozenset[str]:
    statement = select(AccountRole.role).where(AccountRole.account_id == account_id)
    return frozenset((await session.execute(statement)).scalars().all())


async def sessions_of(session: AsyncSession, account_id: str, at: datetime) -> Sequence[Session]:
    """Sessions that still work, the most recently used first."""
    statement = (
        select(Session)
        .where(Session.account_id == account_id, col(Session.revoked_at).is_(None), Session.expires_at > at)
        .order_by(col(Session.last_seen_at).desc())
    )
    return (await session.execute(statement)).scalars().all()


async def revoke_sessions(
    session: AsyncSession, account_id: str, at: datetime, *, only: str = "", but: str = ""
) -> int:
    """End sessions of an account: one, all, or all but one. Returns how many ended."""
    statement = update(Session).where(
        col(Session.account_id) == account_id, col(Session.revoked_at).is_(None)
    )
    if only:
        statement = statement.where(col(Session.id) == only)
    if but:
        statement = statement.where(col(Session.id) != but)
    return cast("Any", await session.execute(statement.values(revoked_at=at))).rowcount


async def revoke_api_keys(session: AsyncSession, account_id: str, at: datetime, *, only: str = "") -> int:
    statement = update(ApiKey).where(col(ApiKey.account_id) == account_id, col(ApiKey.revoked_at).is_(None))
    if only:
        statement = statement.where(col(ApiKey.id) == only)
    return cast("Any", await session.execute(statement.values(revoked_at=at))).rowcount


async def api_keys_of(session: AsyncSession, account_id: str) -> Sequence[ApiKey]:
    statement = (
        select(ApiKey)
        .where(ApiKey.account_id == account_id, col(ApiKey.revoked_at).is_(None))
        .order_by(col(ApiKey.created_at))
    )
    return (await session.execute(statement)).scalars().all()


async def count_new_account(session: AsyncSession, network: str, day: date, most: int) -> bool:
    """Count one more new account of a network, in one statement; False when it has had its number today."""
    table: Table = cast("Any", RegistrationNetwork).__table__
    statement = (
        insert_for(session, table)
        .values(bucket=network, day=day, accounts=1)
        .on_conflict_do_update(
            index_elements=["bucket"],
            set_={"accounts": table.c.accounts + 1},
            where=table.c.accounts < most,
        )
        .returning(table.c.accounts)
    )
    return (await session.execute(statement)).first() is not None


async def forget_networks(session: AsyncSession, today: date) -> None:
    """Drop the counts of past days."""
    await session.execute(delete(RegistrationNetwork).where(col(RegistrationNetwork.day) < today))


async def shares_guest(session: AsyncSession, account: Account) -> bool:
    """Whether another account comes from the same guest."""
    statement = (
        select(Account.id)
        .where(col(Account.guest_id) == account.guest_id, col(Account.id) != account.id)
        .limit(1)
    )
    return (await session.execute(statement)).first() is not None


async def delete_account(session: AsyncSession, account_id: str) -> None:
    """Sessions, keys, links and roles go with it."""
    await session.execute(delete(Account).where(col(Account.id) == account_id))


async def lapsed(session: AsyncSession, created_before: datetime, limit: int) -> Sequence[Account]:
    """Accounts that were never confirmed and are too old for it."""
    statement = (
        select(Account)
        .where(col(Account.confirmed_at).is_(None), Account.created_at < created_before)
        .order_by(col(Account.created_at))
        .limit(limit)
    )
    return (await session.execute(statement)).scalars().all()
