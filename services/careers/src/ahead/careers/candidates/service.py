"""Profiles and credentials. A credential is "stated" until a moderator has asked the organization that grants it."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import delete, update
from sqlmodel import col, select

from ahead.careers.jobs.cleaning import line
from ahead.careers.mails import service as mails
from ahead.careers.models import Audit, HeldCredential, Profile
from ahead.careers.settings import Settings
from ahead.careers.vocabulary import CREDENTIALS, granted_by
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database, Executor
from ahead.shared.errors import BadInput, NotFound
from ahead.shared.mail import BadAddress, checked_address

MOST_CREDENTIALS = 15


class Wish(msgspec.Struct, frozen=True):
    """A credential that its holder wants to be checked, with what is needed to ask for it."""

    held: HeldCredential
    name: str
    granted_by: str


async def credentials_of(session: Executor, subject: str) -> list[HeldCredential]:
    statement = (
        select(HeldCredential).where(HeldCredential.subject == subject).order_by(HeldCredential.credential)
    )
    return list((await session.scalars(statement)).all())


class Candidates:
    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def own(self, principal: Principal) -> tuple[Profile, list[HeldCredential]]:
        """The candidate's own; an empty profile before the first one was kept."""
        async with self._database.read() as session:
            profile = await session.get(Profile, principal.subject)
            held = await credentials_of(session, principal.subject)
        return profile or Profile(subject=principal.subject, changed_at=self._clock.now()), held

    async def keep(self, principal: Principal, sent: Mapping[str, str]) -> None:
        """Raises BadInput."""
        email = sent.get("email", "").strip()
        if email:
            try:
                checked_address(email)
            except BadAddress as error:
                raise BadInput(f"That is not an e-mail address: {error}.") from error
        async with self._database.write() as session:
            held = await session.get(Profile, principal.subject)
            profile = held or Profile(subject=principal.subject, changed_at=self._clock.now())
            profile.name, profile.email = line(sent.get("name", "")), email
            profile.phone, profile.about = (
                line(sent.get("phone", ""), 40),
                sent.get("about", "").strip()[:8000],
            )
            profile.changed_at = self._clock.now()
            session.add(profile)

    async def state(self, principal: Principal, credential: str, number: str, *, check: bool) -> None:
        """Add a credential, or give it another number: then it is unchecked again.

        Raises:
            BadInput: no such credential, or one to be checked without its number.
        """
        number = line(number, 40)
        if credential not in CREDENTIALS:
            raise BadInput("Choose a credential.")
        if check and not number:
            raise BadInput("Give its number: nobody can check a credential without it.")
        now = self._clock.now()
        async with self._database.write() as session:
            held = await session.get(HeldCredential, (principal.subject, credential))
            if held is None:
                if len(await credentials_of(session, principal.subject)) >= MOST_CREDENTIALS:
                    raise BadInput(f"A profile has {MOST_CREDENTIALS} credentials at most.")
                held = HeldCredential(subject=principal.subject, credential=credential, stated_at=now)
            if held.number != number:
                held.number, held.stated_at = number, now
                held.checked_at, held.checked_by = None, ""
            held.asked_at = now if check and held.checked_at is None else None
            session.add(held)

    async def forget_credential(self, principal: Principal, credential: str) -> None:
        async with self._database.write() as session:
            await session.execute(
                delete(HeldCredential).where(
                    col(HeldCredential.subject) == principal.subject,
                    col(HeldCredential.credential) == credential,
                )
            )

    async def wishes(self, limit: int = 100) -> Sequence[Wish]:
        """Credentials that wait to be checked, the oldest first; for moderators."""
        statement = (
            select(HeldCredential, Profile)
            .join(Profile, col(Profile.subject) == HeldCredential.subject, isouter=True)
            .where(col(HeldCredential.asked_at).is_not(None))
            .order_by(col(HeldCredential.asked_at))
            .limit(limit)
        )
        async with self._database.read() as session:
            rows: Sequence[Any] = (await session.execute(statement)).all()
        return [
            Wish(held, profile.name if profile else "", granted_by(held.credential)) for held, profile in rows
        ]

    async def checked(
        self, moderator: Principal, subject: str, credential: str, number: str, *, right: bool, note: str
    ) -> None:
        """A moderator has asked who grants it. The number is that which was asked for: a changed one stays unchecked.

        Raises:
            BadInput: it isn't right, and no reason is given.
            NotFound: nobody waits for that.
        """
        if not right and not note.strip():
            raise BadInput("Say why: its holder reads it.")
        now = self._clock.now()
        async with self._database.write() as session:
            taken = await session.execute(
                update(HeldCredential)
                .where(
                    col(HeldCredential.subject) == subject,
                    col(HeldCredential.credential) == credential,
                    col(HeldCredential.number) == number,
                    col(HeldCredential.asked_at).is_not(None),
                )
                .values(
                    asked_at=None,
                    checked_at=now if right else None,
                    checked_by=moderator.subject if right else "",
                )
                .returning(col(HeldCredential.subject))
            )
            if taken.first() is None:
                raise NotFound("Nobody waits for this check any more.")
            session.add(
                Audit(
                    at=now, by=moderator.subject, about=f"{subject} {credential}"[:120],
                    action="checked" if right else "not confirmed", note=note[:1000],
                )
            )  # fmt: skip
            profile = await session.get(Profile, subject)
            if profile is not None and profile.email:
                said = "was checked" if right else "could not be confirmed"
                why = f"\n\n{note.strip()}" if note.strip() else ""
                await mails.queue(
                    session,
                    self._clock,
                    kind="credential",
                    key=(subject, credential, now.isoformat()),
                    recipient=profile.email,
                    subject=f"Your credential {credential} {said}",
                    body=f"Your credential {credential} {said} with {granted_by(credential)}.{why}\n\n"
                    f"{self._settings.site}/careers/mine/profile\n",
                )
