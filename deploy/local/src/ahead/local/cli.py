"""The program `ahead`. Its own commands load what they need when they run; the services' come from entry points."""

import os
import sys
from typing import Annotated, Any, Literal

import click
import typer
import typer.core
from typer.main import get_command

from ahead.local.failure import Failure

DATA_HELP = "Folder for everything that is kept on disk (default: AHEAD_DATA, else .data at the root)."


class Commands(typer.core.TyperGroup):
    """Own commands, and those that installed services bring, loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from ahead.local import installed

        return [*super().list_commands(ctx), *sorted(installed.commands())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        from ahead.local import configuration, installed

        point = installed.commands().get(cmd_name)
        if point is None:
            return None
        configuration.for_commands(installed.services())
        command = get_command(point.load())
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=Commands,
    help="Coding Ahead: sets up, runs, tests and checks the whole platform on one machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def options(data: Annotated[str, typer.Option("--data", metavar="DIR", help=DATA_HELP)] = "") -> None:
    """Coding Ahead: sets up, runs, tests and checks the whole platform on one machine."""
    # `take_data` has set AHEAD_DATA already; it is declared here for the help.
    del data


@app.command()
def up(
    port: Annotated[int, typer.Option(help="Port of the one address that people use.")] = 8080,
    search: Annotated[
        Literal["tantivy", "meilisearch"] | None,
        typer.Option(help="Search engine (default: Meilisearch where it is set up, else Tantivy)."),
    ] = None,
) -> None:
    """Set everything up and run the platform until Ctrl-C."""
    from ahead.local.up import up as run

    raise typer.Exit(run(port, search))


def take_data(arguments: list[str]) -> list[str]:
    """Every command takes --data, before or after its name: put it into the environment and leave the rest."""
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


def main() -> None:
    """The console script. A Failure is one line; anything else is a fault of the program and shows its trace."""
    try:
        command: Any = get_command(app)
        status = command.main(args=take_data(sys.argv[1:]), prog_name="ahead", standalone_mode=False)
    except Failure as failure:
        for line in failure.detail:
            print(f"  | {line}", file=sys.stderr)
        print(f"ahead: {failure}", file=sys.stderr)
        status = 1
    except click.exceptions.Exit as done:
        status = done.exit_code
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (KeyboardInterrupt, click.exceptions.Abort):
        print("ahead: stopped", file=sys.stderr)
        status = 130
    sys.exit(status or 0)
