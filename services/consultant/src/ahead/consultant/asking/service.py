"""Inquiries of an account, asked on the page or through the API, and read again by their owner only."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from textwrap import shorten
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.consultant import events
from ahead.consultant.inquiries import assistant, attached, repository
from ahead.consultant.inquiries.attached import Attached
from ahead.consultant.inquiries.escalation import escalate
from ahead.consultant.inquiries.questions import asks_for_human
from ahead.consultant.inquiries.service import ANSWER, LIMITS, MAX_QUESTION
from ahead.consultant.models import ALLOWANCE, JOBS, OUTBOX, Entry, Inquiry
from ahead.consultant.parts import Parts
from ahead.consultant.replies import Part, Reply, decode
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import period_of
from ahead.shared.db import outbox
from ahead.shared.errors import BadInput, NotFound, Problem
from ahead.shared.ids import uuid7
from ahead.shared.metering.allowance import take
from ahead.shared.phi import mask

MOST_EVIDENCE = 200_000  # characters of JSON
INQUIRE = "consultant:inquire"


@dataclass(frozen=True)
class Said:
    """One message of a thread: "you", "automatic" or "expert". ``reply``: an automatic answer in its parts."""

    author: str
    at: datetime
    text: str
    reply: Reply | None = None
    by: str = ""
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True)
class Thread:
    id: str
    subject: str
    state: str
    why: str
    created_at: datetime
    said: tuple[Said, ...] = ()


def said_of(parts: Parts, entry: Entry) -> Said:
    reply = decode(parts.unseal(entry.content)) if entry.content else None
    files = tuple(attached.decode(parts.unseal(entry.attached))) if entry.attached else ()
    return Said(entry.author, entry.at, parts.unseal(entry.text), reply, entry.by, files)


class Asking:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def ask(
        self,
        principal: Principal,
        subject: str,
        text: str,
        *,
        origin: str = "page",
        as_of: date | None = None,
        conversation: str = "",
        evidence: Any = None,
    ) -> Inquiry:
        """Take an inquiry.

        Args:
            conversation: CasePilot's, where somebody asks a coder from there: it goes to the experts at once.
            evidence: what CasePilot answered and found, for the expert to see.

        Raises:
            BadInput: nothing was asked, or too much.
            Problem: the month's inquiries are used up.
        """
        masked = mask(_checked(text))
        from_casepilot = bool(conversation or evidence)
        now = self._parts.clock.now()
        inquiry = Inquiry(
            id=uuid7(),
            sender=self._parts.keybox.blind(principal.subject),
            address=b"",
            account=principal.subject,
            plan=principal.plan if principal.plan in LIMITS else "free",
            subject=self._parts.seal(
                mask(subject.strip()).text[:300] or shorten(masked.text, 60, placeholder="…")
            ),
            origin="casepilot" if from_casepilot else origin,
            as_of=as_of,
            conversation=conversation[:80],
            evidence=self._evidence(evidence),
            created_at=now,
        )
        async with self._parts.database.write() as session:
            await self._charge(session, principal, inquiry)
            session.add(inquiry)
            await session.flush()
            # What anybody else sends as evidence is shown as such, never as the machine's draft.
            draft = self._draft(inquiry) if principal.has_scope(INQUIRE) else None
            await self._add(
                session, inquiry, masked.text, masked.counts, hand_over=from_casepilot, draft=draft
            )
        return inquiry

    async def reply(self, principal: Principal, inquiry_id: str, text: str) -> None:
        """Write on in one's own thread; it costs nothing more. Raises BadInput, NotFound."""
        masked = mask(_checked(text))
        async with self._parts.database.write() as session:
            inquiry = await self._own(session, principal, inquiry_id)
            await self._add(session, inquiry, masked.text, masked.counts)

    async def _add(
        self,
        session: AsyncSession,
        inquiry: Inquiry,
        text: str,
        counts: Any,
        *,
        hand_over: bool = False,
        draft: Reply | None = None,
    ) -> None:
        parts = self._parts
        digest = hashlib.sha256(text.encode()).hexdigest()
        earlier = await repository.entries(session, inquiry.id)
        if any(one.digest == digest for one in earlier):
            return  # a form sent twice
        entry = Entry(
            id=uuid7(),
            inquiry=inquiry.id,
            author="you",
            message_id=parts.keybox.blind(uuid7()),
            header=earlier[-1].header if earlier else parts.seal(""),
            digest=digest,
            text=parts.seal(text),
            masked=sum(counts.values()),
            kinds=json.dumps(dict(counts)),
            at=parts.clock.now(),
        )
        session.add(entry)
        await session.flush()
        event = events.about("inquiry.received", inquiry, entry.id, parts.clock)
        await outbox.record(session, OUTBOX, event, clock=parts.clock)
        if hand_over:
            why = "asked for a coder in CasePilot"
            await escalate(parts, session, inquiry, entry, why, tell=True, draft=draft)
            return
        if asks_for_human(text):
            await escalate(parts, session, inquiry, entry, "asked for a person", tell=True)
            return
        turns = await repository.automatic_turns(session, inquiry.id, parts.clock.now())
        if turns >= parts.settings.automatic_turns_per_thread:
            await escalate(parts, session, inquiry, entry, "many turns in a day", tell=True)
        elif inquiry.state != "with_expert":
            inquiry.state = "received"
            args = {"entry": entry.id, "inquiry": inquiry.id}
            await outbox.enqueue(session, JOBS, ANSWER, args, key=f"answer:{entry.id}", clock=parts.clock)

    async def own(self, principal: Principal) -> list[Thread]:
        async with self._parts.database.read() as session:
            rows = await repository.of_account(session, principal.subject)
        return [self._thread(row) for row in rows]

    async def get_inquiry_for(self, principal: Principal, inquiry_id: str) -> Thread:
        """Raises NotFound: also for somebody else's."""
        async with self._parts.database.read() as session:
            row = await self._own(session, principal, inquiry_id)
            entries = await repository.entries(session, inquiry_id)
        return self._thread(row, entries)

    async def _own(self, session: AsyncSession, principal: Principal, inquiry_id: str) -> Inquiry:
        row = await repository.inquiry(session, inquiry_id)
        if row is None or row.account != principal.subject:
            raise NotFound("There is no such inquiry of yours.")
        return row

    async def _charge(self, session: AsyncSession, principal: Principal, inquiry: Inquiry) -> None:
        """A service has charged its own; whoever asks here pays an inquiry."""
        if principal.has_scope(INQUIRE):
            return
        limit = LIMITS.get(principal.plan, 0)
        taken = await take(
            session,
            ALLOWANCE,
            metric="inquiry",
            principal=principal.subject,
            thing=inquiry.id,
            period=period_of(inquiry.created_at),
            limit=limit,
            at=inquiry.created_at,
        )
        if taken.outcome == "denied":
            raise Problem(
                "allowance-used-up",
                "No inquiries left this month",
                403,
                f"Your plan has {limit} inquiries a month, and they are used up.",
            )

    def _evidence(self, evidence: Any) -> bytes | None:
        """Masked like everything else: it quotes the question."""
        if not evidence:
            return None
        text = json.dumps(evidence, ensure_ascii=False)
        if len(text) > MOST_EVIDENCE:
            raise BadInput(f"The evidence is larger than {MOST_EVIDENCE:,} characters.")
        return self._parts.seal(text)

    def _draft(self, inquiry: Inquiry) -> Reply | None:
        """CasePilot's answer as the machine's draft, where the evidence is one."""
        if inquiry.evidence is None:
            return None
        found: Any = json.loads(self._parts.unseal(inquiry.evidence))
        if isinstance(found, list):
            found = {"citations": found}
        if not isinstance(found, dict):
            return None
        try:
            given = assistant.read(found, self._parts.settings.shared.public_url.rstrip("/"))
        except (KeyError, TypeError, ValueError, AttributeError):
            return None
        day = inquiry.as_of or inquiry.created_at.date()
        part = Part(
            self._parts.unseal(inquiry.subject),
            day.isoformat(),
            inquiry.as_of is not None,
            given.sentences,
            given.codes,
            given.unsaid,
            given.asks,
        )
        return Reply((part,), given.sources)

    def _thread(self, row: Inquiry, entries: list[Entry] | None = None) -> Thread:
        said = tuple(said_of(self._parts, entry) for entry in entries or ())
        return Thread(row.id, self._parts.unseal(row.subject), row.state, row.why, row.created_at, said)


def _checked(text: str) -> str:
    text = text.strip()
    if not text or len(text) > MAX_QUESTION:
        raise BadInput(f"Write your question, at most {MAX_QUESTION:,} characters.")
    return text
