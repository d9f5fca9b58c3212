"""Commands of CaseConsultant: ``ahead consultant status``."""

import asyncio

import typer
from sqlalchemy import func, select

from ahead.consultant.db import upgrade
from ahead.consultant.models import Inquiry, RawMail, Sent, Suppressed
from ahead.consultant.settings import Settings
from ahead.shared.db.engine import Database
from ahead.shared.errors import Problem
from ahead.shared.settings import SettingsError, load

app = typer.Typer(help="Questions by e-mail.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Questions by e-mail."""


@app.command()
def status() -> None:
    """Say what became of the mail: taken in, answered, waiting for an expert, not sent."""
    try:
        settings = load(Settings)
        upgrade(settings)
        lines = asyncio.run(_told(settings))
    except (SettingsError, Problem) as error:
        typer.echo(f"The state of the mail can't be told: {error}", err=True)
        raise typer.Exit(1) from error
    for line in lines:
        typer.echo(line)


async def _told(settings: Settings) -> list[str]:
    database = Database(settings.database)
    try:
        async with database.read() as session:

            async def count(table: type, *where: object) -> int:
                return await session.scalar(select(func.count()).select_from(table).where(*where)) or 0  # pyright: ignore[reportArgumentType, reportCallIssue]

            grouped = await session.execute(select(Inquiry.state, func.count()).group_by(Inquiry.state))  # pyright: ignore[reportArgumentType, reportCallIssue]
            states = ", ".join(f"{number:,} {state}" for state, number in map(tuple, grouped)) or "none"
            taken, unread = await count(RawMail), await count(RawMail, RawMail.fate == "")
            return [
                f"Mail taken in: {taken:,}, of which {unread:,} are not read yet.",
                f"Inquiries: {states}.",
                f"Mail given up: {await count(Sent, Sent.failed != ''):,}. "
                f"Addresses that get none: {await count(Suppressed):,}.",
            ]
    finally:
        await database.close()
