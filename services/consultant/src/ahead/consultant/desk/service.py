"""What an expert does with a thread: takes it, reads it whole, notes, answers it, in the same thread."""

import asyncio
import hashlib
import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.consultant import events
from ahead.consultant.asking.service import Said, said_of
from ahead.consultant.desk import repository as rows
from ahead.consultant.inquiries import repository, texts
from ahead.consultant.inquiries.steps import record_step
from ahead.consultant.models import OUTBOX, CannedText, Inquiry, Note
from ahead.consultant.parts import Parts
from ahead.consultant.replies import Reply, decode, to_text
from ahead.shared.db import outbox
from ahead.shared.errors import BadInput, Conflict, NotFound
from ahead.shared.ids import uuid7
from ahead.shared.phi import mask

MAX_ANSWER = 20_000
MAX_NOTE = 4_000
PAGE = 50
SEARCH_FOR_S = 2.0
# A page says every 30 seconds that it is open.
OPEN_FOR = timedelta(seconds=75)


@dataclass(frozen=True)
class Case:
    """A thread as the desk lists it. ``left``: until the promise ends; negative once it has."""

    id: str
    subject: str
    state: str
    why: str
    plan: str
    origin: str
    assigned_to: str
    created_at: datetime
    left: timedelta | None

    @property
    def overdue(self) -> bool:
        return self.left is not None and self.left < timedelta()

    @property
    def clock(self) -> str:
        """What is left of the promise, as people say it."""
        if self.left is None:
            return ""
        minutes = abs(int(self.left.total_seconds())) // 60
        text = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
        return f"overdue by {text}" if self.overdue else f"{text} left"


@dataclass(frozen=True)
class Hits:
    """A page of what was found. ``further``: where the next page goes on; empty at the end."""

    cases: list[Case]
    further: str = ""


@dataclass(frozen=True)
class Folder:
    """A thread with all that the desk knows of it."""

    case: Case
    said: tuple[Said, ...]
    notes: tuple[tuple[str, datetime, str], ...]
    draft: Reply | None
    evidence: str
    others: int


class Desk:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def queue(self, expert: str = "") -> list[Case]:
        async with self._parts.database.read() as session:
            found = await rows.queue(session, expert)
        return [self._case(one) for one in found]

    async def doubts(self) -> int:
        """How many threads `in_doubt` has in all."""
        async with self._parts.database.read() as session:
            return await rows.doubts(session)

    async def in_doubt(self, newer_than: str = "") -> Hits:
        """Who isn't registered and may be a machine: nothing has answered them. A page, the oldest first.

        Args:
            newer_than: ``Hits.further`` of the page before.
        """
        async with self._parts.database.read() as session:
            last = await repository.inquiry(session, newer_than) if newer_than else None
            found = await rows.in_doubt(session, (last.created_at, last.id) if last else None)
        return Hits([self._case(one) for one in found], found[-1].id if len(found) == rows.LISTED else "")

    async def search(self, words: str, older_than: str = "") -> Hits:
        """Threads, waiting or done, with all of these words in subject or text, the newest first.

        All threads are gone through, some hundred at a time: what was said lies encrypted, and is opened to be
        searched. A page ends when it is full or its time is up.

        Args:
            older_than: ``Hits.further`` of the page before.
        """
        wanted = words.lower().split()
        found: list[Case] = []
        began = time.monotonic()
        async with self._parts.database.read() as session:
            last = await repository.inquiry(session, older_than) if older_than else None
        at = (last.created_at, last.id) if last else None
        while True:
            async with self._parts.database.read() as session:
                batch = await rows.before(session, at)
                said = await rows.texts_of(session, [one.id for one in batch])
            hits = await asyncio.to_thread(self._matching, batch, said, wanted)
            for one in batch:
                at = (one.created_at, one.id)
                if one.id in hits:
                    found.append(self._case(one))
                if len(found) == PAGE:
                    return Hits(found, one.id)
            if len(batch) < rows.BATCH:
                return Hits(found)
            if time.monotonic() - began > SEARCH_FOR_S:
                return Hits(found, batch[-1].id)

    def _matching(self, batch: list[Inquiry], said: list[tuple[str, bytes]], wanted: list[str]) -> set[str]:
        whole = {one.id: [self._parts.unseal(one.subject)] for one in batch}
        for inquiry, text in said:
            whole[inquiry].append(self._parts.unseal(text))
        return {
            inquiry
            for inquiry, texts_ in whole.items()
            if all(word in "\n".join(texts_).lower() for word in wanted)
        }

    async def folder(self, inquiry_id: str, expert: str) -> Folder:
        """Opening a thread is seen by others. Raises NotFound."""
        now = self._parts.clock.now()
        async with self._parts.database.write() as session:
            row = await self._inquiry(session, inquiry_id)
            entries = await repository.entries(session, inquiry_id)
            notes = await rows.notes(session, inquiry_id)
            await rows.look(session, inquiry_id, expert, now)
            others = await rows.others(session, inquiry_id, expert, now - OPEN_FOR)
        unseal = self._parts.unseal
        evidence: Any = json.loads(unseal(row.evidence)) if row.evidence else None
        return Folder(
            case=self._case(row),
            said=tuple(said_of(self._parts, one) for one in entries),
            notes=tuple((one.by, one.at, unseal(one.text)) for one in notes),
            draft=decode(unseal(row.draft)) if row.draft else None,
            evidence=json.dumps(evidence, indent=2, ensure_ascii=False) if evidence else "",
            others=len(others),
        )

    async def presence(self, inquiry_id: str, expert: str) -> tuple[int, int]:
        """(how many others have it open, how many messages it has); tells the others that it is open here."""
        now = self._parts.clock.now()
        async with self._parts.database.write() as session:
            await self._inquiry(session, inquiry_id)
            await rows.look(session, inquiry_id, expert, now)
            others = await rows.others(session, inquiry_id, expert, now - OPEN_FOR)
            return len(others), len(await repository.entries(session, inquiry_id))

    async def assign(self, inquiry_id: str, expert: str, *, take: bool) -> None:
        """Take a thread, also from somebody else, or give it back. Raises NotFound."""
        async with self._parts.database.write() as session:
            row = await self._inquiry(session, inquiry_id)
            row.assigned_to = expert if take else ""

    async def note(self, inquiry_id: str, expert: str, text: str) -> None:
        """Raises BadInput, NotFound."""
        text = text.strip()
        if not text or len(text) > MAX_NOTE:
            raise BadInput(f"Write a note, at most {MAX_NOTE:,} characters.")
        async with self._parts.database.write() as session:
            await self._inquiry(session, inquiry_id)
            sealed = self._parts.seal(mask(text).text)
            session.add(
                Note(id=uuid7(), inquiry=inquiry_id, by=expert, text=sealed, at=self._parts.clock.now())
            )

    async def answer(self, inquiry_id: str, expert: str, text: str, seen: int) -> bool:
        """Answer as a person. Says whether it was in doubt that one had asked.

        Args:
            seen: how many messages the expert saw; more have come, nothing is sent.

        Raises:
            BadInput, NotFound, Conflict
        """
        text = text.strip()
        if not text or len(text) > MAX_ANSWER:
            raise BadInput(f"Write an answer, at most {MAX_ANSWER:,} characters.")
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        doubted = False
        async with self._parts.database.write() as session:
            inquiry = await self._inquiry(session, inquiry_id)
            count = len(await repository.entries(session, inquiry_id))
            if count != seen:
                raise Conflict(
                    "Something was added to this thread meanwhile: read it, then send your answer again."
                )
            step = f"expert:{seen}:{digest}"
            if await record_step(self._parts, session, inquiry, step, text, expert=expert):
                inquiry.state, inquiry.why, inquiry.draft = "answered", "", None
                doubted, inquiry.in_doubt = inquiry.in_doubt, False
                event = events.about("reply.sent", inquiry, step, self._parts.clock)
                await outbox.record(session, OUTBOX, event, clock=self._parts.clock)
            await rows.leave(session, inquiry_id, expert)
        return doubted

    async def close(self, inquiry_id: str, expert: str) -> bool:
        """Nothing is to be answered any more. Says whether it was in doubt that one had asked. Raises NotFound."""
        async with self._parts.database.write() as session:
            inquiry = await self._inquiry(session, inquiry_id)
            inquiry.state, inquiry.why = "answered", "closed by a coder without an answer"
            doubted, inquiry.in_doubt = inquiry.in_doubt, False
            await rows.leave(session, inquiry_id, expert)
        return doubted

    async def canned(self) -> list[CannedText]:
        async with self._parts.database.read() as session:
            return await rows.canned(session)

    async def keep_canned(self, expert: str, title: str, text: str, key: str = "") -> None:
        """Add a text, or change one. Raises BadInput, NotFound."""
        title, text = " ".join(title.split()), text.strip()
        if not title or not text or len(title) > 120 or len(text) > MAX_ANSWER:
            raise BadInput("A text needs a title of at most 120 characters, and something to say.")
        async with self._parts.database.write() as session:
            row = await session.get(CannedText, key) if key else _new_text(self._parts.clock.now())
            if row is None:
                raise NotFound("There is no such text any more.")
            row.title, row.text, row.by, row.at = title, text, expert, self._parts.clock.now()
            session.add(row)

    async def drop_canned(self, key: str) -> None:
        async with self._parts.database.write() as session:
            row = await session.get(CannedText, key)
            if row is not None:
                await session.delete(row)

    async def _inquiry(self, session: AsyncSession, inquiry_id: str) -> Inquiry:
        row = await repository.inquiry(session, inquiry_id)
        if row is None:
            raise NotFound("There is no such inquiry.")
        return row

    def _case(self, row: Inquiry) -> Case:
        running = row.due_at if row.state == "with_expert" else None
        return Case(
            id=row.id,
            subject=self._parts.unseal(row.subject) or "(no subject)",
            state=row.state,
            why=row.why,
            plan=row.plan,
            origin=row.origin,
            assigned_to=row.assigned_to,
            created_at=row.created_at,
            left=running - self._parts.clock.now() if running else None,
        )


def _new_text(at: datetime) -> CannedText:
    return CannedText(id=uuid7(), title="", text="", by="", at=at)


def draft_text(draft: Reply) -> str:
    """The machine's draft as an expert would send it: without what only a machine says."""
    return to_text(draft).replace(texts.ANSWER_END, "").replace(texts.PART_WITH_EXPERT, "").strip()
