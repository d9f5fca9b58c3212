"""Changing somebody's plan, and making the accounts of staff."""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import col

from ahead.accounts import events, repository
from ahead.accounts.models import PLANS, ROLES, Account, AccountRole
from ahead.accounts.parts import Parts
from ahead.accounts.second_factor.service import new_enrolment
from ahead.shared.auth.guards import STAFF_ROLES
from ahead.shared.errors import BadInput, Conflict, NotFound
from ahead.shared.ids import uuid7


@dataclass(frozen=True)
class Created:
    account_id: str
    totp_secret: str


async def find(parts: Parts, email: str) -> tuple[Account, frozenset[str]]:
    """The account of an address: its owner's, else the oldest one that claims it.

    Raises:
        NotFound
    """
    async with parts.database.read() as session:
        account = await repository.owner(session, email) or await repository.oldest_claim(session, email)
        if account is None:
            raise NotFound(f"There is no account for {email}.", slug="no-such-account")
        return account, await repository.roles_of(session, account.id)


async def set_plan(parts: Parts, account_id: str, plan: str, *, by: str) -> Account:
    """Change the plan; other services learn it with the next token, within five minutes.

    Args:
        by: who changes it, kept with the event: the operator's subject, or "command line".

    Raises:
        BadInput: for a plan that there isn't.
        NotFound
    """
    if plan not in PLANS:
        raise BadInput(f"There is no plan {plan!r}; choose {' or '.join(PLANS)}.", slug="unknown-plan")
    now = parts.clock.now()
    async with parts.database.write() as session:
        account = await repository.by_id(session, account_id)
        if account is None:
            raise NotFound("There is no such account.", slug="no-such-account")
        former = account.plan
        if former != plan:
            account.plan = plan
            session.add(account)
            await events.plan_changed(session, account, former, now, by=by)
    return account


async def create_user(parts: Parts, email: str, role: str, password: str) -> Created:
    """An account that an operator makes: confirmed, with a role, and with a second factor where one is needed.

    Raises:
        BadInput: for a role that there isn't.
        Conflict: when the address has an owner already.
    """
    if role not in ROLES:
        raise BadInput(f"There is no role {role!r}; choose one of {', '.join(ROLES)}.", slug="unknown-role")
    secret, closed = new_enrolment(parts.keybox) if role in STAFF_ROLES else ("", None)
    password_hash = await parts.passwords.hash(password)
    now = parts.clock.now()
    async with parts.database.write() as session:
        if await repository.owner(session, email) is not None:
            raise Conflict(f"{email} has an account already.", slug="account-exists")
        account = Account(
            id=uuid7(),
            email=email,
            claim=await repository.next_claim(session, email),
            password_hash=password_hash,
            plan="free",
            created_at=now,
            confirmed_at=now,
            password_changed_at=now,
            totp_secret=closed,
            totp_since=now if closed else None,
        )
        session.add(account)
        await session.flush()
        session.add(AccountRole(account_id=account.id, role=role))
        await events.account_registered(session, account, now)
    return Created(account_id=account.id, totp_secret=secret)


async def add_role(parts: Parts, account_id: str, role: str) -> None:
    """Give a further role. Staff sets up the second factor at the next log-in."""
    if role not in ROLES:
        raise BadInput(f"There is no role {role!r}; choose one of {', '.join(ROLES)}.", slug="unknown-role")
    async with parts.database.write() as session:
        if role not in await repository.roles_of(session, account_id):
            session.add(AccountRole(account_id=account_id, role=role))


async def forget_second_factor(parts: Parts, account_id: str) -> None:
    """For somebody who lost the device: they set it up anew at the next log-in. Ends all sessions."""
    now = parts.clock.now()
    async with parts.database.write() as session:
        account = await repository.by_id(session, account_id)
        if account is None:
            raise NotFound("There is no such account.", slug="no-such-account")
        account.totp_secret = None
        account.totp_since = None
        session.add(account)
        await repository.revoke_sessions(session, account_id, now)


async def remove_role(parts: Parts, account_id: str, role: str) -> None:
    async with parts.database.write() as session:
        await session.execute(
            delete(AccountRole).where(
                col(AccountRole.account_id) == account_id, col(AccountRole.role) == role
            )
        )
