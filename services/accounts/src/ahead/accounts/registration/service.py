"""Registration. To a stranger it looks the same whether or not the address is taken, in time too.

Every registration makes an account that works at once. Who reads the mailbox decides which one keeps the
address: a free one gets a link to confirm, a taken one gets "you already have an account". Registering again
with the right password is logging in.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.accounts import events, repository
from ahead.accounts.mails import links
from ahead.accounts.mails import service as mails
from ahead.accounts.models import Account
from ahead.accounts.parts import Parts
from ahead.accounts.sessions import service as sessions
from ahead.shared.errors import Unavailable
from ahead.shared.ids import uuid7

_ATTEMPTS = 5


@dataclass(frozen=True)
class Registration:
    """What a visitor hands in, checked and normalised."""

    email: str
    password: str
    guest_id: str | None
    device: str
    former_secret: str | None
    # The day's bucket of the visitor's network.
    network: str


class NetworkFull(Exception):
    """As many new accounts as a network may have a day have come from this one."""


@dataclass(frozen=True)
class _Seen:
    """The state of an address that a decision rests on."""

    claim: int
    holder_id: str | None
    holder_hash: str | None


async def register(parts: Parts, registration: Registration) -> sessions.Started:
    """Make the account, or log in to it; the session is begun in the same transaction.

    Raises:
        NetworkFull: when it would be one account too many for its network and day; nothing was made.
        Unavailable: when others register the same address faster than we can decide.
    """
    new_hash = await parts.passwords.hash(registration.password)
    for _ in range(_ATTEMPTS):
        async with parts.database.read() as session:
            seen = await _look(session, registration.email)
        # Without a holder this takes as long, and fits nobody.
        fits = await parts.passwords.verify(seen.holder_hash, registration.password)
        try:
            started = await _decide(parts, registration, seen, new_hash, fits=fits)
        except IntegrityError:  # on PostgreSQL two transactions may have taken the same number
            continue
        if started is not None:
            return started
    raise Unavailable("This address is being registered from several places. Try again in a moment.")


async def _look(session: AsyncSession, email: str) -> _Seen:
    holder = await repository.owner(session, email) or await repository.newest_claim(session, email)
    return _Seen(
        claim=await repository.next_claim(session, email),
        holder_id=holder.id if holder else None,
        holder_hash=holder.password_hash if holder else None,
    )


async def _decide(
    parts: Parts, registration: Registration, seen: _Seen, new_hash: str, *, fits: bool
) -> sessions.Started | None:
    now = parts.clock.now()
    async with parts.database.write() as session:
        if await _look(session, registration.email) != seen:
            return None
        account = await repository.by_id(session, seen.holder_id) if fits and seen.holder_id else None
        if account is None:
            if not await repository.count_new_account(
                session, registration.network, now.date(), parts.settings.new_per_network_per_day
            ):
                raise NetworkFull
            account = Account(
                id=uuid7(),
                email=registration.email,
                claim=seen.claim,
                password_hash=new_hash,
                plan="free",
                guest_id=registration.guest_id,
                created_at=now,
                password_changed_at=now,
            )
            session.add(account)
            await session.flush()
            await events.account_registered(session, account, now)
            await mails.queue_registered(session, account.id)
        roles = await repository.roles_of(session, account.id)
        row, secret = await sessions.start(
            session, parts, account, device=registration.device, former_secret=registration.former_secret
        )
    return await sessions.finish_start(parts, account, roles, row, secret)


async def confirmable(parts: Parts, token: str) -> Account | None:
    """Whose address a link would confirm, while it works."""
    async with parts.database.read() as session:
        return await links.account_behind(
            session, parts.keybox, mails.CONFIRM_PURPOSE, token, parts.clock.now()
        )


async def confirm(parts: Parts, token: str) -> Account | None:
    """Use the link: the address is the account's now. None when it doesn't work, or not any more."""
    now = parts.clock.now()
    try:
        async with parts.database.write() as session:
            account = await links.account_behind(session, parts.keybox, mails.CONFIRM_PURPOSE, token, now)
            if account is None or not await links.use(
                session, parts.keybox, mails.CONFIRM_PURPOSE, token, now
            ):
                return None
            if not await mark_confirmed(session, account, parts):
                return None
            return account
    except IntegrityError:  # another account was confirmed in this very moment
        return None


async def mark_confirmed(session: AsyncSession, account: Account, parts: Parts) -> bool:
    """False when another account owns the address by now."""
    if account.confirmed_at is not None:
        return True
    if await repository.owner(session, account.email) is not None:
        return False
    account.confirmed_at = parts.clock.now()
    session.add(account)
    await session.flush()
    return True


async def send_again(parts: Parts, account: Account) -> None:
    async with parts.database.write() as session:
        await mails.queue_registered(session, account.id)


async def let_lapse(parts: Parts, *, limit: int = 200) -> int:
    """Delete accounts that were never confirmed in time; for the scheduler. Returns how many."""
    now = parts.clock.now()
    before = now - timedelta(days=parts.settings.confirm_within_days)
    async with parts.database.write() as session:
        accounts = await repository.lapsed(session, before, limit)
        for account in accounts:
            await events.account_erased(session, account, "never_confirmed", now)
            await repository.delete_account(session, account.id)
    return len(accounts)
