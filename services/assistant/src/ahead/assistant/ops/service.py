"""Counts of questions and answers over a time, never their text."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, case, func, select

from ahead.assistant.models import TURNS
from ahead.shared.db.engine import Database


class Reason(msgspec.Struct, frozen=True):
    reason: str
    count: int


class Day(msgspec.Struct, frozen=True):
    day: date
    status: str
    count: int


class Figures(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """Of questions that are kept: what was deleted, or is older than the retention, isn't in it.

    `withheld`: sentences that the gate kept back; `answers_with_withheld`: answers that had any. `down`: unhelpful.
    """

    from_: date
    to: date
    questions: int
    working: int
    withheld: int
    answers_with_withheld: int
    up: int
    down: int
    statuses: dict[str, int]
    answerers: dict[str, int]
    reasons: tuple[Reason, ...]
    days: tuple[Day, ...]


async def figures(database: Database, first: date, last: date) -> Figures:
    """Both days are in it (UTC)."""
    begin = datetime.combine(first, time(), UTC)
    end = datetime.combine(last, time(), UTC) + timedelta(days=1)
    asked = (TURNS.c.asked_at >= begin) & (TURNS.c.asked_at < end)

    def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    whole = select(
        func.count(),
        how_many(TURNS.c.state == "working"),
        func.coalesce(func.sum(TURNS.c.withheld), 0),
        how_many(TURNS.c.withheld > 0),
        how_many(TURNS.c.rating == "up"),
        how_many(TURNS.c.rating == "down"),
    ).where(asked)
    async with database.read() as session:
        counts = (await session.execute(whole)).one()
        by: dict[str, dict[str, int]] = {}
        column: Any
        for column in (TURNS.c.status, TURNS.c.answerer, TURNS.c.reason):
            query = select(column, func.count()).where(asked, column != "").group_by(column)
            by[column.name] = dict(row.tuple() for row in await session.execute(query))
        stamped = select(TURNS.c.asked_at, TURNS.c.status).where(asked, TURNS.c.status != "")
        days: dict[tuple[date, str], int] = {}
        for at, status in (await session.execute(stamped)).all():
            key = (at.astimezone(UTC).date(), status)
            days[key] = days.get(key, 0) + 1
    reasons = sorted(by["reason"].items(), key=lambda one: -one[1])
    questions, working, withheld, with_withheld, up, down = (int(count) for count in counts)
    return Figures(
        from_=first,
        to=last,
        questions=questions,
        working=working,
        withheld=withheld,
        answers_with_withheld=with_withheld,
        up=up,
        down=down,
        statuses=by["status"],
        answerers=by["answerer"],
        reasons=tuple(Reason(name, count) for name, count in reasons),
        days=tuple(Day(day, status, count) for (day, status), count in sorted(days.items())),
    )
