"""``ahead consultant status``: what became of the mail, in three lines; what goes wrong is one."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ahead.consultant.cli import app


def test_a_new_service_has_had_no_mail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path))
    result = CliRunner().invoke(app, ["status"])
    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [
        "Mail taken in: 0, of which 0 are not read yet.",
        "Inquiries: none.",
        "Mail given up: 0. Addresses that get none: 0.",
    ]


def test_an_impossible_data_folder_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "consultant").write_text("in the way")
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path))
    result = CliRunner().invoke(app, ["status"])
    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 1
