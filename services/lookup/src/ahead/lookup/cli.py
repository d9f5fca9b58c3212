"""`ahead catalog`: loads official files and says what is held. Needs no running platform."""

import asyncio
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ahead.lookup.catalog import spelling
from ahead.lookup.catalog.fetching.addresses import FetchError
from ahead.lookup.catalog.fetching.service import AcceptedLicence, Fetcher, accepted, user_of_this_machine
from ahead.lookup.catalog.loading.icd10cm_release import Options, Statement
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.registry import CatalogLoader, counted, source_names
from ahead.lookup.catalog.loading.sources import Loaded
from ahead.lookup.catalog.schemas import Release
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.cpt.schemas import StatedLicence
from ahead.lookup.cpt.service import statements
from ahead.lookup.db import open_database, upgrade
from ahead.lookup.settings import Settings
from ahead.shared.clock import SystemClock
from ahead.shared.settings import SettingsError, load

app = typer.Typer(help="The dated catalogue of codes.", no_args_is_help=True)


def _settings() -> Settings:
    try:
        return load(Settings)
    except SettingsError as error:
        _fail(str(error))


def _fail(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(1)


@app.command("load")
def load_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Official files, zipped or not.")],
    system: Annotated[str | None, typer.Option(help="Source, such as icd10cm or ptp-hospital.")] = None,
    release: Annotated[str | None, typer.Option(help="Name of the edition.")] = None,
    window_from: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day in force.")
    ] = None,
    window_to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day in force.")
    ] = None,
    i_hold_a_cpt_licence: Annotated[
        bool,
        typer.Option(
            help="You hold a licence of the American Medical Association for the CPT text in the files."
        ),
    ] = False,
    licence_holder: Annotated[
        str | None, typer.Option(help="Who holds that licence; else the user of this machine.")
    ] = None,
) -> None:
    """Load official files exactly as published, zipped or not: what they are is recognised.

    What is refused is told with its reason, and the rest is loaded all the same.
    """
    if system is not None and system not in source_names():
        _fail(f"{system} is no source here: {', '.join(source_names())}.")
    settings = _settings()
    upgrade(settings)
    options = Options(
        system,
        release,
        window_from.date() if window_from else None,
        window_to.date() if window_to else None,
        licence=_statement(licence_holder) if i_hold_a_cpt_licence else None,
    )
    refused: list[Refused] = []
    try:
        outcome = CatalogLoader(settings.database, settings.releases_dir).load(
            files, options, _progress_bar(), refused.append
        )
    except Refused as error:
        _fail(f"Not loaded. {error}")
    for one in outcome.loaded:
        _tell(one)
    for name in outcome.left_out:
        typer.echo(f"Left out, of no kind that is read here: {name}")
    if any(one.new and one.system in spelling.SYSTEMS and one.billable for one in outcome.loaded):
        typer.echo("The search finds them after: ahead search rebuild")
    # Two sources may read the same file, and refuse it for the same line.
    for said in dict.fromkeys(map(str, refused)):
        typer.echo(f"Not loaded. {said}", err=True)
    if refused:
        raise typer.Exit(1)


def _statement(holder: str | None) -> Statement:
    """The operator's word, with the user of this machine who gave it."""
    user = user_of_this_machine()
    return Statement((holder or user).strip() or user, user)


def _tell(loaded: Loaded) -> None:
    name = source_names()[loaded.system]
    window = f"in force {loaded.window_from} to {loaded.window_to or 'further notice'}"
    if not loaded.new:
        typer.echo(f"{name} {loaded.edition} is held already ({window}): nothing changed.")
        return
    typer.echo(f"Loaded {name} {loaded.edition}: {counted(loaded)}, {window}, in {loaded.seconds:.1f} s.")
    if loaded.remark:
        typer.echo(f"  {loaded.remark}")


@app.command()
def fetch(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Such as icd10cm, pfs, asc or mcd-article.")
    ],
    edition: Annotated[str, typer.Option(help="Year or quarter: 2026, 2026q2.")] = "",
    address: Annotated[
        list[str] | None, typer.Option(help="Another address than the known one; may be given several times.")
    ] = None,
    sha256: Annotated[str, typer.Option(help="Hash that the file must have.")] = "",
    i_accept_the_ama_licence: Annotated[
        bool,
        typer.Option(
            help="You accept the American Medical Association's licence, which the publisher shows before giving "
            "files with CPT codes."
        ),
    ] = False,
) -> None:
    """Download official files from their publisher, check their hash where it is known, and load them."""
    settings = _settings()
    upgrade(settings)
    user = user_of_this_machine()
    try:
        fetcher = Fetcher(settings)
        files, licence = fetcher.planned(source, edition, address or [], sha256)
        if licence and not i_accept_the_ama_licence:
            _fail(
                f"Not fetched. {source} stands behind the American Medical Association's licence for CPT at the "
                "publisher. Read it there; if you accept it, say --i-accept-the-ama-licence. It is recorded who did, "
                "and when."
            )
        if licence:
            asyncio.run(fetcher.accept(licence, source, files, user))
        fetched = fetcher.fetch(source, files, _progress_bar())
    except (FetchError, Refused) as error:
        _fail(f"Not loaded. {error}")
    for file in fetched.files:
        typer.echo(
            f"{'Kept' if file.kept else 'Fetched'} {file.path.name}: {file.size:,} bytes, SHA-256 {file.sha256}"
        )
    for one in fetched.outcome.loaded:
        _tell(one)
    for name in fetched.outcome.left_out:
        typer.echo(f"Left out, of no kind that is read here: {name}")


@app.command()
def status() -> None:
    """Which releases are held: rows as the publisher counts them, effective windows, age."""
    settings = _settings()
    upgrade(settings)
    releases = asyncio.run(_releases(settings))
    if not releases:
        typer.echo("No release is loaded. Load one with: ahead catalog load FILE...")
        return
    today = SystemClock().now().date()
    for release in releases:
        _show(release, today)
    for one in asyncio.run(_stated(settings)):
        typer.echo(f"Licence for {one.subject.upper()}")
        typer.echo(f"  holder    {one.holder}")
        typer.echo(f"  stated    by {one.stated_by}, {one.stated_at:%Y-%m-%d %H:%M} UTC, for {one.files}")
    for one in asyncio.run(_accepted(settings)):
        typer.echo(f"Licence accepted for fetching {one.source} ({one.licence})")
        typer.echo(f"  by        {one.accepted_by}, {one.accepted_at:%Y-%m-%d %H:%M} UTC")
        typer.echo(f"  address   {one.address}")


async def _releases(settings: Settings) -> tuple[Release, ...]:
    database = open_database(settings)
    catalog = Catalog(database, settings.releases_dir)
    try:
        return await catalog.releases()
    finally:
        await catalog.close()
        await database.close()


async def _stated(settings: Settings) -> list[StatedLicence]:
    database = open_database(settings)
    try:
        return await statements(database)
    finally:
        await database.close()


async def _accepted(settings: Settings) -> list[AcceptedLicence]:
    database = open_database(settings)
    try:
        return await accepted(database)
    finally:
        await database.close()


def _show(release: Release, today: date) -> None:
    typer.echo(f"{source_names().get(release.system, release.system)} {release.edition}")
    typer.echo(f"  kind      {release.kind}")
    typer.echo(f"  rows      {counted(release)}")
    end = release.window_to or "further notice"
    typer.echo(f"  in force  {release.window_from} to {end} (from the {release.window_origin})")
    typer.echo(f"  age       {_age(release, today)}; loaded {release.loaded_at:%Y-%m-%d %H:%M} UTC")
    typer.echo(f"  source    {release.source}")
    for file in release.files:
        typer.echo(f"  file      {file.name} (SHA-256 {file.sha256})")
    if release.remark:
        typer.echo(f"  note      {release.remark}")


def _age(release: Release, today: date) -> str:
    if release.window_to is not None and release.window_to < today:
        days = (today - release.window_to).days
        return f"ended {days} day{'' if days == 1 else 's'} ago; a later edition is not loaded"
    if release.window_from > today:
        return f"begins in {(release.window_from - today).days} days"
    return f"in force for {(today - release.window_from).days} days"


def _progress_bar() -> Callable[[float, str], None]:
    """A line that moves on a terminal; on a pipe a line per stage."""
    last = ""

    def show(fraction: float, text: str) -> None:
        nonlocal last
        if sys.stderr.isatty():
            filled = round(30 * fraction)
            end = "\n" if fraction >= 1 else ""
            line = f"\r{'█' * filled}{'░' * (30 - filled)} {fraction:4.0%}  {text:<12}"
            typer.echo(line + end, nl=False, err=True)
        elif text != last:
            typer.echo(f"{text} ...", err=True)
        last = text

    return show
