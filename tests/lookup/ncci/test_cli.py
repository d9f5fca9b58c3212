"""`ahead catalog load` and `status` know NCCI."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ahead.lookup.cli import app


def test_load_status_and_load_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path / "data"))
    file = tmp_path / "addon_code_edits_2024-06-03.csv"
    file.write_text("primary_code,add_on_code,aoc_edit_type\nCCCCC,0054T,2\n0070U,0071U,1\n")
    run = CliRunner()
    loaded = run.invoke(app, ["load", str(file)])
    assert loaded.exit_code == 0, loaded.output
    assert (
        "Loaded NCCI add-on code edits 2024 Q3: 2 edits, in force 2024-07-01 to 2024-09-30" in loaded.output
    )
    assert "nothing changed" in run.invoke(app, ["load", str(file)]).output
    status = run.invoke(app, ["status"]).output
    assert "NCCI add-on code edits 2024 Q3" in status
    assert "2 edits" in status
    assert "Posted on 2024-06-03" in status
    refused = run.invoke(app, ["load", str(file), "--from", "2025-01-01", "--to", "2024-01-01"])
    assert refused.exit_code == 1
    assert "before it begins" in refused.output
