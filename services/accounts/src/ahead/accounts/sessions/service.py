"""Sessions: an opaque secret in a cookie, its hash in the database, limits that end it, tokens from it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from ahead.accounts import events, repository
from ahead.accounts.keybox import new_secret
from ahead.accounts.models import Account, Session
from ahead.accounts.parts import Parts
from ahead.accounts.signing.service import USER_TOKEN_SECONDS
from ahead.shared.auth.accounts_port import IssuedToken
from ahead.shared.auth.guards import STAFF_ROLES
from ahead.shared.ids import uuid7

# How exactly "last used" is kept: a write for every request would be one too many.
SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Current:
    """A session that works, with whose it is."""

    session: Session
    account: Account
    roles: frozenset[str]

    @property
    def is_staff(self) -> bool:
        return not self.roles.isdisjoint(STAFF_ROLES)

    @property
    def lacks_second_factor(self) -> bool:
        """Staff that hasn't shown its second factor in this session: their roles don't count yet."""
        return self.is_staff and self.session.second_factor_at is None

    @property
    def effective_roles(self) -> frozenset[str]:
        return self.roles - STAFF_ROLES if self.lacks_second_factor else self.roles


@dataclass(frozen=True)
class Started:
    """A new session: what goes into the browser."""

    session_id: str
    secret: str
    token: IssuedToken


def hash_secret(secret: str) -> str:
    """Secrets of 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def start(
    session: AsyncSession,
    parts: Parts,
    account: Account,
    *,
    device: str,
    former_secret: str | None = None,
    second_factor_at: datetime | None = None,
) -> tuple[Session, str]:
    """Begin a session in the present transaction; returns its row and the cookie's secret.

    The session that the browser came with ends: whoever planted it holds nothing.
    """
    now = parts.clock.now()
    if former_secret:
        await session.execute(
            update(Session)
            .where(col(Session.secret_hash) == hash_secret(former_secret), col(Session.revoked_at).is_(None))
            .values(revoked_at=now)
        )
    secret = new_secret()
    row = Session(
        id=uuid7(),
        account_id=account.id,
        secret_hash=hash_secret(secret),
        device=device,
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(days=parts.settings.session_days),
        second_factor_at=second_factor_at,
    )
    session.add(row)
    await session.flush()
    if second_factor_at is None:  # showing the second factor goes on with a session, it doesn't start one
        await events.session_started(session, account, row.id, now)
    return row, secret


async def finish_start(
    parts: Parts, account: Account, roles: frozenset[str], row: Session, secret: str
) -> Started:
    """The first token of a session that was just committed."""
    token = await token_for(parts, Current(session=row, account=account, roles=roles))
    return Started(session_id=row.id, secret=secret, token=token)


async def token_for(parts: Parts, current: Current) -> IssuedToken:
    claims = claims_of(current.account, current.effective_roles) | {"sid": current.session.id}
    return await parts.signer.token(f"a:{current.account.id}", claims, seconds=USER_TOKEN_SECONDS)


def claims_of(account: Account, roles: frozenset[str]) -> dict[str, Any]:
    return {
        "plan": account.plan,
        "roles": sorted(roles),
        "guest": account.guest_id,
        "confirmed": account.confirmed_at is not None,
    }


def _works(row: Session, parts: Parts, now: datetime) -> bool:
    idle = timedelta(days=parts.settings.session_idle_days)
    return row.revoked_at is None and row.expires_at > now and row.last_seen_at + idle > now


async def _current(session: AsyncSession, parts: Parts, row: Session | None) -> Current | None:
    if row is None or not _works(row, parts, parts.clock.now()):
        return None
    account = await repository.by_id(session, row.account_id)
    if account is None:
        return None
    return Current(session=row, account=account, roles=await repository.roles_of(session, account.id))


async def by_secret(parts: Parts, secret: str) -> Current | None:
    """The working session behind a cookie."""
    async with parts.database.read() as session:
        statement = select(Session).where(Session.secret_hash == hash_secret(secret))
        return await _current(session, parts, (await session.execute(statement)).scalars().one_or_none())


async def by_id(parts: Parts, session_id: str) -> Current | None:
    """The working session that a token names."""
    async with parts.database.read() as session:
        return await _current(session, parts, await session.get(Session, session_id))


async def exchange(parts: Parts, secret: str) -> IssuedToken | None:
    """A short token for a session's secret; None when the session doesn't work, or not any more."""
    current = await by_secret(parts, secret)
    if current is None:
        return None
    now = parts.clock.now()
    if now - current.session.last_seen_at > SEEN_EVERY:
        async with parts.database.write() as session:
            await session.execute(
                update(Session).where(col(Session.id) == current.session.id).values(last_seen_at=now)
            )
    return await token_for(parts, current)


async def end(parts: Parts, secret: str) -> None:
    """Log out."""
    async with parts.database.write() as session:
        await session.execute(
            update(Session)
            .where(col(Session.secret_hash) == hash_secret(secret), col(Session.revoked_at).is_(None))
            .values(revoked_at=parts.clock.now())
        )


async def forget_ended(parts: Parts) -> None:
    """Delete sessions that ended a month ago; for the scheduler."""
    before = parts.clock.now() - timedelta(days=30)
    async with parts.database.write() as session:
        await session.execute(
            delete(Session).where((col(Session.expires_at) < before) | (col(Session.revoked_at) < before))
        )
