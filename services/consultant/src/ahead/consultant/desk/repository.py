"""Statements of the desk."""

from datetime import datetime

from sqlalchemy import and_, delete, func, nulls_last, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.consultant.models import CannedText, Entry, Inquiry, Note, Presence
from ahead.shared.db.outbox import insert_for

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false

# So many threads are opened at a time to be searched.
BATCH = 500
LISTED = 200


async def queue(session: AsyncSession, expert: str) -> list[Inquiry]:
    """What waits, whose promise ends first before the others; of an expert, or of all ("")."""
    waits = Inquiry.state == "with_expert"
    if expert:
        waits = and_(or_(waits, Inquiry.in_doubt.is_(True)), Inquiry.assigned_to == expert)
    statement = select(Inquiry).where(waits).order_by(nulls_last(Inquiry.due_at), Inquiry.id).limit(LISTED)
    return list((await session.execute(statement)).scalars())


async def in_doubt(session: AsyncSession, newer_than: tuple[datetime, str] | None) -> list[Inquiry]:
    """Strangers' mail that is held because it may be a machine's, a page of it, the oldest first."""
    statement = select(Inquiry).where(Inquiry.in_doubt.is_(True))
    if newer_than is not None:
        at, key = newer_than
        same = and_(Inquiry.created_at == at, Inquiry.id > key)
        statement = statement.where(or_(Inquiry.created_at > at, same))
    statement = statement.order_by(Inquiry.created_at, Inquiry.id).limit(LISTED)
    return list((await session.execute(statement)).scalars())


async def doubts(session: AsyncSession) -> int:
    return (await session.execute(select(func.count()).where(Inquiry.in_doubt.is_(True)))).scalar_one()


async def before(session: AsyncSession, older_than: tuple[datetime, str] | None) -> list[Inquiry]:
    """The newest threads, or those that are older than (created_at, id): a batch, the newest first."""
    statement = select(Inquiry).order_by(Inquiry.created_at.desc(), Inquiry.id.desc()).limit(BATCH)
    if older_than is not None:
        at, key = older_than
        same = and_(Inquiry.created_at == at, Inquiry.id < key)
        statement = statement.where(or_(Inquiry.created_at < at, same))
    return list((await session.execute(statement)).scalars())


async def texts_of(session: AsyncSession, inquiries: list[str]) -> list[tuple[str, bytes]]:
    """(inquiry, encrypted text) of all their messages."""
    statement = select(Entry.inquiry, Entry.text).where(Entry.inquiry.in_(inquiries))
    return [(row.inquiry, row.text) for row in (await session.execute(statement)).all()]


async def waiting_count(session: AsyncSession) -> int:
    return (await session.execute(select(func.count()).where(Inquiry.state == "with_expert"))).scalar_one()


async def notes(session: AsyncSession, inquiry: str) -> list[Note]:
    statement = select(Note).where(Note.inquiry == inquiry).order_by(Note.at, Note.id)
    return list((await session.execute(statement)).scalars())


async def canned(session: AsyncSession) -> list[CannedText]:
    return list(
        (await session.execute(select(CannedText).order_by(CannedText.title).limit(LISTED))).scalars()
    )


async def look(session: AsyncSession, inquiry: str, expert: str, at: datetime) -> None:
    """This expert has the thread open."""
    table = Presence.metadata.tables["presences"]
    statement = insert_for(session, table).values(inquiry=inquiry, expert=expert, at=at)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["inquiry", "expert"], set_={"at": at})
    )


async def others(session: AsyncSession, inquiry: str, expert: str, since: datetime) -> list[str]:
    """Who else has the thread open."""
    statement = select(Presence.expert).where(
        Presence.inquiry == inquiry, Presence.expert != expert, Presence.at > since
    )
    return list((await session.execute(statement)).scalars())


async def leave(session: AsyncSession, inquiry: str, expert: str) -> None:
    await session.execute(delete(Presence).where(Presence.inquiry == inquiry, Presence.expert == expert))
