"""Conversations and their turns. One's own are those of the account, and of the guest it registered from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from ahead.assistant.answers.port import Earlier
from ahead.assistant.answers.schemas import Answer
from ahead.assistant.models import CONVERSATIONS, TURNS
from ahead.shared.auth.principal import Principal
from ahead.shared.db.engine import Executor
from ahead.shared.errors import NotFound

MOST_HISTORY = 10
MOST_LISTED = 100


def own(principal: Principal, table: Any = CONVERSATIONS) -> ColumnElement[bool]:
    subjects = [principal.subject, *([principal.linked_guest] if principal.linked_guest else [])]
    if principal.kind == "anonymous":
        subjects = []
    found = table.c.subject.in_(subjects)
    via = principal.id if principal.kind == "service" else ""
    return found & (CONVERSATIONS.c.via == via) if table is CONVERSATIONS else found


async def get_conversation_for(session: Executor, principal: Principal, id_: str) -> Any:
    """Raises NotFound: also for somebody else's."""
    query = select(CONVERSATIONS).where(CONVERSATIONS.c.id == id_, own(principal))
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such conversation of yours.")
    return row


async def get_turn_for(session: Executor, principal: Principal, id_: str) -> Any:
    """Raises NotFound: also for somebody else's."""
    query = (
        select(TURNS)
        .join(CONVERSATIONS, CONVERSATIONS.c.id == TURNS.c.conversation)
        .where(TURNS.c.id == id_, own(principal))
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such answer of yours.")
    return row


async def turns_of(session: Executor, conversation: str) -> Sequence[Any]:
    query = select(TURNS).where(TURNS.c.conversation == conversation).order_by(TURNS.c.asked_at, TURNS.c.id)
    return (await session.execute(query)).all()


def history_of(turns: Sequence[Any], before: str = "") -> list[Earlier]:
    """What was answered, up to the turn of that id."""
    found: list[Earlier] = []
    for row in turns:
        if row.id == before:
            break
        if row.answer and row.status != "unavailable":
            found.append(Earlier(row.question, row.as_of, decoded(row)))
    return found[-MOST_HISTORY:]


def decoded(row: Any) -> Answer:
    return msgspec.json.decode(row.answer, type=Answer)


async def listed(session: Executor, principal: Principal, words: str = "") -> Sequence[Any]:
    """The latest first: id, title, updated_at. `words`: all of them in the title or in one question."""
    query = select(CONVERSATIONS.c.id, CONVERSATIONS.c.title, CONVERSATIONS.c.updated_at).where(
        own(principal)
    )
    for word in words.split()[:8]:
        asked = select(TURNS.c.conversation).where(
            TURNS.c.conversation == CONVERSATIONS.c.id, TURNS.c.question.icontains(word, autoescape=True)
        )
        query = query.where(
            or_(
                CONVERSATIONS.c.title.icontains(word, autoescape=True),
                asked.correlate(CONVERSATIONS).exists(),
            )
        )
    query = query.order_by(CONVERSATIONS.c.updated_at.desc(), CONVERSATIONS.c.id.desc()).limit(MOST_LISTED)
    return (await session.execute(query)).all()


async def add_conversation(
    session: Executor, principal: Principal, id_: str, title: str, now: datetime
) -> None:
    via = principal.id if principal.kind == "service" else ""
    values = {"id": id_, "subject": principal.subject, "via": via, "title": title}
    await session.execute(insert(CONVERSATIONS).values(**values, created_at=now, updated_at=now))


async def change_conversation(session: Executor, id_: str, **values: Any) -> None:
    await session.execute(update(CONVERSATIONS).where(CONVERSATIONS.c.id == id_).values(**values))


async def forget_conversations(session: Executor, which: ColumnElement[bool]) -> None:
    """The conversations, and all that was asked in them."""
    ids = select(CONVERSATIONS.c.id).where(which)
    await session.execute(delete(TURNS).where(TURNS.c.conversation.in_(ids)))
    await session.execute(delete(CONVERSATIONS).where(which))


async def add_turn(session: Executor, **values: Any) -> None:
    await session.execute(insert(TURNS).values(answer="", state="working", **values))


async def change_turn(session: Executor, id_: str, **values: Any) -> None:
    await session.execute(update(TURNS).where(TURNS.c.id == id_).values(**values))


async def finish_turn(session: Executor, id_: str, **values: Any) -> bool:
    """False when it isn't being made any more: swept, or erased."""
    statement = (
        update(TURNS)
        .where(TURNS.c.id == id_, TURNS.c.state == "working")
        .values(state="done", **values)
        .returning(TURNS.c.id)
    )
    return (await session.execute(statement)).one_or_none() is not None


async def left_behind(session: Executor, before: datetime) -> Sequence[Any]:
    """Turns that were begun before and are not done."""
    query = select(TURNS).where(TURNS.c.state == "working", TURNS.c.begun_at < before).limit(200)
    return (await session.execute(query)).all()


async def is_working(session: Executor, conversation: str) -> bool:
    query = select(func.count()).where(TURNS.c.conversation == conversation, TURNS.c.state == "working")
    return bool((await session.execute(query)).scalar_one())
