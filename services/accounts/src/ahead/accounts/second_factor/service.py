"""TOTP: setting it up, showing it once per session, and no code ever twice."""

import base64
import hmac
from datetime import datetime
from typing import Any, cast

from pyotp import random_base32
from pyotp.totp import TOTP
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from ahead.accounts import repository
from ahead.accounts.keybox import KeyBox
from ahead.accounts.models import Account
from ahead.accounts.parts import Parts
from ahead.accounts.sessions import service as sessions

ISSUER = "Coding Ahead"
STEP_SECONDS = 30
# A clock may be off by one step either way.
WINDOW = 1
SECRET_BYTES = 20


def proposed_secret(keybox: KeyBox, current: sessions.Current) -> str:
    """The secret a session is shown for setting up: always the same one, and stored nowhere before it's proved."""
    name = f"totp:{current.account.id}:{current.session.id}"
    digest = bytes.fromhex(keybox.blind(name))[:SECRET_BYTES]
    return base64.b32encode(digest).decode()


def in_groups(secret: str) -> str:
    """Easier to type: "ABCD EFGH …"."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def setup_address(secret: str, email: str) -> str:
    """The ``otpauth://`` address that authenticator apps open."""
    return TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The time step whose code this is, within the window; None for a wrong code."""
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return None
    totp = TOTP(secret)
    present = int(at.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - WINDOW, present + WINDOW + 1):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS), digits):
            found = step
    return found


async def _use_step(session: AsyncSession, account_id: str, step: int) -> bool:
    """Take a step as used; False when it, or a later one, was used before."""
    statement = (
        update(Account)
        .where(col(Account.id) == account_id, col(Account.totp_last_step) < step)
        .values(totp_last_step=step)
    )
    return cast("Any", await session.execute(statement)).rowcount == 1


async def pass_second_factor(
    parts: Parts, current: sessions.Current, code: str, *, device: str, secret: str | None
) -> sessions.Started | None:
    """Check a code; the first one proves the proposed secret and sets it up. None for a wrong or used code.

    The session is rotated: the former cookie never gains the roles.
    """
    account = current.account
    enrolled = account.totp_secret is not None
    if account.totp_secret is not None:
        totp_secret = parts.keybox.open(account.totp_secret).decode()
    else:
        totp_secret = proposed_secret(parts.keybox, current)
    now = parts.clock.now()
    step = matching_step(totp_secret, code, now)
    if step is None:
        return None
    async with parts.database.write() as session:
        present = await repository.by_id(session, account.id)
        if present is None or (present.totp_secret is not None) != enrolled:
            return None  # set up elsewhere in this very moment
        if not await _use_step(session, account.id, step):
            return None
        if not enrolled:
            await session.execute(
                update(Account)
                .where(col(Account.id) == account.id)
                .values(totp_secret=parts.keybox.close(totp_secret.encode()), totp_since=now)
            )
        row, fresh = await sessions.start(
            session, parts, account, device=device, former_secret=secret, second_factor_at=now
        )
        roles = await repository.roles_of(session, account.id)
    return await sessions.finish_start(parts, account, roles, row, fresh)


def new_enrolment(keybox: KeyBox) -> tuple[str, str]:
    """For the command line: (secret to be shown once, the same encrypted for the database)."""
    secret = random_base32()
    return secret, keybox.close(secret.encode())
