"""Shows that an address is an account's: a mail with a link goes there, and the account opens it."""

from email.message import EmailMessage
from urllib.parse import urlencode

from ahead.consultant.models import JOBS, LinkedAddress
from ahead.consultant.parts import Parts
from ahead.shared.auth.principal import Principal
from ahead.shared.db import outbox
from ahead.shared.errors import BadInput
from ahead.shared.ids import uuid7
from ahead.shared.mail import BadAddress, MailPort, checked_address, compose, message_id_for

LINK = "link-address"


class Linking:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def begin(self, principal: Principal, address: str) -> None:
        """Raises BadInput when the address can't be mailed. Says nothing about whether others linked it."""
        address = address.strip().lower()
        try:
            checked_address(address)
        except BadAddress as error:
            raise BadInput(f"{error}.") from error
        # The address lies in the job's row only encrypted.
        sealed = self._parts.seal(address).decode()
        args = {"sealed": sealed, "account": principal.id, "step": uuid7()}
        async with self._parts.database.write() as session:
            await outbox.enqueue(session, JOBS, LINK, args, clock=self._parts.clock)

    async def finish(self, principal: Principal, address: str, token: str) -> None:
        """Raises BadInput when the link isn't this account's."""
        address = address.strip().lower()
        if self._parts.keybox.read_tag(token, "l", address) != principal.id:
            raise BadInput(
                "This link was made for another account. Log in to that one, or ask for a new link."
            )
        key = self._parts.keybox.blind(address)
        async with self._parts.database.write() as session:
            linked = await session.get(LinkedAddress, key)
            if linked is None:
                linked = LinkedAddress(address=key, account="", plan="", at=self._parts.clock.now())
                session.add(linked)
            linked.account, linked.plan = principal.subject, principal.plan


class LinkMailer:
    """Does the job ``link-address``."""

    def __init__(self, parts: Parts, port: MailPort) -> None:
        self._parts = parts
        self._port = port

    async def send(self, sealed: str, account: str, step: str) -> None:
        settings = self._parts.settings
        address = self._parts.unseal(sealed.encode())
        token = self._parts.keybox.tag("l", account, address)
        site = settings.shared.public_url.rstrip("/")
        message: EmailMessage = compose(
            sender=f"CaseConsultant <{settings.address}>",
            to=address,
            subject="Link this address to your account",
            text=(
                "Somebody, we hope you, wants to ask CaseConsultant from this address.\n\n"
                f"{site}/consultant/addresses/confirm?{urlencode({'address': address, 'token': token})}\n\n"
                "If it wasn't you, do nothing."
            ),
            message_id=message_id_for(settings.domain, "consultant", step),
            at=self._parts.clock.now(),
        )
        await self._port.send(message)
