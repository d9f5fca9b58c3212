"""How long things are kept: questions given back that came to nothing, conversations forgotten in time."""

from datetime import datetime, timedelta

import msgspec

from ahead.assistant.answers import repository
from ahead.assistant.answers.schemas import Answer, Sentence
from ahead.assistant.answers.stream import FREE
from ahead.assistant.events import METRIC
from ahead.assistant.models import ALLOWANCE, CONVERSATIONS
from ahead.shared.db.engine import Database, Executor
from ahead.shared.metering import allowance as allowances

CUT_OFF = Sentence(f"This answer was cut off while it was made. {FREE}")


async def give_back(session: Executor, subject: str, id_: str, period: str) -> None:
    """Nothing happens where nothing was charged (`period` is empty)."""
    if period:
        await allowances.give_back(
            session, ALLOWANCE, metric=METRIC, principal=subject, thing=id_, period=period
        )


async def end_left_behind(database: Database, now: datetime, answer_seconds: float) -> int:
    """Ends what a process that died was making, and gives the questions back; returns how many.

    An answer takes `answer_seconds` at most once its turn has come: what is older by far is nobody's.
    """
    limit = timedelta(seconds=10 * answer_seconds)
    async with database.write() as session:
        rows = await repository.left_behind(session, now - limit)
        for row in rows:
            if row.answer:  # it was to be answered again, and the answer before stays
                await repository.finish_turn(session, row.id)
                continue
            answer = Answer(row.id, row.conversation, "", "unavailable", (CUT_OFF,), (), (), 0)
            text = msgspec.json.encode(answer).decode()
            await repository.finish_turn(session, row.id, answer=text, status=answer.status, charged="")
            await give_back(session, row.subject, row.id, row.charged)
    return len(rows)


async def forget_old(session: Executor, before: datetime) -> None:
    """Conversations in which nothing was asked since."""
    await repository.forget_conversations(session, CONVERSATIONS.c.updated_at < before)
