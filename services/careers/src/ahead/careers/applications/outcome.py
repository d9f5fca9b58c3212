"""Telling everybody who applied what became of the job: a board that doesn't leaves people waiting."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from ahead.careers.jobs.lifecycle import CLOSE_REASONS
from ahead.careers.jobs.schemas import parse
from ahead.careers.mails import service as mails
from ahead.careers.models import Application, Company, Posting
from ahead.shared.clock import Clock


async def tell_applicants(session: AsyncSession, clock: Clock, row: Posting, company: Company) -> int:
    """Everybody who applied and was never told the outcome hears that the job is closed; once a closing."""
    waiting = select(Application).where(
        Application.posting_id == row.id,
        col(Application.stage).in_(("new", "reviewed", "interview", "offer")),
    )
    told = 0
    title = parse(row.facts).title
    for application in (await session.scalars(waiting)).all():
        sent = await mails.queue(
            session,
            clock,
            kind="job_closed",
            key=(application.id, str(row.version)),
            recipient=application.email,
            subject=f"The job you applied for is closed: {title}",
            body=f"Hello {application.name},\n\n{company.name} has closed the job {title}, for which you applied.\n"
            f"{CLOSE_REASONS.get(row.reason, '')}\n\nWhere your application stands is shown in CareerCenter.\n",
        )
        told += sent is not None
    return told
