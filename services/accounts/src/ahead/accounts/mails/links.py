"""Links from mails: genuine, in time, and once."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from ahead.accounts.keybox import KeyBox
from ahead.accounts.models import Account, MailLink


async def account_behind(
    session: AsyncSession, keybox: KeyBox, purpose: str, token: str, now: datetime
) -> Account | None:
    """Whose link this is, if it still works. Changes nothing: mail programs open links to look at them."""
    link_id = keybox.link_id(purpose, token)
    if link_id is None:
        return None
    link = await session.get(MailLink, link_id)
    if link is None or link.purpose != purpose or link.used_at is not None or link.expires_at <= now:
        return None
    return await session.get(Account, link.account_id)


async def use(session: AsyncSession, keybox: KeyBox, purpose: str, token: str, now: datetime) -> bool:
    """Use the link up; False when it was used meanwhile."""
    link_id = keybox.link_id(purpose, token)
    if link_id is None:
        return False
    statement = (
        update(MailLink)
        .where(
            col(MailLink.id) == link_id,
            col(MailLink.purpose) == purpose,
            col(MailLink.used_at).is_(None),
            col(MailLink.expires_at) > now,
        )
        .values(used_at=now)
    )
    return cast("Any", await session.execute(statement)).rowcount == 1


async def use_up_all_resets(session: AsyncSession, account_id: str, now: datetime) -> None:
    """Links asked for before a new password was set must not work after it."""
    await session.execute(
        update(MailLink)
        .where(
            col(MailLink.account_id) == account_id,
            col(MailLink.purpose) == "reset",
            col(MailLink.used_at).is_(None),
        )
        .values(used_at=now)
    )
