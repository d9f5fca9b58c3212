"""A feed into the board: new jobs posted, changed ones edited, known ones confirmed, missing ones closed; then the
same job from several sources is shown once, with all its sources."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import IO, Any

import msgspec
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from ahead.careers.applications.outcome import tell_applicants
from ahead.careers.events import jobs_posted
from ahead.careers.importing.apart import CHUNK, Kind, chunks_of
from ahead.careers.importing.bulk import insert_all, long_load
from ahead.careers.importing.merging import Merging
from ahead.careers.importing.ready import Ready
from ahead.careers.jobs.lifecycle import Standing, act
from ahead.careers.jobs.repository import pairs_of
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
_HELD = ("id", "company_id", "external_id", "facts", *Standing.__struct_fields__)
_CONFIRMED = (
    update(_POSTINGS)
    .where(_POSTINGS.c.id == bindparam("one"))
    .values(
        open_from=bindparam("begins"), open_until=bindparam("ends"), asked_at=None,
        version=_POSTINGS.c.version + 1,
    )
)  # fmt: skip
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


def _same(one: str, other: str) -> bool:
    """Whether two written facts say the same; most are written the same, too."""
    return one == other or parse(one) == parse(other)


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
            changed: dict[str, Ready] = {}
            there: list[Any] = []
            for key, row in known.items():
                missing.pop(key, None)
                one = fresh.pop(key)[1]
                if row.status == "open" and _same(one.facts, row.facts):
                    there.append(row)
                else:
                    changed[row.id] = one
            await self._confirm(session, there, now, done)
            if changed:
                rows = await session.scalars(select(Posting).where(col(Posting.id).in_(changed)))
                for posting in rows.all():
                    await self._again(session, posting, changed[posting.id], now, done)
            await self._post(session, source, list(fresh.values()), now, done)

    async def _known(self, session: AsyncSession, source: str, keys: Sequence[str]) -> dict[str, Any]:
        """Rows of `_HELD` by employer and reference."""
        table: Any = _POSTINGS.c
        references = [key.split("/", 1)[1] for key in keys]
        statement: Any = select(*(table[name] for name in _HELD)).where(
            table.source == source, table.external_id.in_(references)
        )
        if self._own is not None:
            statement = statement.where(table.company_id == self._own.id)
        rows: Sequence[Any] = (await session.execute(statement)).all()
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

    async def _confirm(
        self, session: AsyncSession, rows: Sequence[Any], now: datetime, done: Imported
    ) -> None:
        """Jobs that are in the feed as they were: that is their employer's word that they are open. It is written down
        once a day, however often the feed is fetched."""
        done.confirmed += len(rows)
        old = [row for row in rows if row.confirmed_at.date() < now.date()]
        if not old:
            return
        values: list[dict[str, Any]] = []
        for row in old:
            standing = Standing(**{name: getattr(row, name) for name in Standing.__struct_fields__})
            after = act(standing, "confirm", now, confirm_days=self._settings.confirm_days)
            values.append({"one": row.id, "begins": after.open_from, "ends": after.open_until})
        await session.execute(_CONFIRMED.values(confirmed_at=now, updated_at=now), values)
        acted = {"at": now, "action": "confirm", "by": "s:feed", "note": "", "facts": ""}
        await insert_all(session, _HISTORY, ("posting_id",), [(row.id,) for row in old], acted)

    async def _again(
        self, session: AsyncSession, row: Posting, one: Ready, now: datetime, done: Imported
    ) -> None:
        """A job that was in the feed before, and is another one now or isn't open."""
        days = self._settings.confirm_days
        if not _same(one.facts, row.facts) and row.status in ("open", "paused", "review", "held"):
            await change(
                session, row, "edit", now, by="s:feed", confirm_days=days, facts=parse(one.facts),
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
                for row, company in await pairs_of(session, gone[start : start + CHUNK]):
                    if row.status == "closed":
                        continue
                    await change(
                        session, row, "close", now, by="s:feed", confirm_days=self._settings.confirm_days,
                        reason="cancelled",
                    )  # fmt: skip
                    await tell_applicants(session, self._clock, row, company)
                    done.closed += 1

    async def merge(self) -> int:
        """See `Merging`."""
        return await Merging(self._database, self._clock).merge()
