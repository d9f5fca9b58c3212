"""Hands one recorded step to the mail port. Run twice, it is the same mail with the same Message-ID."""

from ahead.consultant.inquiries import repository
from ahead.consultant.parts import Parts
from ahead.consultant.sending.compose import compose, sign
from ahead.shared.mail import BadAddress, MailPort, MailRefused, message_id_for


class Sender:
    """Does the job ``send``. A delay of the mail server is raised, so that the job is tried again."""

    def __init__(self, parts: Parts, port: MailPort) -> None:
        self._parts = parts
        self._port = port

    async def send(self, step: str) -> None:
        parts, settings = self._parts, self._parts.settings
        async with parts.database.read() as session:
            sent = await repository.sent(session, step)
            inquiry = await repository.inquiry(session, sent.inquiry) if sent else None
            if sent is None or inquiry is None or sent.sent_at or sent.failed:
                return
            entries = await repository.entries(session, sent.inquiry)
            suppressed = await repository.suppressed(session, inquiry.sender)
        own = next(one for one in entries if one.id == step)
        earlier = [one for one in entries if one.author == "you" and one.at <= own.at]
        references = parts.unseal(earlier[-1].header).split() if earlier else []
        address = parts.unseal(inquiry.address)
        local = settings.address.partition("@")[0]
        failed = "suppressed" if suppressed else ""
        if not failed:
            try:
                message = compose(
                    sender=f"CaseConsultant <{settings.address}>",
                    to=address,
                    reply_to=f"{local}+{parts.keybox.tag('t', inquiry.id, address)}@{settings.domain}",
                    subject=parts.unseal(inquiry.subject),
                    text=parts.unseal(own.text),
                    message_id=message_id_for(settings.domain, "consultant", step),
                    references=references,
                    at=own.at,
                    automatic=sent.automatic,
                )
                sign(message, domain=settings.domain, selector=settings.dkim_selector, key=parts.dkim_key)
                bounces = f"bounces+{parts.keybox.tag('b', step, address)}@{settings.domain}"
                await self._port.send(message, envelope_from=bounces)
            except (BadAddress, MailRefused) as error:
                failed = str(error)[:200] or type(error).__name__
        async with parts.database.write() as session:
            sent = await repository.sent(session, step)
            if sent is not None:
                sent.sent_at = None if failed else parts.clock.now()
                sent.failed = failed
