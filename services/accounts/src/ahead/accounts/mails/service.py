"""The ledger of mails: decided once, sent once, under one Message-ID.

Pages only record a job. The worker decides what is to be sent, writes it into the ledger, sends it and marks
it. Killed after the server took it and before the mark, it sends the same Message-ID again, never a second
mail.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from ahead.accounts import repository
from ahead.accounts.keybox import KeyBox
from ahead.accounts.mails import texts
from ahead.accounts.models import JOBS, RETURNED, Account, Mail, MailLink
from ahead.accounts.settings import Settings
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.db.outbox import enqueue
from ahead.shared.ids import deterministic_id, uuid7
from ahead.shared.logging import get_logger
from ahead.shared.mail import BadAddress, MailPort, MailRefused, compose, mail_domain, message_id_for
from ahead.shared.mail.returned import is_returned

log = get_logger(__name__)

REGISTERED = "accounts.mail_registered"
RESET = "accounts.mail_reset"
NOTICE = "accounts.mail_notice"
CONFIRM_PURPOSE = "confirm"
RESET_PURPOSE = "reset"


async def queue_registered(session: AsyncSession, account_id: str) -> None:
    """Welcome somebody, or tell the address's owner: the worker finds out which."""
    await enqueue(session, JOBS, REGISTERED, {"account_id": account_id, "step": uuid7()})


async def queue_reset(session: AsyncSession, keybox: KeyBox, email: str) -> None:
    """The address is closed in the job, because it may belong to nobody we know."""
    await enqueue(session, JOBS, RESET, {"address": keybox.close(email.encode()), "step": uuid7()})


async def queue_notice(session: AsyncSession, keybox: KeyBox, kind: str, account: Account) -> None:
    """Tell the owner what has just happened: "password_changed", "password_reset" or "erased"."""
    # A deleted account leaves no id behind that could be joined with the address.
    account_id = None if kind == "erased" else account.id
    args = {
        "kind": kind,
        "account_id": account_id,
        "address": keybox.close(account.email.encode()),
        "step": uuid7(),
    }
    await enqueue(session, JOBS, NOTICE, args)


class Mailer:
    """The worker's side. ``database`` belongs to the worker's event loop."""

    def __init__(
        self, settings: Settings, database: Database, keybox: KeyBox, port: MailPort, clock: Clock
    ) -> None:
        self._settings = settings
        self._database = database
        self._keybox = keybox
        self._port = port
        self._clock = clock
        shared = settings.shared
        self._site = shared.public_url.rstrip("/")
        self._sender = shared.mail_from
        self._domain = mail_domain(self._sender, shared.public_url)

    async def registered(self, account_id: str, step: str) -> None:
        mail_id = deterministic_id("mail", "registered", account_id, step)
        async with self._database.write() as session:
            account = await repository.by_id(session, account_id)
            if account is not None and not await self._is_known(session, mail_id):
                await self._decide_registered(session, mail_id, account)
        await self._send(mail_id)

    async def _decide_registered(self, session: AsyncSession, mail_id: str, account: Account) -> None:
        if account.confirmed_at is not None:
            return
        if await repository.owner(session, account.email) is not None:
            await self._add(session, mail_id, "already_registered", account.email, account.id)
            return
        lifetime = timedelta(days=self._settings.confirm_within_days)
        link = self._link(session, account, CONFIRM_PURPOSE, account.created_at + lifetime)
        await self._add(session, mail_id, "confirm", account.email, account.id, link)

    async def reset(self, address: str, step: str) -> None:
        email = self._keybox.open(address).decode()
        mail_id = deterministic_id("mail", "reset", step)
        async with self._database.write() as session:
            account = await repository.owner(session, email) or await repository.oldest_claim(session, email)
            if account is not None and not await self._is_known(session, mail_id):
                lifetime = timedelta(minutes=self._settings.reset_link_minutes)
                link = self._link(session, account, RESET_PURPOSE, self._clock.now() + lifetime)
                await self._add(session, mail_id, "reset", email, account.id, link)
        await self._send(mail_id)

    async def notice(self, kind: str, account_id: str | None, address: str, step: str) -> None:
        email = self._keybox.open(address).decode()
        mail_id = deterministic_id("mail", kind, step)
        async with self._database.write() as session:
            if not await self._is_known(session, mail_id):
                await self._add(session, mail_id, kind, email, account_id)
        await self._send(mail_id)

    def _link(self, session: AsyncSession, account: Account, purpose: str, until: datetime) -> str:
        link_id = uuid7()
        now = self._clock.now()
        session.add(
            MailLink(id=link_id, account_id=account.id, purpose=purpose, created_at=now, expires_at=until)
        )
        return link_id

    async def _is_known(self, session: AsyncSession, mail_id: str) -> bool:
        return await session.get(Mail, mail_id) is not None

    async def _add(
        self,
        session: AsyncSession,
        mail_id: str,
        kind: str,
        recipient: str,
        account_id: str | None,
        link_id: str | None = None,
    ) -> None:
        """Into the ledger, unless strangers have caused enough mails to this address today."""
        now = self._clock.now()
        blind = self._keybox.blind(recipient)
        today = await session.scalar(
            select(func.count())
            .select_from(Mail)
            .where(Mail.recipient_hash == blind, Mail.created_at > now - timedelta(days=1))
        )
        if (today or 0) >= self._settings.mails_per_address_per_day:
            log.warning("mail_limit_reached", kind=kind, account=account_id)
            return
        session.add(
            Mail(
                id=mail_id,
                kind=kind,
                account_id=account_id,
                recipient=recipient,
                recipient_hash=blind,
                link_id=link_id,
                created_at=now,
            )
        )

    async def _send(self, mail_id: str) -> None:
        async with self._database.read() as session:
            mail = await session.get(Mail, mail_id)
            if mail is None or mail.sent_at is not None:
                return
            key = self._settings.shared.guest_key
            returned = await is_returned(session, RETURNED, key, mail.recipient)
        text = self._text(mail)
        problem = "mail to this address came back" if returned else ""
        try:
            message = compose(
                sender=self._sender,
                to=mail.recipient,
                subject=text.subject,
                text=text.body,
                message_id=message_id_for(self._domain, mail.id),
                at=mail.created_at,
            )
            if not returned:
                await self._port.send(message)
        except (
            MailRefused,
            BadAddress,
        ) as error:  # no use in trying again; MailDelayed goes on to the broker
            problem = str(error)[:200]
            log.warning("mail_refused", mail=mail.id, kind=mail.kind, reason=problem)
        async with self._database.write() as session:
            await session.execute(
                update(Mail)
                .where(col(Mail.id) == mail.id)
                .values(sent_at=self._clock.now(), recipient="", problem=problem)
            )

    def _text(self, mail: Mail) -> texts.Text:
        match mail.kind:
            case "confirm":
                link = self._url("confirm", CONFIRM_PURPOSE, mail)
                return texts.confirm(link, self._site, self._settings.confirm_within_days)
            case "already_registered":
                return texts.already_registered(self._site)
            case "reset":
                link = self._url("reset", RESET_PURPOSE, mail)
                return texts.reset(link, self._site, self._settings.reset_link_minutes)
            case "password_changed" | "password_reset":
                return texts.password_changed(self._site, by_link=mail.kind == "password_reset")
            case "erased":
                return texts.erased(self._site)
            case _:
                raise ValueError(f"no text for {mail.kind}")

    def _url(self, page: str, purpose: str, mail: Mail) -> str:
        assert mail.link_id is not None
        return f"{self._site}/account/{page}?token={self._keybox.link_token(purpose, mail.link_id)}"


async def forget_old(database: Database, now: datetime) -> None:
    """Delete entries a month old and links long dead; for the scheduler."""
    before = now - timedelta(days=30)
    async with database.write() as session:
        await session.execute(delete(Mail).where(col(Mail.created_at) < before))
        await session.execute(delete(MailLink).where(col(MailLink.expires_at) < before))
