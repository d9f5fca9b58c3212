"""Filling the board with example jobs: in bulk, each marked as an example, the former ones replaced."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import col

from ahead.careers.demo.generator import Example, examples
from ahead.careers.importing.duplicates import bucket_of
from ahead.careers.jobs.lifecycle import LONGEST, Standing, act
from ahead.careers.jobs.schemas import dump
from ahead.careers.jobs.story import story_of
from ahead.careers.models import Company, History, Posting
from ahead.careers.settings import Settings
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.ids import deterministic_id, uuid7

CHUNK = 1000


async def fill(
    database: Database,
    settings: Settings,
    clock: Clock,
    count: int,
    *,
    seed: int = 8,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Returns how many examples are on the board now. Real jobs stay as they are; scams are left out."""
    await clear(database)
    now = clock.now()
    companies: dict[str, str] = {}
    made = 0
    rows: list[dict[str, Any]] = []
    history: list[dict[str, Any]] = []
    fresh: list[dict[str, Any]] = []

    async def write() -> None:
        async with database.write() as session:
            for table, values in ((Company, fresh), (Posting, rows), (History, history)):
                if values:
                    await session.execute(insert(table), values)
        for values in (fresh, rows, history):
            values.clear()

    for one in examples(count, seed):
        if one.scam:
            continue
        company_id = companies.get(one.employer)
        if company_id is None:
            company_id = companies[one.employer] = uuid7()
            fresh.append(
                {
                    "id": company_id, "name": one.employer, "example": True, "standing": "trusted", "created_at": now,
                    "about": "<p>An invented employer.</p>", "website": "", "contact": "",
                }
            )  # fmt: skip
        row = _row(one, company_id, now, settings)
        rows.append(row)
        history.append({"posting_id": row["id"], "at": row["published_at"], "action": "submit", "by": "s:careers",
                        "note": "example", "facts": ""})  # fmt: skip
        made += 1
        if len(rows) == CHUNK:
            await write()
            if progress is not None:
                progress(made)
    await write()
    return made


def _row(one: Example, company_id: str, now: Any, settings: Settings) -> dict[str, Any]:
    posted = now - timedelta(days=min(one.age_days, settings.confirm_days - 1))
    standing = act(
        Standing(), "submit", posted, confirm_days=settings.confirm_days, valid_through=now + LONGEST / 2
    )
    return {
        "id": deterministic_id("example", str(one.number), one.employer),
        "company_id": company_id,
        "facts": dump(one.facts),
        "status": standing.status,
        "source": "demo",
        "external_id": str(one.number),
        "example": True,
        "story": story_of(company_id, one.facts),
        "bucket": bucket_of(one.facts),
        "created_at": posted,
        "updated_at": posted,
        "published_at": standing.published_at,
        "confirmed_at": standing.confirmed_at,
        "valid_through": standing.valid_through,
        "open_from": standing.open_from,
        "open_until": standing.open_until,
    }


async def clear(database: Database) -> None:
    """Take the examples off, with what visitors did to them."""
    async with database.write() as session:
        await session.execute(delete(Company).where(col(Company.example).is_(True)))
