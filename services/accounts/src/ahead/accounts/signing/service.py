"""The signing keys' life: made, published ahead, used, retired, deleted.

A new key is published ten minutes before it signs, so that every service has fetched it when it is first met.
An old one stays published until the last token it signed, and the hour of grace on top, are over.
"""

import asyncio
import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.accounts.keybox import KeyBox
from ahead.accounts.models import SigningKey
from ahead.accounts.signing import repository
from ahead.shared.auth.accounts_port import IssuedToken
from ahead.shared.auth.tokens import ALGORITHM, AUDIENCE, GRACE_SECONDS, ISSUER
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.ids import uuid7

USER_TOKEN_SECONDS = 300
API_KEY_TOKEN_SECONDS = 120
SERVICE_TOKEN_SECONDS = 600
PUBLISH_AHEAD = timedelta(minutes=10)
PUBLISH_AFTER = timedelta(seconds=SERVICE_TOKEN_SECONDS + GRACE_SECONDS + 600)
_KEEP_SECONDS = 30


class Signer:
    """Signs with the key of the hour, and answers with the public ones. Keys are re-read every 30 seconds."""

    def __init__(self, database: Database, keybox: KeyBox, clock: Clock) -> None:
        self._database = database
        self._keybox = keybox
        self._clock = clock
        self._lock = asyncio.Lock()
        self._read_at: datetime | None = None
        self._rows: list[SigningKey] = []
        self._private: dict[str, Ed25519PrivateKey] = {}
        self._public: dict[str, Ed25519PublicKey] = {}

    async def token(self, subject: str, claims: Mapping[str, Any], *, seconds: int) -> IssuedToken:
        """A signed token for ``subject`` ("a:<id>" or "s:<service>")."""
        key = await self._current()
        now = int(self._clock.now().timestamp())
        expires_at = now + seconds
        body = {**claims, "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": expires_at}
        token = jwt.encode(body, self._private_of(key), algorithm=ALGORITHM, headers={"kid": key.kid})
        return IssuedToken(token=token, expires_at=expires_at)

    async def jwks(self) -> dict[str, list[dict[str, str]]]:
        await self._refresh()
        return {
            "keys": [
                {
                    "kty": "OKP",
                    "crv": "Ed25519",
                    "alg": ALGORITHM,
                    "use": "sig",
                    "kid": row.kid,
                    "x": row.public_key,
                }
                for row in self._rows
            ]
        }

    # The key source with which accounts' own web process verifies.

    async def keys(self) -> Mapping[str, Ed25519PublicKey]:
        await self._refresh()
        return self._public

    async def newer_keys(self) -> Mapping[str, Ed25519PublicKey]:
        await self._refresh()
        return self._public

    async def _current(self) -> SigningKey:
        await self._refresh()
        now = self._clock.now()
        active = [row for row in self._rows if row.active_from <= now]
        if not active:
            async with self._database.write() as session:
                await ensure_key(session, self._keybox, now)
            self._read_at = None
            await self._refresh()
            active = [row for row in self._rows if row.active_from <= now]
        return active[0]

    async def _refresh(self) -> None:
        now = self._clock.now()
        if self._read_at is not None and (now - self._read_at).total_seconds() < _KEEP_SECONDS:
            return
        async with self._lock:
            async with self._database.read() as session:
                self._rows = list(await repository.published(session, now))
            self._public = {row.kid: _public_key(row) for row in self._rows}
            self._read_at = now

    def _private_of(self, row: SigningKey) -> Ed25519PrivateKey:
        if row.kid not in self._private:
            raw = self._keybox.open(row.private_key)
            self._private[row.kid] = Ed25519PrivateKey.from_private_bytes(raw)
        return self._private[row.kid]


async def ensure_key(session: AsyncSession, keybox: KeyBox, now: datetime) -> None:
    """Make the first key; nothing to do when one signs already."""
    if not any(row.active_from <= now for row in await repository.published(session, now)):
        session.add(_new_key(keybox, now, active_from=now))


async def rotate(session: AsyncSession, keybox: KeyBox, now: datetime, *, compromised: bool = False) -> str:
    """Bring in a new key; returns its kid.

    Args:
        compromised: the old keys are taken back at once. Everybody's short tokens end with them; sessions
            stay and get new tokens.
    """
    active_from = now if compromised else now + PUBLISH_AHEAD
    if compromised:
        await repository.cut_short(session, now)
    else:
        await repository.retire_all(session, active_from + PUBLISH_AFTER)
    await repository.delete_unpublished(session, now - timedelta(days=1))
    key = _new_key(keybox, now, active_from=active_from)
    session.add(key)
    return key.kid


def _new_key(keybox: KeyBox, now: datetime, *, active_from: datetime) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    return SigningKey(
        kid=uuid7(),
        public_key=base64.urlsafe_b64encode(private.public_key().public_bytes_raw()).decode().rstrip("="),
        private_key=keybox.close(private.private_bytes_raw()),
        created_at=now,
        active_from=active_from,
    )


def _public_key(row: SigningKey) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(row.public_key + "=="))
