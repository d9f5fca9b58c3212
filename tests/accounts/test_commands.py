"""``ahead accounts ...`` and the step that `ahead up` runs."""

import re
from datetime import UTC, datetime

import pytest
from pyotp.totp import TOTP
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from ahead.accounts.cli import app
from ahead.accounts.processes import SERVICE
from ahead.accounts.settings import Settings
from ahead.shared.db.migrations import sync_url
from ahead.shared.processes import no_progress

PASSWORD = "geranium under the lamp\n"


def run(*words: str, stdin: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words), input=stdin)
    return result.exit_code, result.output


def query(settings: Settings, statement: str) -> list[tuple[object, ...]]:
    engine = create_engine(sync_url(settings.database))
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]
    finally:
        engine.dispose()


def test_the_first_operator_gets_a_second_factor(settings: Settings) -> None:
    code, output = run(
        "create-user", "--email", "Ops@Example.org", "--role", "ops", "--password-stdin", stdin=PASSWORD
    )
    assert code == 0, output
    secret = re.search(r"secret=([A-Z2-7]{32})", output)
    assert secret
    assert len(TOTP(secret[1]).at(datetime.now(UTC))) == 6
    assert query(
        settings, "SELECT a.email, r.role FROM accounts a JOIN account_roles r ON r.account_id = a.id"
    ) == [("ops@example.org", "ops")]
    stored = query(settings, "SELECT totp_secret FROM accounts")[0][0]
    assert secret[1] not in str(stored)


def test_an_employer_needs_none(settings: Settings) -> None:
    code, output = run(
        "create-user", "--email", "a@b.org", "--role", "employer", "--password-stdin", stdin=PASSWORD
    )
    assert code == 0
    assert "secret" not in output


@pytest.mark.parametrize(
    ("email", "role", "password", "says"),
    [
        ("nobody", "ops", PASSWORD, "not an e-mail address"),
        ("a@b.org", "king", PASSWORD, "no role 'king'"),
        ("a@b.org", "ops", "short\n", "at least 8"),
        ("a@b.org", "ops", "password1\n", "tried first"),
        ("a@b.org", "ops", "", "No password came on standard input"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    settings: Settings, email: str, role: str, password: str, says: str
) -> None:
    code, output = run("create-user", "--email", email, "--role", role, "--password-stdin", stdin=password)
    assert code == 1
    assert says in output
    assert "Traceback" not in output


@pytest.mark.parametrize("stdin", ["", PASSWORD])
def test_without_a_terminal_it_says_how_to_hand_over_the_password(settings: Settings, stdin: str) -> None:
    code, output = run("create-user", "--email", "a@b.org", "--role", "ops", stdin=stdin)
    assert code == 1
    assert output.count("\n") == 1
    assert "--password-stdin" in output
    assert query(settings, "SELECT * FROM accounts") == []


def test_an_address_has_one_owner(settings: Settings) -> None:
    words = ("create-user", "--email", "a@b.org", "--role", "ops", "--password-stdin")
    assert run(*words, stdin=PASSWORD)[0] == 0
    code, output = run(*words, stdin=PASSWORD)
    assert (code, "has an account already" in output) == (1, True)


def test_plans_are_changed(settings: Settings) -> None:
    run("create-user", "--email", "a@b.org", "--role", "employer", "--password-stdin", stdin=PASSWORD)
    assert run("set-plan", "A@b.org", "pro") == (0, "A@b.org has the plan pro.\n")
    assert query(settings, "SELECT plan FROM accounts") == [("pro",)]
    assert run("set-plan", "a@b.org", "gold")[0] == 1
    assert run("set-plan", "x@b.org", "pro")[0] == 1


def test_keys_are_rotated(settings: Settings) -> None:
    SERVICE.steps[0].run(no_progress)
    SERVICE.steps[0].run(no_progress)
    assert len(query(settings, "SELECT kid FROM signing_keys")) == 1
    code, output = run("rotate-keys")
    assert code == 0
    assert "signs in 10 minutes" in output
    assert len(query(settings, "SELECT kid FROM signing_keys")) == 2
    assert "signs now" in run("rotate-keys", "--compromised")[1]


def test_a_missing_secret_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AHEAD_ACCOUNTS_KEY_SECRET")
    code, output = run("rotate-keys")
    assert (code, "AHEAD_ACCOUNTS_KEY_SECRET" in output) == (1, True)
