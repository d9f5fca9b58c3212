"""Commands of CareerCenter: ``ahead careers demo``, ``rebuild`` and ``import``."""

import asyncio
from pathlib import Path

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from ahead.careers.board.building import build_index
from ahead.careers.board.places import Places
from ahead.careers.db import upgrade
from ahead.careers.demo import service as examples
from ahead.careers.importing.service import Imported, Importer
from ahead.careers.settings import Settings
from ahead.shared.clock import SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.errors import Problem
from ahead.shared.search.index import SearchError
from ahead.shared.settings import SettingsError, load

app = typer.Typer(help="The job board.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The job board."""


@app.command()
def demo(
    count: int = typer.Argument(500, min=0, max=200_000, help="How many; 0 takes the examples away."),
    seed: int = typer.Option(8, help="Another seed makes other jobs."),
) -> None:
    """Fill the board with example jobs, each marked as one. Examples of before are replaced, real jobs stay."""
    try:
        settings = load(Settings)
        upgrade(settings)
        with Progress(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()) as bar:
            task = bar.add_task("Writing jobs", total=max(count, 1))
            made = asyncio.run(_fill(settings, count, seed, lambda done: bar.update(task, completed=done)))
            bar.update(task, completed=max(count, 1))
            index = bar.add_task("Building the index", total=1.0)
            build_index(settings, lambda done, _text: bar.update(index, completed=done), force=True)
            bar.update(index, completed=1.0)
    except (SettingsError, Problem, SearchError) as error:
        typer.echo(f"The examples were not made: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(
        f"{made:,} example jobs are on the board." if made else "There are no example jobs on the board."
    )


async def _fill(settings: Settings, count: int, seed: int, progress: examples.Callable[[int], None]) -> int:
    database = Database(settings.database)
    try:
        return await examples.fill(database, settings, SystemClock(), count, seed=seed, progress=progress)
    finally:
        await database.close()


@app.command()
def rebuild() -> None:
    """Make the index of jobs again from the database."""
    try:
        settings = load(Settings)
        upgrade(settings)
        held = build_index(settings, lambda _done, _text: None, force=True)
    except (SettingsError, Problem, SearchError) as error:
        typer.echo(f"The index was not made: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{held:,} jobs are in the index.")


@app.command()
def zips(
    file: Path = typer.Argument(
        ..., exists=True, dir_okay=False, help="The Census Bureau's gazetteer of ZIP Code tabulation areas."
    ),
) -> None:
    """Load where each ZIP is, so that jobs can be looked for by distance; zipped or not, as published."""
    try:
        settings = load(Settings)
        upgrade(settings)
        held = asyncio.run(_zips(settings, file))
    except (SettingsError, Problem) as error:
        typer.echo(f"The ZIPs were not loaded: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{held:,} ZIPs are held.")


async def _zips(settings: Settings, file: Path) -> int:
    database = Database(settings.database)
    try:
        return await Places(database).load(file)
    finally:
        await database.close()


@app.command(name="import")
def import_feed(
    file: Path = typer.Argument(
        ..., exists=True, dir_okay=False, help="An XML feed in the layout of job sites."
    ),
    name: str = typer.Option("feed", help="Names the source: the same name again updates its jobs."),
) -> None:
    """Import jobs: new ones are posted, changed ones edited, missing ones closed, the same job shown once."""
    try:
        settings = load(Settings)
        upgrade(settings)
        done = asyncio.run(_import(settings, file, name))
    except (SettingsError, Problem) as error:
        typer.echo(f"The feed was not imported: {error}", err=True)
        raise typer.Exit(1) from error
    for reason in done.reasons:
        typer.echo(f"  {reason}", err=True)
    typer.echo(
        f"{done.posted:,} posted, {done.changed:,} changed, {done.confirmed:,} confirmed, {done.closed:,} closed, "
        f"{done.held:,} held for a moderator, {done.merged:,} merged with the same job, {done.refused:,} refused."
    )


async def _import(settings: Settings, file: Path, name: str) -> Imported:
    database = Database(settings.database)
    try:
        with await asyncio.to_thread(file.open, "rb") as stream:
            return await Importer(database, settings, SystemClock()).run(stream, name)
    finally:
        await database.close()
