"""Inquiries of an account, asked on the page or through the API, and read again by their owner only."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from ahead.consultant import events
from ahead.consultant.inquiries import repository
from ahead.consultant.inquiries.service import ANSWER, LIMITS, MAX_QUESTION
from ahead.consultant.models import ALLOWANCE, JOBS, OUTBOX, Entry, Inquiry
from ahead.consultant.parts import Parts
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import period_of
from ahead.shared.db import outbox
from ahead.shared.errors import BadInput, NotFound, Problem
from ahead.shared.ids import uuid7
from ahead.shared.metering.allowance import take
from ahead.shared.phi import mask


@dataclass(frozen=True)
class Said:
    """One message of a thread: "you", "automatic" or "expert"."""

    author: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Thread:
    id: str
    subject: str
    state: str
    why: str
    created_at: datetime
    said: tuple[Said, ...] = ()


class Asking:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def ask(self, principal: Principal, subject: str, text: str) -> str:
        """Take an inquiry; returns its id.

        Raises:
            BadInput: nothing was asked.
            Problem: the month's inquiries are used up.
        """
        text = text.strip()
        if not text or len(text) > MAX_QUESTION:
            raise BadInput(f"Write your question, at most {MAX_QUESTION:,} characters.")
        now = self._parts.clock.now()
        masked = mask(text)
        inquiry = Inquiry(
            id=uuid7(),
            sender=self._parts.keybox.blind(principal.subject),
            address=b"",
            account=principal.subject,
            plan=principal.plan,
            subject=self._parts.seal(mask(subject.strip()).text[:300] or masked.text[:60]),
            created_at=now,
        )
        limit = LIMITS.get(principal.plan, 0)
        async with self._parts.database.write() as session:
            taken = await take(
                session,
                ALLOWANCE,
                metric="inquiry",
                principal=principal.subject,
                thing=inquiry.id,
                period=period_of(now),
                limit=limit,
                at=now,
            )
            if taken.outcome == "denied":
                raise Problem(
                    "allowance-used-up",
                    "No inquiries left this month",
                    403,
                    f"Your plan has {limit} inquiries a month, and they are used up.",
                )
            session.add(inquiry)
            await session.flush()
            entry = Entry(
                id=uuid7(),
                inquiry=inquiry.id,
                author="you",
                message_id=self._parts.keybox.blind(inquiry.id),
                header=self._parts.seal(""),
                digest=hashlib.sha256(masked.text.encode()).hexdigest(),
                text=self._parts.seal(masked.text),
                masked=masked.total,
                at=now,
            )
            session.add(entry)
            event = events.about("inquiry.received", inquiry, entry.id, self._parts.clock)
            await outbox.record(session, OUTBOX, event, clock=self._parts.clock)
            args = {"entry": entry.id, "inquiry": inquiry.id}
            await outbox.enqueue(
                session, JOBS, ANSWER, args, key=f"answer:{entry.id}", clock=self._parts.clock
            )
        return inquiry.id

    async def own(self, principal: Principal) -> list[Thread]:
        async with self._parts.database.read() as session:
            rows = await repository.of_account(session, principal.subject)
        return [self._thread(row) for row in rows]

    async def get_inquiry_for(self, principal: Principal, inquiry_id: str) -> Thread:
        """Raises NotFound: also for somebody else's."""
        async with self._parts.database.read() as session:
            row = await repository.inquiry(session, inquiry_id)
            if row is None or row.account != principal.subject:
                raise NotFound("There is no such inquiry of yours.")
            entries = await repository.entries(session, inquiry_id)
        return self._thread(row, entries)

    def _thread(self, row: Inquiry, entries: list[Entry] | None = None) -> Thread:
        said = tuple(Said(entry.author, entry.at, self._parts.unseal(entry.text)) for entry in entries or ())
        return Thread(row.id, self._parts.unseal(row.subject), row.state, row.why, row.created_at, said)
