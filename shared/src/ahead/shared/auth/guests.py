"""Guests: a signed cookie without a database behind it, and admission at the first grant.

Minting costs nothing and promises nothing. Only when a guest id is first granted something does it count
against the cap of its network prefix, in the grant's own transaction: who clears cookies gains at most
``cap`` views a day for the whole network, and who merely browses takes no place away from the neighbours.
"""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.shared.auth.principal import Principal
from ahead.shared.db.engine import Executor
from ahead.shared.db.prepared import Prepared
from ahead.shared.ids import uuid7

GUEST_COOKIE = "ahead_guest"
GUEST_COOKIE_MAX_AGE = 400 * 24 * 3600  # what browsers keep at most
DEFAULT_CAP = 40

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_SIGNATURE_BYTES = 18


class GuestKeys:
    """Signs and checks guest cookies.

    The setting may hold several keys, comma-separated: the first signs, all are accepted, so that a key can
    be replaced without forgetting the guests. Without a key one is made up that lasts as long as the process.
    """

    def __init__(self, setting: str) -> None:
        keys = [part.strip() for part in setting.split(",") if part.strip()]
        self.ephemeral = not keys
        self._keys = [key.encode() for key in keys] or [secrets.token_bytes(32)]

    def mint(self) -> tuple[str, str]:
        """A new guest: (guest id, cookie value)."""
        guest_id = uuid7()
        return guest_id, self.cookie_for(guest_id)

    def cookie_for(self, guest_id: str) -> str:
        return f"{guest_id}.{_signature(self._keys[0], guest_id)}"

    def verify(self, cookie: str) -> str | None:
        """The guest id in a genuine cookie, None for anything else. Never raises."""
        guest_id, dot, signature = cookie.partition(".")
        if not dot or len(cookie) > 80 or not signature.isascii() or not _ID.fullmatch(guest_id):
            return None
        if any(hmac.compare_digest(signature, _signature(key, guest_id)) for key in self._keys):
            return guest_id
        return None


def _signature(key: bytes, guest_id: str) -> str:
    digest = hmac.digest(key, b"ahead-guest:" + guest_id.encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode()


@dataclass(frozen=True)
class GuestTables:
    """The tables a service keeps for admission, in its own metadata."""

    admitted: Table
    networks: Table


def guest_tables(metadata: MetaData) -> GuestTables:
    admitted = Table(
        "guest_admissions",
        metadata,
        Column("guest_id", String(36), primary_key=True),
        Column("day", String(10), nullable=False),
        # Every page that a grant writes is time for its visitor: no row ids, and no index for the daily sweep.
        sqlite_with_rowid=False,
    )
    networks = Table(
        "guest_networks",
        metadata,
        Column("bucket", String(32), primary_key=True),
        Column("day", String(10), nullable=False),
        Column("guests", Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    return GuestTables(admitted=admitted, networks=networks)


async def admit_guest(
    session: Executor,
    tables: GuestTables,
    principal: Principal,
    network_bucket: str,
    at: datetime,
    cap: int = DEFAULT_CAP,
) -> bool:
    """Whether this guest may be granted something; called in the grant's transaction, before the grant.

    A guest seen before and everyone who isn't a guest is admitted; a new guest is counted, atomically,
    against the day's cap of its network. When the grant is rolled back, so is the admission.

    Args:
        network_bucket: ``ahead.shared.auth.provide_network_bucket``, or ``network.network_bucket(...)``.
        cap: ``AHEAD_GUESTS_PER_NETWORK_PER_DAY``.
    """
    if principal.kind == "anonymous":
        return False
    if principal.kind != "guest":
        return True
    admit, count, withdraw = _statements(tables, session.get_bind().dialect.name)
    day = at.astimezone(UTC).date().isoformat()
    first = await admit.scalar(session, {"guest_id": principal.id, "day": day})
    if first is None:  # seen before, or a parallel request of the same guest has just been admitted
        return True
    counted = await count.scalar(session, {"bucket": network_bucket, "day": day, "guests": 1, "cap": cap})
    if counted is None:
        await withdraw.all(session, {"guest": principal.id})
        return False
    return True


@lru_cache
def _statements(tables: GuestTables, dialect: str) -> tuple[Prepared, Prepared, Prepared]:
    """Built once: putting a statement together costs more than running it."""
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    admitted, networks = tables.admitted, tables.networks
    admit = (
        insert(admitted)
        .values(guest_id=bindparam("guest_id"), day=bindparam("day"))
        .on_conflict_do_nothing()
        .returning(admitted.c.guest_id)
    )
    count = (
        insert(networks)
        .values(bucket=bindparam("bucket"), day=bindparam("day"), guests=bindparam("guests"))
        .on_conflict_do_update(
            index_elements=[networks.c.bucket],
            set_={"guests": networks.c.guests + 1},
            where=networks.c.guests < bindparam("cap", type_=Integer),
        )
        .returning(networks.c.guests)
    )
    withdraw = delete(admitted).where(admitted.c.guest_id == bindparam("guest"))
    return Prepared(admit), Prepared(count), Prepared(withdraw)


async def forget_networks(
    session: AsyncSession, tables: GuestTables, at: datetime, *, guest_days: int = 400
) -> None:
    """Drop the counts of past days, and admissions older than a cookie can be; for a scheduler."""
    today = at.astimezone(UTC).date()
    await session.execute(delete(tables.networks).where(tables.networks.c.day < today.isoformat()))
    oldest = datetime.fromtimestamp(at.timestamp() - guest_days * 86400, UTC).date().isoformat()
    await session.execute(delete(tables.admitted).where(tables.admitted.c.day < oldest))
