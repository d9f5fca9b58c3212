"""Commands of metering: ``ahead metering rebuild``."""

import asyncio

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ahead.metering.db import open_database, upgrade
from ahead.metering.rebuild.service import Rebuilder, Rebuilt
from ahead.metering.settings import Settings
from ahead.shared.errors import Problem
from ahead.shared.settings import SettingsError, load

app = typer.Typer(help="Counts of views and usage.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Counts of views and usage."""


@app.command()
def rebuild() -> None:
    """Make the hourly and daily counts again from the raw events.

    The platform may be running or not: nothing is lost and nothing is counted twice. The old counts are shown
    until the new ones are complete.
    """
    try:
        settings = load(Settings)
        upgrade(settings)
        done = asyncio.run(_rebuild(settings))
    except (SettingsError, Problem) as error:
        typer.echo(f"The counts were not made again: {error}", err=True)
        raise typer.Exit(1) from error
    rows = ", ".join(f"{number:,} in {name}" for name, number in done.rows.items())
    typer.echo(f"Counted {done.events:,} events again: {rows}.")


async def _rebuild(settings: Settings) -> Rebuilt:
    database = open_database(settings)
    with Progress(
        TextColumn("Counting again"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    ) as bar:
        task = bar.add_task("", total=None)
        try:
            return await Rebuilder(
                database, progress=lambda done, total: bar.update(task, completed=done, total=max(total, 1))
            ).run()
        finally:
            await database.close()
