"""`ahead catalog` without a running platform."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ahead.lookup.cli import app

Small = Callable[..., list[Path]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path / "data"))
    return lambda *arguments: CliRunner().invoke(app, [str(a) for a in arguments])


def test_status_of_an_empty_machine_says_what_to_do(run: Callable[..., Result]) -> None:
    result = run("status")
    assert result.exit_code == 0
    assert "No release is loaded" in result.output


def test_load_then_status_then_load_again(run: Callable[..., Result], small: Small) -> None:
    loaded = run("load", *small())
    assert loaded.exit_code == 0, loaded.output
    assert "Loaded ICD-10-CM FY2026: 9 codes and headers, 6 billable" in loaded.output
    status = run("status")
    assert "9 codes and headers, 6 billable" in status.output
    assert "2025-10-01 to 2026-09-30 (from the calendar)" in status.output
    assert "SHA-256" in status.output
    assert "nothing changed" in run("load", *small()).output


def test_the_operators_window_and_name_win(run: Callable[..., Result], small: Small) -> None:
    tabular, listed = small()
    result = run("load", tabular, listed, "--release", "mine", "--from", "2026-01-01", "--to", "2026-03-31")
    assert "Loaded ICD-10-CM mine" in result.output
    assert "2026-01-01 to 2026-03-31 (from the option)" in run("status").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["load", "missing.xml"], "missing.xml: there is no such file"),
        (["load", "{list}"], "give it together with its tabular list"),
        (["load", "{tabular}", "--system", "icd10pcs"], "is no file of icd10pcs"),
        (["load", "{tabular}", "--system", "nothing"], "is no source here"),
        (["load", "{tabular}", "--from", "2026-05-01", "--to", "2026-04-01"], "before it begins"),
        (["load", "{tabular}", "{tabular}"], "a second tabular list"),
    ],
)
def test_what_can_not_be_loaded_is_refused_in_one_line(
    run: Callable[..., Result], small: Small, arguments: list[str], said: str
) -> None:
    tabular, listed = small()
    result = run(*(a.replace("{tabular}", str(tabular)).replace("{list}", str(listed)) for a in arguments))
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_the_rest_is_loaded_beside_what_is_refused(
    run: Callable[..., Result], small: Small, tmp_path: Path
) -> None:
    limits = tmp_path / "mue_practitioner_2026-01-01.csv"
    limits.write_text(
        "hcpcs_code,mue_units,mue_mai,mue_rationale,mue_service\nA4299,1,9,made up,Practitioner\n"
    )
    unknown = tmp_path / "letter.txt"
    unknown.write_text("Dear reader,\n")
    add_ons = tmp_path / "addon_code_edits_2026-01-01.csv"
    add_ons.write_text("primary_code,add_on_code,aoc_edit_type\nA4298,A4299,1\n")
    result = run("load", unknown, limits, tmp_path / "missing.csv", *small(), add_ons)
    assert result.exit_code == 1
    assert "Loaded NCCI add-on code edits 2026 Q1: 1 edits" in result.output
    assert "Loaded ICD-10-CM FY2026" in result.output
    assert "letter.txt: is text of an unknown kind" in result.output
    assert "mue_practitioner_2026-01-01.csv, line 2: '9' is not an adjudication indicator" in result.output
    assert "missing.csv: there is no such file" in result.output
    assert result.output.count("Not loaded.") == 3
    assert "Medically Unlikely" not in run("status").output
    good = run("load", *small(), add_ons)
    assert good.exit_code == 0
    assert good.output.count("nothing changed") == 2


def test_files_that_are_all_refused_change_nothing(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run("load", tmp_path / "one.zip", tmp_path / "two.zip")
    assert (result.exit_code, result.output.count("there is no such file")) == (1, 2)
    assert "No release is loaded" in run("status").output
