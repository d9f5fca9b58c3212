"""The same job from several sources is shown once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from ahead.careers.importing.apart import CHUNK
from ahead.careers.importing.duplicates import Print, fingerprint_of, groups
from ahead.careers.jobs.lifecycle import seconds
from ahead.careers.jobs.repository import pairs_of
from ahead.careers.jobs.schemas import parse
from ahead.careers.models import Posting
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database

_POSTINGS: Any = vars(Posting)["__table__"]


class Merging:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def merge(self) -> int:
        """Show each job once: the first post of a group stays, the others lead to it. Returns how many were merged.

        Done anew each time, because the first one may have closed.
        """
        now = seconds(self._clock.now())
        open_now = (col(Posting.bucket) != "", col(Posting.open_from) <= now, col(Posting.open_until) > now)
        # A post that is alone in its bucket can't be another one's double: its words needn't be read.
        shared = (
            select(col(Posting.bucket))
            .where(*open_now)
            .group_by(col(Posting.bucket))
            .having(func.count() > 1)
        )
        compared: Any = (
            select(col(Posting.id), col(Posting.bucket), col(Posting.fingerprint))
            .where(*open_now, col(Posting.bucket).in_(shared))
            .order_by(col(Posting.published_at), col(Posting.id))
        )
        merged: Any = select(col(Posting.id), col(Posting.merged_into)).where(
            col(Posting.merged_into).is_not(None)
        )
        async with self._database.read() as session:
            held: Sequence[Any] = (await session.execute(compared)).all()
            rows: Sequence[Any] = (await session.execute(merged)).all()
            before: dict[str, str] = {row[0]: row[1] for row in rows}
        written = {row[0]: row[2] for row in held}
        written |= await self._fingerprints([one for one, text in written.items() if not text])
        prints = [Print(row[0], row[1], written[row[0]]) for row in held if row[0] in written]
        into = {other: group[0] for group in groups(prints) for other in group[1:]}
        wrong = [one for one in {**before, **into} if before.get(one) != into.get(one)]
        moved = update(_POSTINGS).where(_POSTINGS.c.id == bindparam("one"))
        moved = moved.values(merged_into=bindparam("other"), version=_POSTINGS.c.version + 1)
        for start in range(0, len(wrong), CHUNK):
            values = [{"one": one, "other": into.get(one)} for one in wrong[start : start + CHUNK]]
            async with self._database.write() as session:
                await session.execute(moved, values)
        return sum(one in into for one in wrong)

    async def _fingerprints(self, ids: Sequence[str]) -> dict[str, str]:
        """Make and keep those that are missing."""
        made: dict[str, str] = {}
        kept = update(_POSTINGS).where(_POSTINGS.c.id == bindparam("one"))
        kept = kept.values(fingerprint=bindparam("written"))
        for start in range(0, len(ids), CHUNK):
            async with self._database.write() as session:
                some = {
                    row.id: fingerprint_of(parse(row.facts), company.name)
                    for row, company in await pairs_of(session, ids[start : start + CHUNK])
                }
                await session.execute(kept, [{"one": one, "written": text} for one, text in some.items()])
            made |= some
        return made
