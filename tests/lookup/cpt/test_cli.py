"""The licence on the command line: said with a flag, kept with who and when, shown again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ahead.lookup.cli import app

from .conftest import LONG


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AHEAD_GUEST_KEY", "a key for tests, at least 32 characters long")
    monkeypatch.setenv("LOGNAME", "somebody")

    def call(*args: str, fails: bool = False) -> str:
        result = CliRunner().invoke(app, list(args))
        assert (result.exit_code != 0) == fails, result.output
        return result.output

    return call


def test_text_is_taken_with_the_flag_only(run: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "CPT 2026 LONGULT.txt"
    path.write_text(LONG)
    assert "--i-hold-a-cpt-licence" in run("load", str(path), fails=True)
    assert "No release is loaded" in run("status")

    loaded = run("load", str(path), "--i-hold-a-cpt-licence", "--licence-holder", "Made-up Clinic")
    assert "Loaded CPT 2026: " in loaded
    status = run("status")
    assert "holder    Made-up Clinic" in status
    assert "by somebody, " in status
    assert "CPT 2026 LONGULT.txt" in status
    assert "held already" in run("load", str(path), "--i-hold-a-cpt-licence")


def test_whoever_runs_it_is_the_holder_if_nobody_is_named(run: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "CPT 2026 LONGULT.txt"
    path.write_text(LONG)
    run("load", str(path), "--i-hold-a-cpt-licence")
    assert "holder    somebody" in run("status")
