"""A feed into the board: new jobs posted, changed ones edited, known ones confirmed, missing ones closed; then the
same job from several sources is shown once, with all its sources."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import IO, Any

import msgspec
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from ahead.careers.applications.outcome import tell_applicants
from ahead.careers.events import jobs_posted
from ahead.careers.importing.apart import CHUNK, Kind, chunks_of
from ahead.careers.importing.bulk import insert_all, long_load
from ahead.careers.importing.duplicates import Print, fingerprint_of, groups
from ahead.careers.importing.ready import Ready
from ahead.careers.jobs.lifecycle import Standing, act, seconds
from ahead.careers.jobs.schemas import parse
from ahead.careers.jobs.service import change
from ahead.careers.jobs.story import story_named
from ahead.careers.models import OUTBOX, Company, History, Posting
from ahead.careers.settings import SERVICE, Settings
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.events.subjects import type_of
from ahead.shared.ids import uuid7, uuid7s

# Tables, not classes: a bulk load has no use for objects.
_POSTINGS: Any = vars(Posting)["__table__"]
_HISTORY: Any = vars(History)["__table__"]
_BROUGHT = ("id", "company_id", "facts", "external_id", "story", "bucket", "fingerprint")


class Imported(msgspec.Struct):
    """Jobs of the feed by what became of them; `refused` with the first reasons."""

    posted: int = 0
    changed: int = 0
    confirmed: int = 0
    closed: int = 0
    held: int = 0
    merged: int = 0
    refused: int = 0
    reasons: list[str] = []


class Importer:
    """Feeds of operators name their employers, who are taken as named, and trusted. A company's own feed brings jobs of
    that company alone, whatever it says, and they are reviewed as those of its form are."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._companies: dict[str, str] = {}
        self._own: Company | None = None

    async def run(
        self, stream: IO[bytes], feed: str, *, own: Company | None = None, kind: str = "xml"
    ) -> Imported:
        """Take a feed over.

        Args:
            feed: the name of the source, at most 15 letters; a job is known by it and its reference number.
            own: the company whose own feed it is.
            kind: "xml" or "csv".

        Raises:
            BadInput: the feed can't be read to its end. What was read is imported, and nothing is closed.
        """
        source = f"feed:{feed[:15]}"
        done = Imported()
        now = self._clock.now()
        self._companies = {}
        self._own = own
        missing = await self._open_before(source)
        async with long_load(self._database):
            await self._take(stream, source, "csv" if kind == "csv" else "xml", now, done, missing)
        await self._close(list(missing.values()), now, done)
        done.merged = await self.merge()
        return done

    async def _take(
        self,
        stream: IO[bytes],
        source: str,
        kind: Kind,
        now: datetime,
        done: Imported,
        missing: dict[str, str],
    ) -> None:
        """Write what the feed brings; what is `missing` from it is left there."""
        name = self._own.name if self._own is not None else ""
        with closing(chunks_of(stream, kind, name)) as chunks:
            chunk = await asyncio.to_thread(next, chunks, None)
            while chunk is not None:
                # The next jobs are read while these are written.
                writing = asyncio.create_task(self._chunk(chunk, source, now, done, missing))
                try:
                    chunk = await asyncio.to_thread(next, chunks, None)
                finally:
                    await writing

    @property
    def _unknown(self) -> bool:
        """Whether a person looks at each of these jobs first."""
        return self._own is not None and self._own.standing != "trusted"

    async def _chunk(
        self, chunk: Sequence[Ready], source: str, now: datetime, done: Imported, missing: dict[str, str]
    ) -> None:
        fresh: dict[str, tuple[str, Ready]] = {}
        async with self._database.write() as session:
            await self._name(session, {one.company for one in chunk if not one.problem}, now)
            for one in chunk:
                if one.problem:
                    done.refused += 1
                    if len(done.reasons) < 20:
                        done.reasons.append(f"{one.reference or 'a job'}: {one.problem}")
                    continue
                company_id = self._companies[one.company]
                fresh[f"{company_id}/{one.reference}"] = (company_id, one)
            known = await self._known(session, source, list(fresh))
            for key, row in known.items():
                missing.pop(key, None)
                await self._again(session, row, fresh.pop(key)[1], now, done)
            await self._post(session, source, list(fresh.values()), now, done)

    async def _known(self, session: AsyncSession, source: str, keys: Sequence[str]) -> dict[str, Posting]:
        references = [key.split("/", 1)[1] for key in keys]
        statement = select(Posting).where(
            col(Posting.source) == source, col(Posting.external_id).in_(references)
        )
        if self._own is not None:
            statement = statement.where(col(Posting.company_id) == self._own.id)
        rows = (await session.scalars(statement)).all()
        held = {f"{row.company_id}/{row.external_id}": row for row in rows}
        return {key: held[key] for key in keys if key in held}

    async def _name(self, session: AsyncSession, names: set[str], now: datetime) -> None:
        """Find or make the employers of these names."""
        if self._own is not None:
            self._companies[self._own.name] = self._own.id
            return
        missing = sorted(names - self._companies.keys())
        if not missing:
            return
        statement = select(col(Company.name), col(Company.id)).where(col(Company.name).in_(missing))
        for row in (await session.execute(statement)).all():
            self._companies.setdefault(row[0], row[1])
        made = [
            {"id": uuid7(), "name": name, "standing": "trusted", "created_at": now, "about": "", "website": "",
             "contact": "", "example": False}
            for name in missing if name not in self._companies
        ]  # fmt: skip
        if made:
            await session.execute(insert(Company), made)
            self._companies.update((str(row["name"]), str(row["id"])) for row in made)

    async def _again(
        self, session: AsyncSession, row: Posting, one: Ready, now: datetime, done: Imported
    ) -> None:
        """A job that was in the feed before: it being there still is its employer's word that it is open."""
        days = self._settings.confirm_days
        facts = parse(one.facts) if one.facts != row.facts else None
        if (
            facts is not None
            and facts != parse(row.facts)
            and row.status in ("open", "paused", "review", "held")
        ):
            await change(
                session, row, "edit", now, by="s:feed", confirm_days=days, facts=facts,
                review=one.flagged or self._unknown,
            )  # fmt: skip
            done.changed += 1
        if row.status == "open":
            await change(session, row, "confirm", now, by="s:feed", confirm_days=days)
            done.confirmed += 1
        elif row.status == "closed" and row.reason in ("expired", "unconfirmed", "cancelled"):
            await change(session, row, "renew", now, by="s:feed", confirm_days=days)
            done.posted += 1

    async def _post(
        self,
        session: AsyncSession,
        source: str,
        fresh: Sequence[tuple[str, Ready]],
        now: datetime,
        done: Imported,
    ) -> None:
        opened: list[tuple[Any, ...]] = []
        waiting: list[tuple[Any, ...]] = []
        for posting_id, (company_id, one) in zip(uuid7s(len(fresh)), fresh, strict=True):
            row = (
                posting_id, company_id, one.facts, one.reference, story_named(company_id, one.told), one.bucket,
                one.fingerprint,
            )  # fmt: skip
            (waiting if one.flagged or self._unknown else opened).append(row)
        for rows, review in ((opened, False), (waiting, True)):
            standing = act(Standing(), "submit", now, confirm_days=self._settings.confirm_days, review=review)
            same = {
                "source": source, "created_at": now, "updated_at": now, "example": False, "merged_into": None,
                "asked_at": None, "closed_at": None, "version": 1, "indexed": 0, **msgspec.structs.asdict(standing),
            }  # fmt: skip
            await insert_all(session, _POSTINGS, _BROUGHT, rows, same)
        acted = {"at": now, "action": "submit", "by": "s:feed", "note": source, "facts": ""}
        await insert_all(session, _HISTORY, ("posting_id",), [row[:1] for row in opened + waiting], acted)
        await insert_all(
            session, OUTBOX, ("event_id", "body"), jobs_posted([row[0] for row in opened], now),
            {"subject": type_of(SERVICE, "job.posted"), "created_at": now},
        )  # fmt: skip
        done.posted += len(opened)
        done.held += len(waiting)

    async def _open_before(self, source: str) -> dict[str, str]:
        """The jobs of this feed that somebody may close, by employer and reference."""
        there = select(col(Posting.id), col(Posting.company_id), col(Posting.external_id)).where(
            col(Posting.source) == source, col(Posting.status).in_(("open", "paused", "review"))
        )
        if self._own is not None:
            there = there.where(col(Posting.company_id) == self._own.id)
        async with self._database.read() as session:
            rows: Sequence[Any] = (await session.execute(there)).all()
        return {f"{company_id}/{reference}": one for one, company_id, reference in rows}

    async def _close(self, gone: Sequence[str], now: datetime, done: Imported) -> None:
        for start in range(0, len(gone), CHUNK):
            async with self._database.write() as session:
                for row, company in await self._pairs(session, gone[start : start + CHUNK]):
                    if row.status == "closed":
                        continue
                    await change(
                        session, row, "close", now, by="s:feed", confirm_days=self._settings.confirm_days,
                        reason="cancelled",
                    )  # fmt: skip
                    await tell_applicants(session, self._clock, row, company)
                    done.closed += 1

    async def _pairs(self, session: AsyncSession, ids: Sequence[str]) -> Sequence[tuple[Posting, Company]]:
        statement = (
            select(Posting, Company)
            .join(Company, col(Posting.company_id) == col(Company.id))
            .where(col(Posting.id).in_(ids))
        )
        rows: Sequence[Any] = (await session.execute(statement)).all()
        return [(row[0], row[1]) for row in rows]

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
                    for row, company in await self._pairs(session, ids[start : start + CHUNK])
                }
                await session.execute(kept, [{"one": one, "written": text} for one, text in some.items()])
            made |= some
        return made
