"""`ahead search`: derived data, made again."""

import sys
import time
from typing import Annotated

import typer

from ahead.lookup.db import upgrade
from ahead.lookup.search.building import build_index
from ahead.lookup.settings import Settings
from ahead.shared.search.index import SearchError
from ahead.shared.settings import SettingsError, load

app = typer.Typer(help="The search index.", no_args_is_help=True)


@app.callback()
def search() -> None:
    """Keeps `rebuild` a command of its own although it is the only one."""


@app.command()
def rebuild(
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Do nothing when the index is up to date.")
    ] = False,
) -> None:
    """Build the search index again from the releases held. Searches go on meanwhile."""
    started = time.monotonic()
    try:
        settings = load(Settings)
        upgrade(settings)
        manifest = build_index(settings, _show, force=not if_changed)
    except (SearchError, SettingsError) as error:
        typer.echo(f"The index was not built. {error}", err=True)
        raise typer.Exit(1) from error
    if manifest is not None and not manifest.documents:
        typer.echo("No release is loaded, so nothing can be found: ahead catalog load FILE...", err=True)
        raise typer.Exit(1)
    if manifest is None:
        typer.echo("The index is up to date.")
    else:
        typer.echo(f"{manifest.documents:,} codes indexed in {time.monotonic() - started:.1f} s.")


def _show(fraction: float, text: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{fraction:4.0%}  {text:<50}", nl=fraction >= 1, err=True)
