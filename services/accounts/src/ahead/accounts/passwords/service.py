"""Changing a password one knows, and replacing one that is forgotten."""

from sqlalchemy import update
from sqlmodel import col

from ahead.accounts import repository
from ahead.accounts.mails import links
from ahead.accounts.mails import service as mails
from ahead.accounts.models import Account
from ahead.accounts.parts import Parts
from ahead.accounts.registration.service import mark_confirmed
from ahead.accounts.sessions import service as sessions


async def change(
    parts: Parts, current: sessions.Current, *, present: str, new: str, device: str, secret: str | None
) -> sessions.Started | None:
    """Set a new password for somebody who is logged in; None when the present one is wrong.

    All sessions end, and this browser gets a new one.
    """
    account = current.account
    if not await parts.passwords.verify(account.password_hash, present):
        return None
    new_hash = await parts.passwords.hash(new)
    now = parts.clock.now()
    async with parts.database.write() as session:
        changed = await session.execute(
            update(Account)
            .where(col(Account.id) == account.id, col(Account.password_hash) == account.password_hash)
            .values(password_hash=new_hash, password_changed_at=now)
            .returning(col(Account.id))
        )
        if changed.first() is None:
            return None
        await repository.revoke_sessions(session, account.id, now)
        await links.use_up_all_resets(session, account.id, now)
        await mails.queue_notice(session, parts.keybox, "password_changed", account)
        row, fresh = await sessions.start(
            session,
            parts,
            account,
            device=device,
            former_secret=secret,
            second_factor_at=current.session.second_factor_at,
        )
    return await sessions.finish_start(parts, account, current.roles, row, fresh)


async def ask_for_reset(parts: Parts, email: str) -> None:
    """Does the same whether or not anybody has this address: the worker looks."""
    async with parts.database.write() as session:
        await mails.queue_reset(session, parts.keybox, email)


async def resettable(parts: Parts, token: str) -> Account | None:
    """Whose password a link would replace, while it works."""
    async with parts.database.read() as session:
        return await links.account_behind(
            session, parts.keybox, mails.RESET_PURPOSE, token, parts.clock.now()
        )


async def reset(parts: Parts, token: str, new: str) -> Account | None:
    """Set a new password with a link from a mail; None when the link doesn't work, or not any more.

    Whoever may have had the old one loses every session and API key. Reading the mailbox also confirms the
    address.
    """
    if await resettable(parts, token) is None:
        return None
    new_hash = await parts.passwords.hash(new)
    now = parts.clock.now()
    async with parts.database.write() as session:
        account = await links.account_behind(session, parts.keybox, mails.RESET_PURPOSE, token, now)
        if account is None or not await links.use(session, parts.keybox, mails.RESET_PURPOSE, token, now):
            return None
        if not await mark_confirmed(session, account, parts):
            return None
        account.password_hash = new_hash
        account.password_changed_at = now
        session.add(account)
        await repository.revoke_sessions(session, account.id, now)
        await repository.revoke_api_keys(session, account.id, now)
        await links.use_up_all_resets(session, account.id, now)
        await mails.queue_notice(session, parts.keybox, "password_reset", account)
    return account
