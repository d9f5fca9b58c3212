"""API keys: shown once, kept as a hash, exchanged for short tokens."""

from datetime import timedelta

from sqlalchemy import func, update
from sqlmodel import col, select

from ahead.accounts import repository
from ahead.accounts.keybox import new_secret
from ahead.accounts.models import ApiKey
from ahead.accounts.parts import Parts
from ahead.accounts.sessions.service import claims_of, hash_secret
from ahead.accounts.signing.service import API_KEY_TOKEN_SECONDS
from ahead.shared.auth.accounts_port import IssuedToken
from ahead.shared.auth.guards import STAFF_ROLES
from ahead.shared.auth.identity import API_KEY_PREFIX
from ahead.shared.errors import Conflict
from ahead.shared.ids import uuid7

MAX_KEYS = 10
_USED_EVERY = timedelta(hours=1)


async def create(parts: Parts, account_id: str, name: str) -> tuple[ApiKey, str]:
    """A new key: its row, and the key itself, which is never seen again.

    Raises:
        Conflict: when the account has ten keys.
    """
    secret = API_KEY_PREFIX + new_secret()
    row = ApiKey(
        id=uuid7(),
        account_id=account_id,
        name=name,
        hint=secret[: len(API_KEY_PREFIX) + 4],
        key_hash=hash_secret(secret),
        created_at=parts.clock.now(),
    )
    async with parts.database.write() as session:
        held = await session.scalar(
            select(func.count())
            .select_from(ApiKey)
            .where(ApiKey.account_id == account_id, col(ApiKey.revoked_at).is_(None))
        )
        if (held or 0) >= MAX_KEYS:
            raise Conflict(
                f"You have {MAX_KEYS} keys already.",
                slug="too-many-keys",
                hint="Revoke one that you don't use.",
            )
        session.add(row)
    return row, secret


async def revoke(parts: Parts, account_id: str, key_id: str) -> bool:
    """False when the account has no such key."""
    async with parts.database.write() as session:
        return await repository.revoke_api_keys(session, account_id, parts.clock.now(), only=key_id) == 1


async def exchange(parts: Parts, secret: str) -> IssuedToken | None:
    """A token for a key; None when the key is unknown or revoked. Staff roles never come with a key."""
    now = parts.clock.now()
    async with parts.database.read() as session:
        statement = select(ApiKey).where(
            ApiKey.key_hash == hash_secret(secret), col(ApiKey.revoked_at).is_(None)
        )
        key = (await session.execute(statement)).scalars().one_or_none()
        account = await repository.by_id(session, key.account_id) if key else None
        if key is None or account is None:
            return None
        roles = await repository.roles_of(session, account.id)
    if key.last_used_at is None or now - key.last_used_at > _USED_EVERY:
        async with parts.database.write() as session:
            await session.execute(update(ApiKey).where(col(ApiKey.id) == key.id).values(last_used_at=now))
    claims = claims_of(account, roles - STAFF_ROLES)
    return await parts.signer.token(f"a:{account.id}", claims, seconds=API_KEY_TOKEN_SECONDS)
