"""Reads and writes of what accounts keep; every statement names the account."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.lookup.codes.events import METRIC
from ahead.lookup.models import ALLOWANCE
from ahead.shared.db.engine import Executor
from ahead.shared.db.outbox import insert_for

from .models import CODES, KEYWORDS, LIST_CODES, LISTS, TABLES

Code = tuple[str, str]
"""System and printed code."""


async def begin(session: AsyncSession, account: str) -> None:
    """One writer at a time for an account, so that limits and places hold. On SQLite writers queue anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:account, 0))"), {"account": account}
        )


async def forget(session: AsyncSession, subjects: Sequence[str]) -> None:
    """All that these subjects have kept."""
    for table in TABLES:
        await session.execute(delete(table).where(table.c.account.in_(subjects)))


# Favourites and notes


async def star(session: AsyncSession, account: str, code: Code, at: datetime | None) -> None:
    """at: None takes the star away."""
    insert = insert_for(session, CODES).values(account=account, system=code[0], code=code[1], starred_at=at)
    # Starred again, it keeps its day.
    kept = func.coalesce(CODES.c.starred_at, insert.excluded.starred_at) if at else None
    await session.execute(
        insert.on_conflict_do_update(index_elements=["account", "system", "code"], set_={"starred_at": kept})
    )
    await _tidy(session, account, code)


async def write_note(session: AsyncSession, account: str, code: Code, note: str, at: datetime) -> None:
    values = {"note": note, "noted_at": at if note else None}
    insert = insert_for(session, CODES).values(account=account, system=code[0], code=code[1], **values)
    await session.execute(
        insert.on_conflict_do_update(index_elements=["account", "system", "code"], set_=values)
    )
    await _tidy(session, account, code)


async def _tidy(session: AsyncSession, account: str, code: Code) -> None:
    c = CODES.c
    await session.execute(
        delete(CODES).where(
            c.account == account, c.system == code[0], c.code == code[1], c.starred_at.is_(None), c.note == ""
        )
    )


async def kept_codes(session: Executor, account: str) -> int:
    return await session.scalar(select(func.count()).select_from(CODES).where(CODES.c.account == account))


async def of_code(session: Executor, account: str, code: Code) -> tuple[bool, str]:
    """(is it a favourite, its note)."""
    c = CODES.c
    query = select(c.starred_at, c.note).where(c.account == account, c.system == code[0], c.code == code[1])
    row = (await session.execute(query)).first()
    return (row[0] is not None, row[1]) if row else (False, "")


async def starred(session: Executor, account: str) -> list[tuple[str, str, datetime]]:
    """The latest first."""
    c = CODES.c
    query = select(c.system, c.code, c.starred_at).where(c.account == account, c.starred_at.is_not(None))
    return [tuple(row) for row in await session.execute(query.order_by(c.starred_at.desc(), c.code))]


async def noted(session: Executor, account: str) -> list[tuple[str, str, str, datetime]]:
    """The latest first."""
    c = CODES.c
    query = select(c.system, c.code, c.note, c.noted_at).where(c.account == account, c.note != "")
    return [tuple(row) for row in await session.execute(query.order_by(c.noted_at.desc(), c.code))]


# Keywords


async def keywords(session: Executor, account: str) -> list[tuple[str, str, str]]:
    """(keyword, system, code), by keyword; its codes in the order in which they were given it."""
    c = KEYWORDS.c
    query = select(c.keyword, c.system, c.code).where(c.account == account)
    return [tuple(row) for row in await session.execute(query.order_by(c.keyword, c.added_at, c.code))]


async def codes_of_keyword(session: Executor, account: str, keyword: str) -> list[Code]:
    c = KEYWORDS.c
    query = select(c.system, c.code).where(c.account == account, c.keyword == keyword)
    return [(row[0], row[1]) for row in await session.execute(query.order_by(c.added_at, c.code))]


async def keywords_of_code(session: Executor, account: str, code: Code) -> list[str]:
    c = KEYWORDS.c
    query = select(c.keyword).where(c.account == account, c.system == code[0], c.code == code[1])
    return list(await session.scalars(query.order_by(c.keyword)))


async def add_keyword(session: AsyncSession, account: str, keyword: str, code: Code, at: datetime) -> None:
    values = {"account": account, "keyword": keyword, "system": code[0], "code": code[1], "added_at": at}
    await session.execute(insert_for(session, KEYWORDS).values(values).on_conflict_do_nothing())


async def remove_keyword(session: AsyncSession, account: str, keyword: str, code: Code) -> None:
    c = KEYWORDS.c
    await session.execute(
        delete(KEYWORDS).where(
            c.account == account, c.keyword == keyword, c.system == code[0], c.code == code[1]
        )
    )


# Lists


async def lists(session: Executor, account: str) -> list[tuple[str, str, int]]:
    """(id, name, how many codes), in the account's order."""
    c, codes = LISTS.c, LIST_CODES.c
    counted = (
        select(func.count())
        .select_from(LIST_CODES)
        .where(codes.account == c.account, codes.list_id == c.id)
        .scalar_subquery()
    )
    query = select(c.id, c.name, counted).where(c.account == account).order_by(c.position, c.id)
    return [tuple(row) for row in await session.execute(query)]


async def lists_with(session: Executor, account: str, code: Code) -> list[tuple[str, str, bool]]:
    """(id, name, is the code on it), in the account's order."""
    c, codes = LISTS.c, LIST_CODES.c
    holds = LISTS.outerjoin(
        LIST_CODES,
        (codes.account == c.account)
        & (codes.list_id == c.id)
        & (codes.system == code[0])
        & (codes.code == code[1]),
    )
    query = select(c.id, c.name, codes.code.is_not(None)).select_from(holds).where(c.account == account)
    rows = await session.execute(query.order_by(c.position, c.id))
    return [(row[0], row[1], bool(row[2])) for row in rows]


async def list_name(session: Executor, account: str, list_id: str) -> str | None:
    """None when the account has no such list."""
    return await session.scalar(select(LISTS.c.name).where(LISTS.c.account == account, LISTS.c.id == list_id))


async def add_list(
    session: AsyncSession, account: str, list_id: str, name: str, place: int, at: datetime
) -> None:
    values = {"account": account, "id": list_id, "name": name, "position": place, "created_at": at}
    await session.execute(insert_for(session, LISTS).values(values))


async def rename_list(session: AsyncSession, account: str, list_id: str, name: str) -> None:
    mine = (LISTS.c.account == account, LISTS.c.id == list_id)
    await session.execute(update(LISTS).where(*mine).values(name=name))


async def order_lists(session: AsyncSession, account: str, ids: Sequence[str]) -> None:
    for place, list_id in enumerate(ids):
        mine = (LISTS.c.account == account, LISTS.c.id == list_id)
        await session.execute(update(LISTS).where(*mine).values(position=place))


async def delete_list(session: AsyncSession, account: str, list_id: str) -> None:
    codes = LIST_CODES.c
    await session.execute(delete(LIST_CODES).where(codes.account == account, codes.list_id == list_id))
    await session.execute(delete(LISTS).where(LISTS.c.account == account, LISTS.c.id == list_id))


async def list_codes(session: Executor, account: str, list_id: str) -> list[Code]:
    c = LIST_CODES.c
    query = select(c.system, c.code).where(c.account == account, c.list_id == list_id)
    return [(row[0], row[1]) for row in await session.execute(query.order_by(c.position, c.system, c.code))]


async def write_list_codes(
    session: AsyncSession, account: str, list_id: str, codes: Sequence[Code], first: int = 0
) -> None:
    """first: the place of the first one; those already there keep theirs."""
    rows = [
        {"account": account, "list_id": list_id, "system": system, "code": code, "position": first + place}
        for place, (system, code) in enumerate(codes)
    ]
    if rows:
        await session.execute(insert_for(session, LIST_CODES).on_conflict_do_nothing(), rows)


async def last_place(session: AsyncSession, account: str, list_id: str) -> int:
    c = LIST_CODES.c
    query = select(func.max(c.position)).where(c.account == account, c.list_id == list_id)
    return await session.scalar(query) or 0


async def empty_list(session: AsyncSession, account: str, list_id: str) -> None:
    c = LIST_CODES.c
    await session.execute(delete(LIST_CODES).where(c.account == account, c.list_id == list_id))


async def remove_from_list(session: AsyncSession, account: str, list_id: str, code: Code) -> None:
    c = LIST_CODES.c
    await session.execute(
        delete(LIST_CODES).where(
            c.account == account, c.list_id == list_id, c.system == code[0], c.code == code[1]
        )
    )


# Recent codes: the ledger's own grants


async def opened(session: Executor, subjects: Sequence[str], most: int) -> list[tuple[str, datetime]]:
    """Things ("system/code") that were granted to any of the subjects, the latest first, each once."""
    c = ALLOWANCE.grants.c
    latest = func.max(c.granted_at, type_=c.granted_at.type)
    query = (
        select(c.thing, latest)
        .where(or_(*(c.principal == subject for subject in subjects)), c.metric == METRIC)
        .group_by(c.thing)
        .order_by(latest.desc(), c.thing)
        .limit(most)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]
