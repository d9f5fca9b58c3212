"""Lists of MS-DRGs: every line of both official ones, the tree made of them, and how their codes are typed."""

import re
import zipfile
from datetime import date
from typing import Any

import pytest
from inpatient_files import official
from sqlalchemy import select

from ahead.lookup.catalog.models import NODES
from ahead.lookup.catalog.spelling import read
from ahead.lookup.msdrg.grouper import Case, Diagnosis
from ahead.lookup.msdrg.mdc import MDC_NAMES
from ahead.shared.errors import BadInput

MDC20 = "20"
"""Which the program names otherwise than the manual: "Alcohol or Drug Use or Induced ..."."""


async def nodes(reader: Any, day: date) -> dict[str, Any]:
    edition = await reader.edition("msdrg", day)
    assert edition.status == "held"
    query = select(NODES).where(NODES.c.release_id == edition.release.id).order_by(NODES.c.ordinal)
    found = await reader.read(edition.release.id, lambda c: c.execute(query).all())
    return {row.code: row for row in found}


async def test_every_line_of_appendix_a(official_reader: Any) -> None:
    text = official("msdrg", "msdrg-v40-appendix-a.txt").read_text("latin-1").replace("\r", "")
    wanted = {
        line[:3]: (line[4:6].strip(), {"P": "SURG", "M": "MED", " ": ""}[line[8]], line[11:].strip(), number)
        for number, line in enumerate(text.split("\n"), 1)
        if re.match(r"[0-9]{3} ", line)
    }
    assert len(wanted) == 767
    held = await nodes(official_reader, date(2023, 1, 1))
    drgs = {code: row for code, row in held.items() if row.kind == "code"}
    assert set(drgs) == set(wanted)
    for code, (mdc, kind, title, number) in wanted.items():
        place = f"MDC{mdc}" if mdc else "NO-MDC"
        assert (drgs[code].title, drgs[code].source_row, drgs[code].billable) == (title, number, True)
        assert drgs[code].parent == (f"{place}-{kind}" if kind else place)


async def test_every_line_of_table_5_is_an_edition_of_its_own(official_reader: Any) -> None:
    with zipfile.ZipFile(official("msdrg", "ipps-fy2026-tables.zip")) as archive:
        text = archive.read("table-5-fy2026-final.txt").decode("cp1252").replace("\r", "")
    wanted = {
        line.split("\t")[0]: line.split("\t")[5].strip('"')
        for line in text.split("\n")
        if line[:3].isdecimal()
    }
    assert len(wanted) == 772
    held = await nodes(official_reader, date(2026, 1, 1))
    assert {code: row.title for code, row in held.items() if row.kind == "code"} == wanted
    assert held["PRE-MDC"].codes_below == 17
    assert held["291"].path == "MDC05/MDC05-MED"
    assert (await official_reader.edition("msdrg", date(2024, 1, 1))).status == "gap"
    assert (await official_reader.edition("msdrg", date(2022, 9, 30))).status == "before_first"


async def test_a_made_up_list_on_both_databases(made: Any) -> None:
    made.load_all()
    held = await nodes(made.reader(), date(2023, 1, 1))
    assert list(held) == ["MDC05", "MDC05-MED", "291", "NO-MDC", "NO-MDC-SURG", "001", "998", "999"]
    assert held["MDC05"].title_origin == "derived"
    assert held["001"].title == "MADE-UP TRANSPLANT"
    newer = await nodes(made.reader(), date(2026, 1, 1))
    assert newer["001"].parent == "PRE-MDC-SURG"


def test_categories_are_named_as_the_program_names_them(grouper: Any) -> None:
    version = grouper.version_for(date(2026, 1, 1))
    found: dict[str, str] = {}
    for code in ("G43909", "H2510", "H6690", "J189", "I5020", "K359", "K8020", "M1611", "L0390", "E1165", "N179",
                 "N400", "N809", "O42011", "P0722", "D649", "C9000", "A419", "F329", "F1020", "T391X1A", "T2030XA",
                 "Z4889", "B20"):  # fmt: skip
        for sex in ("F", "M"):
            grouping = grouper.group(version, Case(Diagnosis(code, "Y"), (), (), 40, sex, 1))
            found[grouping.mdc] = grouping.mdc_title
    assert len(set(found) - {"00"}) >= 23
    for mdc, title in found.items():
        if mdc not in ("00", MDC20):
            assert MDC_NAMES[mdc] == title


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("291", "291"), ("1", "001"), ("DRG 291", "291"), ("ms-drg 65", "065"), ("MSDRG-470", "470"),
        ("MDC 05", "MDC05"), ("mdc05-surg", "MDC05-SURG"), ("PRE-MDC", "PRE-MDC"), ("no-mdc", "NO-MDC"),
    ],
)  # fmt: skip
def test_how_people_type_them(typed: str, key: str) -> None:
    assert read("msdrg", typed).key == key


@pytest.mark.parametrize("typed", ["1234", "heart", "DRG", "", "MDC", "29A", "<b>"])
def test_what_is_no_ms_drg_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        read("msdrg", typed)
