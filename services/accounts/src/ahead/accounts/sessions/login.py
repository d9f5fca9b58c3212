"""Logging in by e-mail address and password. Who fails learns nothing, not even from the time it took."""

import asyncio
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import col

from ahead.accounts import repository
from ahead.accounts.models import Account
from ahead.accounts.parts import Parts
from ahead.accounts.sessions import service as sessions


@dataclass(frozen=True)
class Login:
    email: str
    password: str
    device: str
    former_secret: str | None


@dataclass(frozen=True)
class LoggedIn:
    started: sessions.Started
    needs_second_factor: bool


async def log_in(parts: Parts, login: Login) -> LoggedIn | None:
    """A new session, or None when address and password don't belong together.

    Always two hashes: the address's owner and its newest claim, or what takes as long.
    """
    async with parts.database.read() as session:
        owner = await repository.owner(session, login.email)
        claim = await repository.newest_claim(session, login.email)
    fits_owner, fits_claim = await asyncio.gather(
        parts.passwords.verify(owner.password_hash if owner else None, login.password),
        parts.passwords.verify(claim.password_hash if claim else None, login.password),
    )
    account = owner if fits_owner else claim if fits_claim else None
    if account is None:
        return None
    rehashed = ""
    if parts.passwords.is_outdated(account.password_hash):
        rehashed = await parts.passwords.hash(login.password)
    return await _start(parts, login, account, rehashed)


async def _start(parts: Parts, login: Login, account: Account, rehashed: str) -> LoggedIn | None:
    async with parts.database.write() as session:
        present = await repository.by_id(session, account.id)
        if present is None or present.password_hash != account.password_hash:
            return None  # deleted, or given a new password, while we were hashing
        if rehashed:
            await session.execute(
                update(Account).where(col(Account.id) == account.id).values(password_hash=rehashed)
            )
        roles = await repository.roles_of(session, account.id)
        row, secret = await sessions.start(
            session, parts, present, device=login.device, former_secret=login.former_secret
        )
    started = await sessions.finish_start(parts, present, roles, row, secret)
    current = sessions.Current(session=row, account=present, roles=roles)
    return LoggedIn(started=started, needs_second_factor=current.lacks_second_factor)
