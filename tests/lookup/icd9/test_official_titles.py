"""The official workbook, read by its XML here: no code is shared with the loader."""

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from ahead.lookup.descriptions.service import describe
from ahead.shared.errors import NotFound

IN_FORCE = date(2015, 3, 1)
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def printed(path: Path) -> dict[str, tuple[str, str, int]]:
    """Code → (long title, short title, row)."""
    with zipfile.ZipFile(path) as archive:
        strings = [
            "".join(part.text or "" for part in one.iter(f"{_NS}t"))
            for one in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        ]
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    found: dict[str, tuple[str, str, int]] = {}
    for row in sheet.iter(f"{_NS}row"):
        cells = {
            re.sub(r"\d", "", c.attrib["r"]): strings[int(c.findtext(f"{_NS}v") or 0)] for c in row if len(c)
        }
        if cells.get("A", "DIAGNOSIS CODE") != "DIAGNOSIS CODE":
            found[cells["A"]] = (cells["B"], cells.get("C", ""), int(row.attrib["r"]))
    return found


async def test_every_title_is_held_as_printed(held: Any, titles_file: Path) -> None:
    catalog = held(titles_file)
    (release,) = await catalog.releases("icd9cm")
    wanted = printed(titles_file)
    assert (release.rows, release.billable, len(wanted)) == (14_567, 14_567, 14_567)
    assert (release.window_from, release.window_to) == (date(2014, 10, 1), date(2015, 9, 30))
    seen = 0
    start = 0
    while nodes := await catalog.stretch(release.id, start, 5_000):
        start = nodes[-1].ordinal + 1
        for node in nodes:
            if not node.billable:
                assert node.title_origin == "derived"
                assert node.code not in wanted
                continue
            long, short, row = wanted[node.code]
            assert (node.title, node.short_title, node.source_row) == (
                " ".join(long.split()),
                " ".join(short.split()),
                row,
            )
            facts = await catalog.facts(release.id, node.code) if row % 50 == 0 else None
            if facts is not None:
                assert node.title in " ".join(describe(facts).paragraphs)
            seen += 1
    assert seen == 14_567


@pytest.mark.parametrize(
    ("typed", "dotted"),
    [("001.0", "001.0"), ("0010", "001.0"), ("v10.11", "V10.11"), ("E812.0", "E812.0"), ("250.00", "250.00")],
)
async def test_codes_are_found_as_they_are_written(
    held: Any, titles_file: Path, typed: str, dotted: str
) -> None:
    found = await held(titles_file).find("icd9cm", typed, IN_FORCE)
    assert (found.node.dotted, found.node.billable) == (dotted, True)


async def test_dates_outside_the_last_version_judge_nothing(held: Any, titles_file: Path) -> None:
    catalog = held(titles_file)
    for day, status in ((date(2014, 9, 30), "before_first"), (date(2015, 10, 1), "after_newest")):
        found = await catalog.find("icd9cm", "250.00", day)
        assert found.edition.status == status
        assert (await catalog.validity(found)).status == "not_held"
    with pytest.raises(NotFound):
        await catalog.find("icd9cm", "999.99", IN_FORCE)
