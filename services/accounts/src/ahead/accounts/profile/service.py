"""Export and erasure of an account."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from ahead.accounts import events, repository
from ahead.accounts.mails import service as mails
from ahead.accounts.models import ApiKey, Mail, Session
from ahead.accounts.parts import Parts
from ahead.accounts.sessions.service import Current
from ahead.shared.clock import isoformat


def _time(at: datetime | None) -> str | None:
    return isoformat(at) if at else None


async def export(parts: Parts, current: Current) -> dict[str, Any]:
    """Everything accounts keeps about somebody, but for what would open the account."""
    account = current.account
    async with parts.database.read() as session:
        own_sessions = await session.execute(select(Session).where(Session.account_id == account.id))
        own_keys = await session.execute(select(ApiKey).where(ApiKey.account_id == account.id))
        own_mails = await session.execute(select(Mail).where(Mail.account_id == account.id))
        return {
            "account": account.id,
            "email": account.email,
            "plan": account.plan,
            "roles": sorted(current.roles),
            "registered_at": _time(account.created_at),
            "confirmed_at": _time(account.confirmed_at),
            "password_changed_at": _time(account.password_changed_at),
            "second_factor_since": _time(account.totp_since),
            "registered_from_guest": account.guest_id,
            "sessions": [
                {
                    "device": row.device,
                    "began_at": _time(row.created_at),
                    "last_used_at": _time(row.last_seen_at),
                    "ended_at": _time(row.revoked_at),
                }
                for row in own_sessions.scalars()
            ],
            "api_keys": [
                {
                    "name": row.name,
                    "begins_with": row.hint,
                    "created_at": _time(row.created_at),
                    "last_used_at": _time(row.last_used_at),
                    "revoked_at": _time(row.revoked_at),
                }
                for row in own_keys.scalars()
            ],
            "mails": [{"kind": row.kind, "sent_at": _time(row.sent_at)} for row in own_mails.scalars()],
        }


async def erase(parts: Parts, current: Current, password: str) -> bool:
    """Delete the account for good; False when the password is wrong. The other services follow the event."""
    account = current.account
    if not await parts.passwords.verify(account.password_hash, password):
        return False
    async with parts.database.write() as session:
        if await repository.by_id(session, account.id) is None:
            return True
        await events.account_erased(session, account, "owner", parts.clock.now())
        await session.execute(delete(Mail).where(col(Mail.account_id) == account.id))
        await mails.queue_notice(session, parts.keybox, "erased", account)
        await repository.delete_account(session, account.id)
    return True
