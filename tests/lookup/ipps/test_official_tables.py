"""Every row of the official tables is held, as a reader says that shares no code with the loader."""

import re
import zipfile
from datetime import date
from typing import Any

import pytest
from inpatient_files import official
from sqlalchemy import select

from ahead.lookup.ipps.models import CC_CODES, CC_COLLECTIONS, CC_DRG_EXCLUSIONS, CC_LEVELS, DRGS

HELD = date(2026, 1, 15)


@pytest.fixture(scope="session")
def texts() -> dict[str, list[str]]:
    """Lines of the tables, by the number of the table."""
    with zipfile.ZipFile(official("msdrg", "ipps-fy2026-tables.zip")) as archive:
        return {
            name[6:8].strip("-"): archive.read(name).decode("latin-1").replace("\r", "").split("\n")
            for name in archive.namelist()
        }


async def rows(reader: Any, source: str, table: Any) -> list[Any]:
    edition = await reader.edition(source, HELD)
    assert edition.status == "held"
    query = select(*[column for column in table.c if column.name != "release_id"])
    return await reader.read(
        edition.release.id,
        lambda c: c.execute(query.where(table.c.release_id == edition.release.id)).all(),
    )


def test_the_counts_are_the_publishers_own(official_inpatient: Any) -> None:
    counts = {(one.system, one.kind): one.rows for one in official_inpatient.loaded}
    assert counts == {
        ("ipps-5", "ipps-5"): 772,
        ("ipps-6i", "ipps-6i"): 3_354,
        ("ipps-6j", "ipps-6j"): 15_078,
        ("ipps-6k", "ipps-6k"): 18_432,
        ("msdrg", "msdrg-table5"): 772,
        ("msdrg", "msdrg-appendix-a"): 767,
        ("mce", "mce-simple"): 14_153,
    }
    windows = {
        one.kind: (one.window_from.isoformat(), one.window_to.isoformat())
        for one in official_inpatient.loaded
    }
    assert windows["ipps-5"] == ("2025-10-01", "2026-09-30")
    assert windows["msdrg-appendix-a"] == ("2022-10-01", "2023-09-30")
    assert windows["mce-simple"] == ("2019-10-01", "2020-09-30")


async def test_every_weight_and_length_of_stay(official_reader: Any, texts: dict[str, list[str]]) -> None:
    wanted: list[tuple[Any, ...]] = []
    for number, line in enumerate(texts["5"], 1):
        if not re.match(r"[0-9]{3}\t", line):
            continue
        drg, post, special, mdc, kind, title, before, weight, gmlos, amlos = line.split("\t")
        figures = [None if cell in (".", "") else cell for cell in (before, weight, gmlos, amlos)]
        title = title.removeprefix('"').removesuffix('"')
        kind = kind.replace("*", "")
        wanted.append((drg, post == "Yes", special == "Yes", mdc.strip(), kind, title, *figures, number))
    assert len(wanted) == 772
    assert sorted(tuple(row) for row in await rows(official_reader, "ipps-5", DRGS)) == wanted


@pytest.mark.parametrize(("table", "level"), [("6i", "MCC"), ("6j", "CC")])
async def test_every_code_of_the_lists(
    official_reader: Any, texts: dict[str, list[str]], table: str, level: str
) -> None:
    wanted = {
        (line.split("\t")[0].replace(".", ""), level, line.split("\t")[1], number)
        for number, line in enumerate(texts[table], 1)
        if number > 2 and line.strip() and "Notes" not in line
    }
    assert {tuple(row) for row in await rows(official_reader, f"ipps-{table}", CC_LEVELS)} == wanted


async def test_every_code_of_the_exclusions_and_its_level_in_the_lists(
    official_reader: Any, texts: dict[str, list[str]]
) -> None:
    lines = texts["6k"]
    ends = [number for number, line in enumerate(lines) if line.startswith("K Part ")]
    first, second, third = ends
    codes = {
        line[1:8].strip(): (line[9:12].strip(), line[13:17] if line[13:15] != "No" else None, number)
        for number, line in enumerate(lines[: lines.index("PDX collection 0002")], 1)
        if number > first + 2 and line.strip()
    }
    alive = {
        line[2:9].strip(): number
        for number, line in enumerate(lines[:third], 1)
        if number > second + 1 and line.strip()
    }
    assert len(codes) == 18_432
    assert len(alive) == 8
    held = {row.code: row for row in await rows(official_reader, "ipps-6k", CC_CODES)}
    assert {code: (row.level, row.collection, row.source_row) for code, row in held.items()} == codes
    assert {code: row.alive_only_row for code, row in held.items() if row.alive_only_row} == alive
    lists = {
        row.code: row.level
        for key in ("ipps-6i", "ipps-6j")
        for row in await rows(official_reader, key, CC_LEVELS)
    }
    assert lists == {code: said[0] for code, said in codes.items()}


async def test_every_collection_whole_and_part_2_in_none(
    official_reader: Any, texts: dict[str, list[str]]
) -> None:
    lines = texts["6k"]
    second = next(number for number, line in enumerate(lines) if line.startswith("K Part 2"))
    wanted: set[tuple[str, str, int]] = set()
    current = ""
    for number, line in enumerate(lines[:second], 1):
        if line.startswith("PDX collection"):
            current = line[-4:]
        elif current and line.strip():
            wanted.add((current, line[2:9].strip(), number))
    assert len({collection for collection, _, _ in wanted}) == 1_994
    assert {tuple(row) for row in await rows(official_reader, "ipps-6k", CC_COLLECTIONS)} == wanted


async def test_every_code_that_does_not_count_in_some_drgs(
    official_reader: Any, texts: dict[str, list[str]]
) -> None:
    lines = texts["6k"]
    third = next(number for number, line in enumerate(lines) if line.startswith("K Part 3"))
    wanted: set[tuple[str, str, int]] = set()
    heading = ""
    for number, line in enumerate(lines, 1):
        if number <= third + 1 or not line.strip():
            continue
        if line.startswith("MDC "):
            heading = line[12:19]
        else:
            wanted.add((line.split()[0], heading, number))
    assert {heading for _, heading, _ in wanted} == {
        "082-084", "177-179", "280-282", "283-285", "582-583", "673-675", "837-839", "928-929", "957-959",
        "963-965", "974-976",
    }  # fmt: skip
    held = await rows(official_reader, "ipps-6k", CC_DRG_EXCLUSIONS)
    assert {(row.code, f"{row.first_drg}-{row.last_drg}", row.source_row) for row in held} == wanted
