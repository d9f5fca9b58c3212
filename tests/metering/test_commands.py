"""``ahead metering rebuild``: what goes wrong is one line that says what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ahead.metering.cli import app


def rebuild(monkeypatch: pytest.MonkeyPatch, data: Path) -> tuple[int, str]:
    monkeypatch.setenv("AHEAD_DATA", str(data))
    result = CliRunner().invoke(app, ["rebuild"])
    return result.exit_code, result.output


def test_counts_are_made_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code, output = rebuild(monkeypatch, tmp_path)
    assert code == 0
    assert "Counted 0 events again: 0 in usage_hourly, 0 in usage_daily." in output


def _file(place: Path) -> None:
    place.write_text("in the way")


def _database_is_a_folder(place: Path) -> None:
    (place / "metering" / "metering.db").mkdir(parents=True)


def _database_is_something_else(place: Path) -> None:
    (place / "metering").mkdir(parents=True)
    (place / "metering" / "metering.db").write_bytes(b"something else altogether" * 100)


@pytest.mark.parametrize("spoil", [_file, _database_is_a_folder, _database_is_something_else])
def test_an_impossible_data_folder_is_one_line(
    spoil: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "data"
    spoil(place)
    code, output = rebuild(monkeypatch, place)
    assert code == 1
    assert output.startswith("The counts were not made again: ")
    assert output.count("\n") == 1, output
    assert "choose another" in output


def test_a_database_server_that_is_not_there_is_one_line_without_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = "postgresql+psycopg://ahead:hidden@127.0.0.1:1/metering"
    monkeypatch.setenv("AHEAD_METERING_DATABASE_URL", url)
    code, output = rebuild(monkeypatch, tmp_path)
    assert code == 1
    assert output.count("\n") == 1, output
    assert "hidden" not in output
    assert "127.0.0.1" in output
