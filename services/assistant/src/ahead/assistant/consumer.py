"""The consumer: CasePilot forgets accounts that are erased."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.assistant.models import ALLOWANCE, DEAD_LETTERS, ERASURES, GUESTS, TURNS
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.erasure import Eraser, forget_allowances

DURABLE = "assistant-erasures"


async def forget(session: AsyncSession, subjects: Sequence[str]) -> None:
    """All that CasePilot holds about anybody: what was granted, and what was asked and answered."""
    await forget_allowances(session, ALLOWANCE, GUESTS, subjects)
    await session.execute(delete(TURNS).where(TURNS.c.subject.in_(subjects)))


def make_eraser(database: Database, clock: Clock | None = None) -> Eraser:
    return Eraser(database, ERASURES, DEAD_LETTERS, forget, clock=clock)
