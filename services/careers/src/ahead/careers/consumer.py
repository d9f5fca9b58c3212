"""The consumers: CareerCenter forgets accounts that are erased, and stops mailing addresses that mail came back from.
A process of its own, and a part of the background process."""

from collections.abc import Sequence

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from ahead.careers.applications.files import Files
from ahead.careers.applications.repository import forget as forget_applications
from ahead.careers.models import (
    DEAD_LETTERS,
    ERASURES,
    RETURNED,
    HeldCredential,
    History,
    Member,
    Profile,
    Report,
    SavedJob,
    SavedSearch,
)
from ahead.careers.settings import Settings
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.dead_letter_desk import DeadLetterDesk
from ahead.shared.erasure import Eraser
from ahead.shared.mail.returned import ReturnedFollower
from ahead.shared.settings import load

DURABLE = "careers-erasures"
RETURNED_DURABLE = "careers-returned-mail"


def make_eraser(settings: Settings, database: Database, clock: Clock | None = None) -> Eraser:
    files = Files(settings)

    async def forget(session: AsyncSession, subjects: Sequence[str]) -> None:
        """All that CareerCenter holds about somebody: applications with their files, what was saved, alerts,
        memberships. Jobs belong to the company; that somebody has edited one is kept without who."""
        for name in await forget_applications(session, subjects):
            files.remove(name)
        for table in (SavedJob, SavedSearch, Member, Profile, HeldCredential):
            await session.execute(delete(table).where(col(table.subject).in_(subjects)))
        await session.execute(
            update(Report).where(col(Report.subject).in_(subjects)).values(subject=Report.id)
        )
        await session.execute(update(History).where(col(History.by).in_(subjects)).values(by=""))

    return Eraser(database, ERASURES, DEAD_LETTERS, forget, clock=clock)


def make_desk(settings: Settings, database: Database, clock: Clock | None = None) -> DeadLetterDesk:
    """For operators: events that this consumer couldn't read."""
    apply = make_eraser(settings, database, clock).apply
    return DeadLetterDesk(database, DEAD_LETTERS, apply, done="followed", done_before="followed before")


def consumer_part(settings: Settings, database: Database) -> Part:
    return make_eraser(settings, database).consumer(settings.shared.nats_url, DURABLE).run


def returned_part(settings: Settings, database: Database) -> Part:
    return ReturnedFollower(database, RETURNED).consumer(settings.shared.nats_url, RETURNED_DURABLE).run


def main() -> None:
    settings = load(Settings)
    logging.configure("careers-consumer", settings.shared.log_level)

    def parts() -> Sequence[Part]:
        database = Database(settings.database)
        return [consumer_part(settings, database), returned_part(settings, database)]

    run_background(parts)


if __name__ == "__main__":
    main()
