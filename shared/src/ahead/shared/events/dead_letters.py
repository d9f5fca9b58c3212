"""Messages that couldn't be handled: kept whole, with the reason, until somebody retries or discards them."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, String, Table, Text, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.shared.db.base import UtcDateTime
from ahead.shared.db.outbox import insert_for

MAX_REASON = 500


def dead_letter_table(metadata: MetaData, name: str = "dead_letters") -> Table:
    return Table(
        name,
        metadata,
        Column("id", String(64), primary_key=True),
        Column("subject", String(200), nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("reason", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("buried_at", UtcDateTime, nullable=False),
    )


async def bury(
    session: AsyncSession,
    table: Table,
    *,
    subject: str,
    body: bytes,
    reason: str,
    sequence: int,
    at: datetime,
) -> bool:
    """Keep a message; the same message (stream sequence and body) is kept once."""
    key = hashlib.sha256(f"{sequence}:{subject}:".encode() + body).hexdigest()
    statement = (
        insert_for(session, table)
        .values(
            id=key,
            subject=subject[:200],
            body=body,
            reason=reason[:MAX_REASON],
            sequence=sequence,
            buried_at=at,
        )
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(table.c.id)
    )
    return (await session.execute(statement)).first() is not None


async def count(session: AsyncSession, table: Table) -> int:
    return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def newest(session: AsyncSession, table: Table, limit: int = 100, offset: int = 0) -> Sequence[Any]:
    """Rows, the newest first."""
    statement = select(table).order_by(table.c.buried_at.desc(), table.c.id).limit(limit).offset(offset)
    return (await session.execute(statement)).all()


async def take(session: AsyncSession, table: Table, key: str) -> Any | None:
    """Remove one and return its row, for a retry in the same transaction or to discard it; None if unknown."""
    row = (await session.execute(select(table).where(table.c.id == key))).one_or_none()
    if row is not None:
        await session.execute(delete(table).where(table.c.id == key))
    return row
