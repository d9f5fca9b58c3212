"""Rows of loads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.shared.db.engine import Executor

from .models import LOADS
from .schemas import Load, LoadAsked, LoadedRelease

_COLUMNS = (
    LOADS.c.id, LOADS.c.file_name, LOADS.c.path, LOADS.c.status, LOADS.c.percent, LOADS.c.stage, LOADS.c.result,
    LOADS.c.message, LOADS.c.requested_by, LOADS.c.created_at, LOADS.c.started_at, LOADS.c.finished_at,
)  # fmt: skip


async def add(
    session: AsyncSession, load_id: str, asked: LoadAsked, file_name: str, by: str, now: datetime
) -> None:
    await session.execute(
        insert(LOADS).values(
            id=load_id, file_name=file_name, path=asked.path, options=msgspec.json.encode(asked).decode(),
            requested_by=by, created_at=now,
        )
    )  # fmt: skip


async def get(session: Executor, load_id: str) -> Load | None:
    row = (await session.execute(select(*_COLUMNS).where(LOADS.c.id == load_id))).one_or_none()
    return None if row is None else _load(row)


async def newest(session: Executor, limit: int) -> tuple[Load, ...]:
    query = select(*_COLUMNS).order_by(LOADS.c.created_at.desc(), LOADS.c.id.desc()).limit(limit)
    return tuple(_load(row) for row in (await session.execute(query)).all())


async def begin(session: AsyncSession, load_id: str, now: datetime) -> LoadAsked | None:
    """What is to be loaded; None where it is done. A load that was killed begins anew."""
    options = await session.scalar(
        update(LOADS)
        .where(LOADS.c.id == load_id, LOADS.c.status.in_(("queued", "running")))
        .values(status="running", started_at=now, percent=0, stage="Reading")
        .returning(LOADS.c.options)
    )
    return None if options is None else msgspec.json.decode(options, type=LoadAsked)


async def progressed(session: AsyncSession, load_id: str, percent: int, stage: str) -> None:
    await session.execute(
        update(LOADS)
        .where(LOADS.c.id == load_id, LOADS.c.status == "running")
        .values(percent=percent, stage=stage[:80])
    )


async def finish(
    session: AsyncSession,
    load_id: str,
    status: str,
    now: datetime,
    *,
    result: Sequence[LoadedRelease] = (),
    message: str = "",
) -> None:
    """The first to finish says how it went: a job that was delivered twice changes nothing."""
    values: dict[str, Any] = {
        "status": status,
        "finished_at": now,
        "result": msgspec.json.encode(result).decode(),
        "message": message[:4_000],
    }
    if status in ("loaded", "held"):
        values |= {"percent": 100, "stage": ""}
    await session.execute(
        update(LOADS).where(LOADS.c.id == load_id, LOADS.c.status == "running").values(values)
    )


def _load(row: Any) -> Load:
    values = row._asdict()
    values["result"] = msgspec.json.decode(values["result"], type=tuple[LoadedRelease, ...])
    return Load(**values)
