"""The consumer: CasePilot forgets accounts that are erased."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.assistant.answers.repository import forget_conversations
from ahead.assistant.models import (
    ALLOWANCE,
    CONVERSATIONS,
    DEAD_LETTERS,
    ERASURES,
    GUESTS,
    MODEL_SPENDING,
    TURNS,
)
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.dead_letter_desk import DeadLetterDesk
from ahead.shared.erasure import Eraser, forget_allowances

DURABLE = "assistant-erasures"


async def forget(session: AsyncSession, subjects: Sequence[str]) -> None:
    """All that CasePilot holds about anybody: what was granted, and what was asked and answered."""
    await forget_allowances(session, ALLOWANCE, GUESTS, subjects)
    await forget_conversations(session, CONVERSATIONS.c.subject.in_(subjects))
    await session.execute(delete(MODEL_SPENDING).where(MODEL_SPENDING.c.subject.in_(subjects)))
    # Turns of an account in the conversation of the guest that it was.
    await session.execute(delete(TURNS).where(TURNS.c.subject.in_(subjects)))


def make_eraser(database: Database, clock: Clock | None = None) -> Eraser:
    return Eraser(database, ERASURES, DEAD_LETTERS, forget, clock=clock)


def make_desk(database: Database, clock: Clock | None = None) -> DeadLetterDesk:
    """For operators: events that this consumer couldn't read."""
    apply = make_eraser(database, clock).apply
    return DeadLetterDesk(database, DEAD_LETTERS, apply, done="followed", done_before="followed before")
