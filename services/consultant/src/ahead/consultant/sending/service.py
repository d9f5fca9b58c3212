"""Hands one recorded step to the mail port. Run twice, it is the same mail with the same Message-ID."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage

from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from ahead.consultant.inquiries import repository
from ahead.consultant.inquiries.escalation import escalate
from ahead.consultant.models import Entry, Inquiry, Sent
from ahead.consultant.parts import Parts
from ahead.consultant.replies import decode, to_html
from ahead.consultant.replies.page import text_to_html
from ahead.consultant.sending.compose import compose, sign
from ahead.shared.crash_points import crash_point
from ahead.shared.logging import get_logger
from ahead.shared.mail import BadAddress, MailDelayed, MailPort, MailRefused, message_id_for
from ahead.shared.tasks.jobs import TryLater

log = get_logger(__name__)
# How much longer than the attempt itself a claim holds.
MARGIN = timedelta(seconds=5)


class Sender:
    """Does the job ``send``. What the mail server defers is tried again later."""

    def __init__(self, parts: Parts, port: MailPort) -> None:
        self._parts = parts
        self._port = port

    async def send(self, step: str) -> None:
        """Raises TryLater: the mail server defers it, or another worker is at it."""
        message, return_path, failed = await self._prepare(step)
        if message is None and not failed:
            return
        if message is not None:
            crash_point("consultant.before_hand_over")
            try:
                async with asyncio.timeout(self._parts.settings.hand_over_s):
                    await self._port.send(message, envelope_from=return_path)
            except MailRefused as error:
                failed = str(error)[:200] or "refused"
            except (MailDelayed, TimeoutError) as error:
                failed = await self._deferred(step, str(error) or "the mail server is too slow")
            crash_point("consultant.after_hand_over")
        await self._conclude(step, failed)

    async def _prepare(self, step: str) -> tuple[EmailMessage | None, str, str]:
        """(the mail, its return path, "") once claimed; why it can't be sent; (None, "", "") when it is done."""
        parts = self._parts
        async with parts.database.read() as session:
            sent = await repository.sent(session, step)
            inquiry = await repository.inquiry(session, sent.inquiry) if sent else None
            if sent is None or inquiry is None or sent.sent_at or sent.failed:
                return None, "", ""
            entries = await repository.entries(session, sent.inquiry)
            suppressed = await repository.suppressed(session, inquiry.sender)
        if suppressed:
            return None, "", "suppressed"
        try:
            message, return_path = self._compose(sent, inquiry, entries)
        except BadAddress as error:
            return None, "", str(error)[:200]
        return (message, return_path, "") if await self._claim(step) else (None, "", "")

    def _compose(self, sent: Sent, inquiry: Inquiry, entries: list[Entry]) -> tuple[EmailMessage, str]:
        """Always the same to the byte for one step."""
        parts, settings = self._parts, self._parts.settings
        own = next(one for one in entries if one.id == sent.id)
        earlier = [one for one in entries if one.author == "you" and one.at <= own.at]
        references = parts.unseal(earlier[-1].header).split() if earlier else []
        address = parts.unseal(inquiry.address)
        text = parts.unseal(own.text)
        local = settings.address.partition("@")[0]
        message = compose(
            sender=f"CaseConsultant <{settings.address}>",
            to=address,
            reply_to=f"{local}+{parts.keybox.tag('t', inquiry.id, address)}@{settings.domain}",
            subject=parts.unseal(inquiry.subject),
            text=text,
            page=to_html(decode(parts.unseal(own.content))) if own.content else text_to_html(text),
            message_id=message_id_for(settings.domain, "consultant", sent.id),
            references=references,
            at=own.at,
            automatic=sent.automatic,
        )
        sign(message, domain=settings.domain, selector=settings.dkim_selector, key=parts.dkim_key)
        return message, f"bounces+{parts.keybox.tag('b', sent.id, address)}@{settings.domain}"

    async def _claim(self, step: str) -> bool:
        """Only one worker hands a mail over at a time; one that was killed holds it no longer than its claim.

        Raises:
            TryLater: another one is at it.
        """
        now = self._parts.clock.now()
        until = now + timedelta(seconds=self._parts.settings.hand_over_s) + MARGIN
        free = or_(col(Sent.claimed_until).is_(None), col(Sent.claimed_until) < now)
        statement = (
            update(Sent)
            .where(col(Sent.id) == step, col(Sent.sent_at).is_(None), col(Sent.failed) == "", free)
            .values(claimed_until=until)
            .returning(col(Sent.id))
        )
        async with self._parts.database.write() as session:
            if (await session.execute(statement)).first() is not None:
                return True
            sent = await repository.sent(session, step)
            if sent is None or sent.sent_at or sent.failed:
                return False
            held = (sent.claimed_until or now) - now
        raise TryLater("another worker is handing it over", max(held, timedelta()) + timedelta(seconds=1))

    async def _deferred(self, step: str, reason: str) -> str:
        """Why a mail that was deferred again is given up.

        Raises:
            TryLater: it isn't; each time the wait is twice as long.
        """
        settings = self._parts.settings
        async with self._parts.database.write() as session:
            sent = await repository.sent(session, step)
            if sent is None:
                return reason
            if self._parts.clock.now() - sent.created_at >= timedelta(hours=settings.send_within_hours):
                return f"not taken within {settings.send_within_hours} hours: {reason}"[:200]
            sent.claimed_until = None
            sent.deferred += 1
            wait = settings.send_retry_s * 2 ** min(sent.deferred - 1, 6)
        raise TryLater(reason, timedelta(seconds=wait))

    async def _conclude(self, step: str, failed: str) -> None:
        if failed:
            log.warning("mail not sent", step=step, reason=failed)
        async with self._parts.database.write() as session:
            sent = await repository.sent(session, step)
            if sent is None or sent.sent_at or sent.failed:
                return
            sent.sent_at = None if failed else self._parts.clock.now()
            sent.failed, sent.claimed_until = failed, None
            inquiry = await repository.inquiry(session, sent.inquiry)
            if failed and inquiry is not None:
                await self._tell_experts(session, sent, inquiry, failed)

    async def _tell_experts(self, session: AsyncSession, sent: Sent, inquiry: Inquiry, failed: str) -> None:
        """An answer that can't be delivered is a person's to look at: nobody waits for nothing."""
        why = f"a mail to them could not be sent: {failed}"[:200]
        asked = [one for one in await repository.entries(session, inquiry.id) if one.author == "you"]
        if failed == "suppressed" or not sent.step.startswith(("answer:", "expert:")) or not asked:
            inquiry.why = why
            return
        await escalate(self._parts, session, inquiry, asked[-1], why, tell=False)
