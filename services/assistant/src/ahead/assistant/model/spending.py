"""What questions may spend on the model: reserved before a call for the worst that it may cost, settled after it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects import postgresql, sqlite

from ahead.assistant.models import MODEL_SPENDING
from ahead.assistant.settings import ModelSettings
from ahead.shared.clock import UTC, Clock
from ahead.shared.db.engine import Database, Executor

EVERYBODY = "*"


class Stopped(Exception):
    """The model may not go on. `why` is one word, for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Cost:
    """Of one call. `micro_usd`: millionths of a dollar."""

    tokens: int
    micro_usd: int


class Spending:
    """The budget per user and day, and of all users together; days are UTC."""

    def __init__(self, database: Database, settings: ModelSettings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    def cost(self, tokens_in: int, tokens_out: int) -> Cost:
        micro = (
            tokens_in * self._settings.usd_per_million_in + tokens_out * self._settings.usd_per_million_out
        )
        return Cost(tokens_in + tokens_out, round(micro))

    async def reserve(self, subject: str, cost: Cost) -> str:
        """Takes the worst case from both budgets, or raises Stopped and takes nothing. Gives the day it is noted on."""
        day = _day(self._clock.now())
        own = (self._settings.tokens_per_user_day, self._settings.usd_per_user_day)
        everybody = (None, self._settings.usd_per_day)

        async def take(session: Executor) -> None:
            for who, (tokens, usd) in ((subject, own), (EVERYBODY, everybody)):
                if not await _take(session, who, day, cost, tokens, round(usd * 1_000_000)):
                    raise Stopped("budget")

        await self._database.transact(take)
        return day

    async def settle(self, subject: str, day: str, reserved: Cost, real: Cost) -> None:
        """Puts what the call really cost in the place of what was reserved."""
        table = MODEL_SPENDING
        change = (
            update(table)
            .where(table.c.subject.in_([subject, EVERYBODY]), table.c.day == day)
            .values(
                tokens=table.c.tokens + (real.tokens - reserved.tokens),
                micro_usd=table.c.micro_usd + (real.micro_usd - reserved.micro_usd),
            )
        )

        async def put(session: Executor) -> None:
            await session.execute(change)

        await self._database.transact(put)


async def _take(
    session: Executor, subject: str, day: str, cost: Cost, tokens: int | None, micro_usd: int
) -> bool:
    """One conditional statement. `tokens` None is without limit."""
    table = MODEL_SPENDING
    if cost.micro_usd > micro_usd or (tokens is not None and cost.tokens > tokens):
        return False
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    within: ColumnElement[bool] = table.c.micro_usd + cost.micro_usd <= micro_usd
    if tokens is not None:
        within &= table.c.tokens + cost.tokens <= tokens
    statement = (
        insert(table)
        .values(subject=subject, day=day, calls=1, tokens=cost.tokens, micro_usd=cost.micro_usd)
        .on_conflict_do_update(
            index_elements=["subject", "day"],
            set_={
                "calls": table.c.calls + 1,
                "tokens": table.c.tokens + cost.tokens,
                "micro_usd": table.c.micro_usd + cost.micro_usd,
            },
            where=within,
        )
        .returning(table.c.calls)
    )
    return await session.scalar(statement) is not None


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()
