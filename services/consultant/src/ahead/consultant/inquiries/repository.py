"""Statements about threads and the ledger."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.consultant.models import Entry, Inquiry, LinkedAddress, RawMail, Sent, Suppressed

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false


async def raw(session: AsyncSession, mail_id: str) -> RawMail | None:
    return await session.get(RawMail, mail_id)


async def inquiry(session: AsyncSession, inquiry_id: str) -> Inquiry | None:
    return await session.get(Inquiry, inquiry_id)


async def thread_of(session: AsyncSession, sender: str, message_ids: list[str]) -> Inquiry | None:
    """The sender's own thread that one of these messages belongs to; other people's are never found."""
    statement = (
        select(Inquiry)
        .join(Entry, Entry.inquiry == Inquiry.id)
        .where(Entry.message_id.in_(message_ids), Inquiry.sender == sender)
        .order_by(Entry.at.desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalars().first()


async def seen(session: AsyncSession, sender: str, message_id: str, digest: str, since: datetime) -> bool:
    """Whether this person's message came before: the same Message-ID ever, the same words lately."""
    statement = (
        select(Entry.id)
        .join(Inquiry, Inquiry.id == Entry.inquiry)
        .where(
            Inquiry.sender == sender,
            Entry.author == "you",
            (Entry.message_id == message_id) | ((Entry.digest == digest) & (Entry.at > since)),
        )
        .limit(1)
    )
    return (await session.execute(statement)).first() is not None


async def linked(session: AsyncSession, sender: str) -> LinkedAddress | None:
    return await session.get(LinkedAddress, sender)


async def suppressed(session: AsyncSession, address: str) -> bool:
    return await session.get(Suppressed, address) is not None


async def was_invited(session: AsyncSession, sender: str) -> bool:
    statement = select(Sent.id).where(Sent.sender == sender, Sent.step == "invitation").limit(1)
    return (await session.execute(statement)).first() is not None


async def mails_to(session: AsyncSession, sender: str, since: datetime) -> int:
    statement = select(func.count()).where(Sent.sender == sender, Sent.created_at > since, Sent.automatic)
    return (await session.execute(statement)).scalar_one()


async def mails_in_all(session: AsyncSession, since: datetime) -> int:
    statement = select(func.count()).select_from(Sent).where(Sent.created_at > since, Sent.automatic)
    return (await session.execute(statement)).scalar_one()


async def automatic_turns(session: AsyncSession, inquiry_id: str, now: datetime) -> int:
    statement = select(func.count()).where(
        Sent.inquiry == inquiry_id, Sent.automatic, Sent.created_at > now - timedelta(days=1)
    )
    return (await session.execute(statement)).scalar_one()


async def entries(session: AsyncSession, inquiry_id: str) -> list[Entry]:
    statement = select(Entry).where(Entry.inquiry == inquiry_id).order_by(Entry.at, Entry.id)
    return list((await session.execute(statement)).scalars())


async def sent(session: AsyncSession, sent_id: str) -> Sent | None:
    return await session.get(Sent, sent_id)


async def of_account(session: AsyncSession, account: str) -> list[Inquiry]:
    """The newest hundred of an account."""
    statement = (
        select(Inquiry).where(Inquiry.account == account).order_by(Inquiry.created_at.desc()).limit(100)
    )
    return list((await session.execute(statement)).scalars())


async def waiting(session: AsyncSession) -> list[Inquiry]:
    """What waits for an expert, the oldest first."""
    statement = select(Inquiry).where(Inquiry.state == "with_expert").order_by(Inquiry.created_at).limit(200)
    return list((await session.execute(statement)).scalars())
