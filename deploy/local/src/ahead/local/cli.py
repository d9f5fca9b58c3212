"""The program `ahead`: its own commands, and those that installed services bring through entry points."""

import os
import sys
from typing import Annotated, Literal

import typer

from ahead.local.failure import Failure

HELP = "Coding Ahead: sets up, runs, tests and checks the whole platform on one machine."
DATA_HELP = "Folder for everything that is kept on disk (default: AHEAD_DATA, else .data at the root)."
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": ["--help"]}

app = typer.Typer(
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def options(data: Annotated[str, typer.Option("--data", metavar="DIR", help=DATA_HELP)] = "") -> None:
    # Only for the help: `take_data` has read it and set AHEAD_DATA before the command line is parsed.
    del data


@app.command()
def up(
    port: Annotated[
        int, typer.Option(min=1, max=65_534, help="Port of the one address that people use.")
    ] = 8080,
    search: Annotated[
        Literal["tantivy", "meilisearch"] | None,
        typer.Option(help="Search engine (default: Meilisearch where it is set up, else Tantivy)."),
    ] = None,
) -> None:
    """Set everything up and run the platform until Ctrl-C."""
    from ahead.local.up import up as run

    raise typer.Exit(run(port, search))


@app.command("test", context_settings=PASS_ON)
def run_tests(
    context: typer.Context,
    long: Annotated[bool, typer.Option("--long", help="At the counts of a release; takes hours.")] = False,
) -> None:
    """Set everything up and run all tests. Further words go to pytest."""
    from ahead.local.testing import run

    raise typer.Exit(run(context.args, long=long))


@app.command()
def check() -> None:
    """Format, lint, types, import rules, migrations, locks, tree rules: what runs before the tests."""
    from ahead.local.checks import run

    raise typer.Exit(run())


@app.command(context_settings=PASS_ON)
def bench(
    context: typer.Context, name: Annotated[str, typer.Argument(help="Which one; all when left out.")] = ""
) -> None:
    """The benchmarks: ratios decide, bare times are reported."""
    from ahead.local.bench import run

    raise typer.Exit(run(name, context.args))


@app.command()
def lock(
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Take the newest versions allowed.")] = False,
) -> None:
    """Resolve again and write the locks: versions and hashes, no registry address."""
    from ahead.local.locks import write

    write(upgrade=upgrade)


def take_data(arguments: list[str]) -> list[str]:
    """Every command takes --data, before or after its name: put it into the environment, leave the rest."""
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--data" or word.startswith("--data="):
            value = word.removeprefix("--data").removeprefix("=") or next(words, "")
            if not value:
                raise Failure("--data needs a folder")
            os.environ["AHEAD_DATA"] = value
        else:
            rest.append(word)
    return rest


def mount(arguments: list[str]) -> None:
    """Add the services' commands: the one that is called, or all for the help. Loading one costs a second."""
    own = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    called = next((word for word in arguments if not word.startswith("-")), "")
    if called in own:
        return
    from ahead.local import configuration, installed

    points = installed.commands()
    if called in points:
        configuration.for_commands(installed.services())
        points = {called: points[called]}
    for name, point in sorted(points.items()):
        app.add_typer(point.load(), name=name)


def main() -> None:
    """The console script. A Failure is one line; anything else is the program's fault and shows its trace."""
    try:
        arguments = take_data(sys.argv[1:])
        mount(arguments)
        app(args=arguments, prog_name="ahead")
    except Failure as failure:
        for line in failure.detail:
            print(f"  | {line}", file=sys.stderr)
        print(f"ahead: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("ahead: stopped", file=sys.stderr)
        sys.exit(130)
