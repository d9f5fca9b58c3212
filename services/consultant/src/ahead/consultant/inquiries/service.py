"""What becomes of a message that was kept: who wrote it, which thread it belongs to, whether it is answered.

Everything here runs as jobs and may run twice; each decision is one transaction, keyed so that it happens once.
"""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.consultant import events
from ahead.consultant.classification import classify
from ahead.consultant.inquiries import clarifying, repository, texts
from ahead.consultant.inquiries.attached import Attached, digest_of, encode, is_about, read_attachments
from ahead.consultant.inquiries.escalation import escalate
from ahead.consultant.inquiries.questions import asks_for_human, only_thanks
from ahead.consultant.inquiries.returned import Report, note_returned, read_report
from ahead.consultant.inquiries.steps import record_step
from ahead.consultant.intake.authentication import Authenticator, Author
from ahead.consultant.models import ALLOWANCE, JOBS, OUTBOX, Entry, Inquiry, RawMail
from ahead.consultant.parts import Parts
from ahead.consultant.reading import ReadMessage, cut_reply, read_message
from ahead.consultant.replies import decode
from ahead.shared.clock import period_of
from ahead.shared.db import outbox
from ahead.shared.ids import uuid7
from ahead.shared.metering.allowance import take
from ahead.shared.phi import Masked, mask

ANSWER = "answer"
LIMITS = {"free": 2, "pro": None}
MAX_QUESTION = 20_000


# Told to coders of mail that is no machine's for certain and asks nothing that the machine could answer.
DOUBT = "in doubt whether a person asks something on codes"


@dataclass(frozen=True)
class _Mail:
    """One message, read and judged outside of any transaction."""

    row: RawMail
    message: ReadMessage
    machine: str
    doubtful: bool  # see `Verdict`
    author: Author
    sender: str  # keyed name
    masked: Masked
    report: Report
    files: Sequence[Attached] = ()


class Reader:
    """Does the job ``process``."""

    def __init__(self, parts: Parts, authenticator: Authenticator) -> None:
        self._parts = parts
        self._authenticator = authenticator

    async def process(self, mail: str) -> None:
        async with self._parts.database.read() as session:
            row = await repository.raw(session, mail)
        if row is None or row.fate:
            return
        read = await asyncio.to_thread(self._judge, row)
        if read.author.verified and read.message.attachments:
            read = await self._with_files(read)
        async with self._parts.database.write() as session:
            row = await repository.raw(session, mail)
            if row is None or row.fate:
                return
            row.fate, row.why = await self._decide(session, read)

    def _judge(self, row: RawMail) -> _Mail:
        """Read, classify, verify, mask: all that takes time, and nothing that decides."""
        raw = self._parts.keybox.open(row.body)
        envelope_from = self._parts.unseal(row.envelope_from)
        message = read_message(raw)
        verdict = classify(message, envelope_from=envelope_from, raw=raw)
        machine = self._no_persons(row, message) or (verdict.why if verdict.machine else "")
        author = Author(False, "")
        if not machine:
            author = self._authenticator.judge(raw, message, row.peer, envelope_from)
        words = cut_reply(message.text)[:MAX_QUESTION] if author.verified else ""
        return _Mail(
            row,
            message,
            machine,
            verdict.doubtful,
            author,
            self._parts.keybox.blind(message.sender),
            mask(words),
            read_report(raw, row.recipient) if machine else Report(),
        )

    async def _with_files(self, mail: _Mail) -> _Mail:
        """With the attachments read, which takes time: only of those who may ask."""
        async with self._parts.database.read() as session:
            if await repository.linked(session, mail.sender) is None:
                return mail
        files, counts = await asyncio.to_thread(read_attachments, mail.message.attachments)
        masked = Masked(mail.masked.text, counts + Counter(mail.masked.counts))
        return replace(mail, files=files, masked=masked)

    def _no_persons(self, row: RawMail, message: ReadMessage) -> str:
        """Why nobody writes such a mail: it is our own, or came to the address that only bounces go to."""
        if message.sender == self._parts.settings.address.lower():
            return "our own mail"
        return "sent to a return path" if row.recipient.startswith("bounces+") else ""

    async def _decide(self, session: AsyncSession, mail: _Mail) -> tuple[str, str]:
        """(fate, why). Whoever isn't surely a verified person gets nothing at all."""
        if mail.machine:
            await note_returned(self._parts, session, mail.report)
            return "machine", mail.machine[:200]
        if not mail.author.verified:
            return "unverified", mail.author.why
        if await repository.suppressed(session, mail.sender):
            return "suppressed", ""
        now = self._parts.clock.now()
        words = " ".join(mail.masked.text.split()) + digest_of(mail.message.attachments)
        digest = hashlib.sha256(words.encode()).hexdigest()
        message_id = self._parts.keybox.blind(mail.message.message_id or mail.row.digest)
        if await repository.seen(session, mail.sender, message_id, digest, now - timedelta(days=1)):
            return "duplicate", ""
        if await self._brake(session, mail.sender):
            return "held", "too many mails in an hour"
        inquiry = await self._thread(session, mail)
        linked = await repository.linked(session, mail.sender)
        fresh = inquiry is None
        if inquiry is None:
            inquiry = self._new_inquiry(
                mail, linked.account if linked else "", linked.plan if linked else "free"
            )
            session.add(inquiry)
            await session.flush()
        entry = self._entry(inquiry, mail, message_id, digest)
        session.add(entry)
        await session.flush()
        if linked is None:
            return await self._of_stranger(session, inquiry, entry, mail)
        inquiry.in_doubt = False
        if fresh and not mail.doubtful and not await self._allowed(session, inquiry):
            return "held", "allowance used up"
        event = events.about("inquiry.received", inquiry, entry.id, self._parts.clock)
        await outbox.record(session, OUTBOX, event, clock=self._parts.clock)
        turns = await repository.automatic_turns(session, inquiry.id, now)
        if turns >= self._parts.settings.automatic_turns_per_thread:
            # No mail about it: that is how a conversation between two machines ends.
            await escalate(self._parts, session, inquiry, entry, "many turns in a day", tell=False)
        elif asks_for_human(mail.masked.text):
            await escalate(self._parts, session, inquiry, entry, "asked for a person", tell=True)
            await self._to_answer(session, inquiry, entry)
        elif not mail.masked.text.strip() and mail.files:
            await escalate(self._parts, session, inquiry, entry, "only an attached file", tell=True)
        elif not mail.masked.text.strip():
            await escalate(self._parts, session, inquiry, entry, "no text that could be read", tell=True)
        elif not fresh and only_thanks(mail.masked.text):
            return "taken", "only thanks"
        elif mail.doubtful and not await self._answers_us(session, inquiry, entry, mail.masked.text):
            # A machine without any mark, or a person who asks nothing: somebody looks, nothing goes out by itself.
            await escalate(self._parts, session, inquiry, entry, DOUBT, tell=False)
        elif is_about(mail.masked.text, mail.files):
            await escalate(self._parts, session, inquiry, entry, "about an attached file", tell=True)
        elif inquiry.state != "with_expert":  # what a coder has in hand is theirs to answer
            inquiry.state = "received"
            await self._to_answer(session, inquiry, entry)
        return "taken", ""

    async def _to_answer(self, session: AsyncSession, inquiry: Inquiry, entry: Entry) -> None:
        """The machine's part: an answer, or where a coder has the thread a draft."""
        await outbox.enqueue(
            session, JOBS, ANSWER, {"entry": entry.id, "inquiry": inquiry.id}, key=f"answer:{entry.id}"
        )

    async def _answers_us(self, session: AsyncSession, inquiry: Inquiry, entry: Entry, text: str) -> bool:
        """Whether our last mail asked back, and this says what it asked for."""
        said = await repository.entries(session, inquiry.id)
        last = next((one for one in reversed(said) if one.author == "automatic" and one.id != entry.id), None)
        if last is None or last.content is None or not decode(self._parts.unseal(last.content)).asks:
            return False
        return clarifying.answers(text, self._parts.clock.now().date())

    async def _brake(self, session: AsyncSession, sender: str) -> bool:
        """Whether somebody, or everybody, got as many mails in an hour as is thought sane."""
        since = self._parts.clock.now() - timedelta(hours=1)
        settings = self._parts.settings
        if await repository.mails_to(session, sender, since) >= settings.answers_per_sender_per_hour:
            return True
        return await repository.mails_in_all(session, since) >= settings.answers_per_hour

    async def _thread(self, session: AsyncSession, mail: _Mail) -> Inquiry | None:
        """By the signed address or by what it answers to; in both cases only the sender's own."""
        tag = mail.row.recipient.partition("@")[0].partition("+")[2]
        known = self._parts.keybox.read_tag(tag, "t", mail.message.sender) if tag else None
        if known is not None:
            inquiry = await repository.inquiry(session, known)
            if inquiry is not None and inquiry.sender == mail.sender:
                return inquiry
        answered = [self._parts.keybox.blind(one) for one in mail.message.references]
        return await repository.thread_of(session, mail.sender, answered) if answered else None

    def _new_inquiry(self, mail: _Mail, account: str, plan: str) -> Inquiry:
        return Inquiry(
            id=uuid7(),
            sender=mail.sender,
            address=self._parts.seal(mail.message.sender),
            account=account,
            plan=plan,
            subject=self._parts.seal(mask(mail.message.get("subject")).text[:300]),
            created_at=self._parts.clock.now(),
        )

    def _entry(self, inquiry: Inquiry, mail: _Mail, message_id: str, digest: str) -> Entry:
        return Entry(
            id=uuid7(),
            inquiry=inquiry.id,
            author="you",
            message_id=message_id,
            header=self._parts.seal(
                " ".join([*mail.message.references[-20:], mail.message.message_id]).strip()
            ),
            digest=digest,
            text=self._parts.seal(mail.masked.text),
            masked=mail.masked.total,
            kinds=json.dumps(mail.masked.counts),
            attached=self._parts.seal(encode(mail.files)) if mail.files else None,
            at=self._parts.clock.now(),
        )

    async def _of_stranger(
        self, session: AsyncSession, inquiry: Inquiry, entry: Entry, mail: _Mail
    ) -> tuple[str, str]:
        """Somebody without an account: invited, unless a coder has taken to them or should look first."""
        said = await repository.entries(session, inquiry.id)
        # Files of strangers aren't opened; a coder who waits for one is told.
        more = " (with a file that was not opened)" if mail.message.attachments else ""
        if inquiry.state == "with_expert" or any(one.author == "expert" for one in said):
            if only_thanks(mail.masked.text):
                return "taken", "only thanks"
            if not mail.doubtful:
                why = "goes on after a coder's answer"
                await escalate(self._parts, session, inquiry, entry, why + more, tell=False)
                return "taken", ""
        if mail.doubtful or (inquiry.in_doubt and inquiry.assigned_to):
            if inquiry.state != "with_expert":
                inquiry.state, inquiry.why, inquiry.in_doubt = "held", DOUBT + more, True
            return "held", f"{DOUBT}, and not registered"
        return await self._invite(session, inquiry, mail)

    async def _invite(self, session: AsyncSession, inquiry: Inquiry, mail: _Mail) -> tuple[str, str]:
        """One invitation per address, ever."""
        inquiry.state, inquiry.why = "held", "not registered"
        if await repository.was_invited(session, mail.sender):
            return "held", "not registered"
        text = texts.invitation(self._parts.settings.shared.public_url.rstrip("/"))
        await record_step(self._parts, session, inquiry, "invitation", text)
        return "invited", ""

    async def _allowed(self, session: AsyncSession, inquiry: Inquiry) -> bool:
        now = self._parts.clock.now()
        limit = LIMITS.get(inquiry.plan, 0)
        taken = await take(
            session,
            ALLOWANCE,
            metric="inquiry",
            principal=inquiry.account,
            thing=inquiry.id,
            period=period_of(now),
            limit=limit,
            at=now,
        )
        if taken.outcome != "denied":
            return True
        inquiry.state, inquiry.why = "held", "allowance used up"
        text = texts.used_up(limit or 0, self._parts.settings.shared.public_url.rstrip("/"))
        await record_step(self._parts, session, inquiry, "used up", text)
        return False
