"""What happens to jobs: each change is one transaction with its history, its window and its event."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.careers import events
from ahead.careers.importing.duplicates import bucket_of
from ahead.careers.jobs import lifecycle, repository
from ahead.careers.jobs.lifecycle import Standing
from ahead.careers.jobs.schemas import JobFacts, dump, parse
from ahead.careers.jobs.story import story_of
from ahead.careers.models import Company, History, Posting
from ahead.shared.ids import uuid7


class Job(msgspec.Struct, frozen=True):
    """A job as it is shown: the row, its facts and its employer."""

    row: Posting
    facts: JobFacts
    company: Company

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def path(self) -> str:
        return f"/careers/jobs/{self.row.id}"

    def is_open(self, at: datetime) -> bool:
        return self.row.merged_into is None and lifecycle.is_open(self.row, at)


def job_of(pair: repository.Pair) -> Job:
    return Job(pair[0], parse(pair[0].facts), pair[1])


def standing_of(row: Posting) -> Standing:
    return Standing(
        row.status, row.reason, row.published_at, row.confirmed_at, row.valid_through, row.open_from, row.open_until
    )  # fmt: skip


async def create(
    session: AsyncSession,
    company: Company,
    facts: JobFacts,
    at: datetime,
    *,
    by: str,
    source: str = "form",
    external_id: str = "",
) -> Posting:
    """A draft."""
    posting_id = uuid7()
    row = Posting(
        id=posting_id,
        company_id=company.id,
        facts=dump(facts),
        source=source,
        external_id=external_id or posting_id,
        example=company.example,
        story=story_of(company.id, facts),
        bucket=bucket_of(facts),
        created_at=at,
        updated_at=at,
    )
    session.add(row)
    await session.flush()
    session.add(History(posting_id=row.id, at=at, action="create", by=by, facts=row.facts))
    return row


async def change(
    session: AsyncSession,
    row: Posting,
    action: str,
    at: datetime,
    *,
    by: str,
    confirm_days: int,
    note: str = "",
    facts: JobFacts | None = None,
    **more: Any,
) -> None:
    """Do one action of `lifecycle.act` to a job, in the caller's transaction.

    Raises:
        Conflict: the job's state doesn't allow it.
    """
    before = standing_of(row)
    after = lifecycle.act(before, action, at, confirm_days=confirm_days, **more)
    for name in Standing.__struct_fields__:
        setattr(row, name, getattr(after, name))
    if facts is not None:
        if not await repository.has_written(session, row.id):
            # A long load writes what a job says once, with the job itself. It was not who changes it that said so.
            wrote = await repository.first_actor(session, row.id) or by
            session.add(
                History(posting_id=row.id, at=row.created_at, action="create", by=wrote, facts=row.facts)
            )
            await session.flush()
        row.facts = dump(facts)
        row.story = story_of(row.company_id, facts)
        row.bucket = bucket_of(facts)
        row.fingerprint = ""
    if action in ("confirm", "renew", "approve", "submit"):
        row.asked_at = None
    row.updated_at = at
    if after.status != before.status:
        row.closed_at = at if after.status == "closed" else None
    row.version += 1
    session.add(row)
    written = row.facts if facts is not None else ""
    session.add(History(posting_id=row.id, at=at, action=action, by=by, note=note[:1000], facts=written))
    if after.published_at is not None and before.published_at is None:
        await events.job_posted(session, row, by, at)
    await session.flush()
