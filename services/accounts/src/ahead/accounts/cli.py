"""``ahead accounts ...``: the first operator, plans, keys."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from ahead.accounts.addresses import normalise_address
from ahead.accounts.db import upgrade
from ahead.accounts.parts import Parts
from ahead.accounts.passwords import rules
from ahead.accounts.plans import service as plans
from ahead.accounts.second_factor.service import in_groups, setup_address
from ahead.accounts.settings import Settings
from ahead.accounts.signing.service import PUBLISH_AHEAD, rotate
from ahead.shared.errors import Problem
from ahead.shared.mail import BadAddress
from ahead.shared.settings import SettingsError, load

app = typer.Typer(help="Accounts: the first operator, plans, signing keys.", no_args_is_help=True)
T = TypeVar("T")

Email = Annotated[str, typer.Option("--email", help="E-mail address of the account.")]


def _run(work: Callable[[Parts], Awaitable[T]]) -> T:
    """Bring the database up to date, do the work, and say in one line what is wrong if it fails."""

    async def body() -> T:
        parts = Parts.make(settings)
        try:
            return await work(parts)
        finally:
            await parts.close()

    try:
        settings = load(Settings)
        upgrade(settings)
        return asyncio.run(body())
    except BadAddress as error:
        raise _failed(f"That is not an e-mail address: {error}.") from error
    except SettingsError as error:
        raise _failed(str(error)) from error
    except Problem as error:
        raise _failed(" ".join(part for part in (error.detail or error.title, error.hint) if part)) from error


def _failed(text: str) -> typer.Exit:
    typer.echo(text, err=True)
    return typer.Exit(1)


def _read_password(email: str, *, from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise _failed("No password came on standard input: pass it as one line.")
    elif not sys.stdin.isatty():
        raise _failed(
            "There is no terminal to type the password at: pass it as one line on standard input, "
            "with --password-stdin."
        )
    else:
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            raise _failed("The two don't match.")
    if objection := rules.objection(password, email):
        raise _failed(objection)
    return password


@app.command("create-user")
def create_user(
    email: Email,
    role: Annotated[str, typer.Option(help="employer, expert, moderator or ops.")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from stdin.")
    ] = False,
) -> None:
    """Make an account with a role, confirmed already; prints the TOTP secret that staff roles need."""
    password = _read_password(email, from_stdin=password_stdin)
    created = _run(lambda parts: plans.create_user(parts, normalise_address(email), role, password))
    typer.echo(f"Created {email} with the role {role}.")
    if created.totp_secret:
        typer.echo(
            "It logs in with a second factor. Add this key to an authenticator app; it is shown this once:"
        )
        typer.echo(f"  {in_groups(created.totp_secret)}")
        typer.echo(f"  {setup_address(created.totp_secret, email)}")


@app.command("set-plan")
def set_plan(
    email: Annotated[str, typer.Argument(help="E-mail address of the account.")],
    plan: Annotated[str, typer.Argument(help="free or pro.")],
) -> None:
    """Change the plan of an account."""

    async def work(parts: Parts) -> str:
        account, _ = await plans.find(parts, normalise_address(email))
        return (await plans.set_plan(parts, account.id, plan, by="command line")).plan

    typer.echo(f"{email} has the plan {_run(work)}.")


@app.command("grant-role")
def grant_role(
    email: Email, role: Annotated[str, typer.Option(help="employer, expert, moderator or ops.")]
) -> None:
    """Give an account a further role."""

    async def work(parts: Parts) -> None:
        account, _ = await plans.find(parts, normalise_address(email))
        await plans.add_role(parts, account.id, role)

    _run(work)
    typer.echo(f"{email} has the role {role}. Staff roles count once the second factor is set up at log-in.")


@app.command("reset-second-factor")
def reset_second_factor(email: Email) -> None:
    """For somebody who lost the device: logs them out everywhere; they set it up anew at the next log-in."""

    async def work(parts: Parts) -> None:
        account, _ = await plans.find(parts, normalise_address(email))
        await plans.forget_second_factor(parts, account.id)

    _run(work)
    typer.echo(f"{email} sets up the second factor anew at the next log-in.")


@app.command("rotate-keys")
def rotate_keys(
    compromised: Annotated[
        bool,
        typer.Option("--compromised", help="Take the old keys back at once instead of letting them run out."),
    ] = False,
) -> None:
    """Bring in a new signing key. Sessions stay; nobody is logged out."""

    async def work(parts: Parts) -> str:
        async with parts.database.write() as session:
            return await rotate(session, parts.keybox, parts.clock.now(), compromised=compromised)

    kid = _run(work)
    if compromised:
        typer.echo(f"The key {kid} signs now; the others are taken back within five minutes everywhere.")
    else:
        minutes = int(PUBLISH_AHEAD.total_seconds() // 60)
        typer.echo(
            f"The key {kid} is published and signs in {minutes} minutes; old tokens run out by themselves."
        )
