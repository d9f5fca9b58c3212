"""Every row of the official mappings, compared with a reader that shares no code with the loader."""

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ahead.lookup.gems.schemas import Target

IN_FORCE = date(2018, 3, 1)
Row = tuple[str, str, str, int]


def printed(folder: Path, name: str) -> Iterator[Row]:
    """(source, target, flags, line)."""
    with zipfile.ZipFile(folder / "gems" / "dxgem-2018.zip") as archive:
        for number, line in enumerate(archive.read(name).decode("ascii").split("\r\n"), 1):
            if line:
                source, target, flags = line.split()
                yield source, target, flags, number


def flags_of(target: Target) -> str:
    bits = (target.approximate, target.no_map, target.combination)
    return "".join(str(int(bit)) for bit in bits) + f"{target.scenario}{target.choice_list}"


@pytest.mark.parametrize(
    ("system", "other", "name", "count"),
    [("icd9cm", "icd10cm", "2018_I9gem.txt", 24_860), ("icd10cm", "icd9cm", "2018_I10gem.txt", 81_593)],
)
async def test_every_row_is_reproduced(
    real: Any, official_data: Path, system: str, other: str, name: str, count: int, long_run: bool
) -> None:
    """All rows as held; and of the codes (each, or one of 150) what is answered, both ways."""
    rows = list(printed(official_data, name))
    assert len(rows) == count
    edition = await real.edition(system, IN_FORCE)
    assert edition.release.rows == count
    by_source: dict[str, list[Row]] = {}
    named_by: dict[str, set[str]] = {}
    for row in rows:
        by_source.setdefault(row[0], []).append(row)
    for number, (source, mine) in enumerate(by_source.items()):
        if number % (1 if long_run else 150):
            continue
        answer = await real.of(system, source, IN_FORCE)
        found = [t for one in answer.alternatives for choices in one.lists for t in choices]
        got = sorted((t.code.replace(".", ""), flags_of(t), t.receipt.row) for t in found)
        wanted = [(target.upper(), flags, line) for _, target, flags, line in mine if target != "NoDx"]
        assert got == sorted(wanted)
        assert answer.status == ("mapped" if wanted else "no_map")
        assert all(t.receipt.file_name == f"dxgem-2018.zip/{name}" for t in found)
        for alternative in answer.alternatives:
            lists = {t.choice_list for choices in alternative.lists for t in choices}
            assert len(lists) == len(alternative.lists)
        if wanted:
            target = wanted[0][0]
            if target not in named_by:
                back = await real.of(other, target, IN_FORCE)
                named_by[target] = {t.code.replace(".", "") for t in back.named_by}
            assert source in named_by[target]


async def test_rows_as_held_are_the_rows_as_printed(real: Any, official_data: Path) -> None:
    """The whole of both files at once."""
    from sqlalchemy import Connection, text

    query = text(
        "SELECT source, target, approximate, no_map, combination, scenario, choice_list, source_row FROM gems "
        "WHERE release_id = :id"
    )
    for system, name in (("icd9cm", "2018_I9gem.txt"), ("icd10cm", "2018_I10gem.txt")):
        rid = (await real.edition(system, IN_FORCE)).release.id

        def read(connection: Connection, rid: int = rid) -> set[Row]:
            return {
                (r[0], r[1] or "NoDx", "".join(str(int(bit)) for bit in r[2:7]), r[7])
                for r in connection.execute(query, {"id": rid})
            }

        held = await real._sources.read(rid, read)
        assert held == {
            (s, t if t == "NoDx" else t.upper(), f, n) for s, t, f, n in printed(official_data, name)
        }


async def test_combinations_are_put_together_in_words(real: Any) -> None:
    answer = await real.of("icd9cm", "80624", IN_FORCE)
    assert [one.words for one in answer.alternatives] == [
        "Scenario 1: S24.151A together with S22.019A.",
        "Scenario 2: S24.152A together with one of S22.029A, S22.039A, S22.049A or S22.059A.",
    ]
    assert "2 combinations" in answer.words[0]
    exact = await real.of("icd9cm", "0010", IN_FORCE)
    assert exact.words == ("001.0 and A00.0 mean the same (no approximate flag).",)
    assert "no equivalent" in (await real.of("icd10cm", "R29700", IN_FORCE)).words[0]


@pytest.mark.parametrize(
    ("day", "status"), [("2017-09-30", "not_checked"), ("2017-10-01", "mapped"), ("2018-09-30", "mapped")]
)
async def test_a_mapping_answers_from_its_first_day(real: Any, day: str, status: str) -> None:
    answer = await real.of("icd9cm", "25000", date.fromisoformat(day))
    assert (answer.status, answer.note) == (status, "")


async def test_after_its_last_year_it_is_shown_marked(real: Any) -> None:
    answer = await real.of("icd9cm", "25000", date(2026, 11, 23))
    assert answer.status == "mapped"
    assert "2018-09-30" in answer.note


async def test_conversions_are_the_rows_of_the_table(real: Any, official_data: Path) -> None:
    book = openpyxl.load_workbook(
        official_data / "icd10cm" / "icd10cm-conversion-table-2026.xlsx", read_only=True
    )
    rows: list[Any] = [r for r in enumerate(book.worksheets[0].iter_rows(values_only=True), 1) if any(r[1])]
    book.close()
    start = next(i for i, (_, cells) in enumerate(rows) if str(cells[0]).startswith("Current code"))
    wanted: dict[str, set[int]] = {}
    for number, cells in rows[start + 1 :]:
        wanted.setdefault(str(cells[0]).strip(), set()).add(number)
    assert len(wanted) > 3_000
    for code in list(wanted)[::60]:
        _, own, _ = await real.conversions(code.replace(".", ""), date(2026, 3, 1))
        assert {one.receipt.row for one in own} == wanted[code]
    _, own, later = await real.conversions("E119", date(2026, 3, 1))
    assert not own
    assert {one.code for one in later} >= {"E11.A"}
