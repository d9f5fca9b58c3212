"""Made-up editions in the layouts that CMS publishes, on both databases; nothing in them is official."""

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.hcpcs.loading.derived import CODES
from ahead.lookup.hcpcs.loading.workbook import ANWEB
from ahead.shared.errors import NotFound

from .conftest import Made, record

LONG = (
    "Made-up device that nobody sells, with a description of more than eighty characters so that it goes on in a "
    "second and a third record, as long ones do in the file of the publisher, each"
)
EDITION = (
    record("A1", "Made-up modifier one")
    + record("ZZ", f"Made-up modifier two; {LONG}", ended="20261115", added="20260101")
    + record(
        "A4299", LONG, "Made-up device", pricing="3246", coverage="D", betos="D1E", tos="PR", xref="E0100"
    )
    + record("J3999", "Injection, madeupin, 10 mg", added="20261101", ended="20261130", pricing="51")
    + record("K0999", "Made-up item that ended", ended="20201231", action="D", lab="310400")
)
ON = date(2026, 11, 15)


@pytest.fixture
def edition(made: Made) -> Made:
    made.load(made.file("HCPC2026_OCT_ANWEB_10012026.txt", EDITION))
    return made


async def test_a_long_description_goes_on_over_its_records(edition: Made) -> None:
    held = edition.held()
    code = await held.hcpcs.code("A4299", ON)
    assert code is not None
    assert code.long_description == LONG
    assert code.short_description == "Made-up device"
    assert [m.value for m in code.pricing] == ["32", "46"]
    assert [m.value for m in code.types_of_service] == ["P", "R"]
    assert (code.coverage.value, code.betos.value, code.cross_references) == ("D", "D1E", ("E0100",))
    assert (code.receipt.row, code.receipt.file_name) == (5, "HCPC2026_OCT_ANWEB_10012026.txt")


async def test_rows_are_counted_as_records(edition: Made) -> None:
    (release,) = await edition.held().catalog.releases("hcpcs")
    assert (release.rows, release.edition, release.kind) == (
        EDITION.count("\r\n"),
        "October 2026",
        "hcpcs-anweb",
    )
    assert (release.window_from, release.window_to) == (date(2026, 10, 1), date(2026, 12, 31))
    assert release.window_origin == "calendar"


async def test_modifiers_stand_apart_from_codes(edition: Made) -> None:
    listed = await edition.held().hcpcs.modifiers(ON)
    assert [one.modifier for one in listed.modifiers] == ["A1", "ZZ"]
    assert listed.modifiers[1].title.startswith("Made-up modifier two; Made-up device")
    assert listed.modifiers[1].ended == date(2026, 11, 15)
    assert listed.modifiers[1].dated


@pytest.mark.parametrize(
    ("code", "day", "status"),
    [
        ("J3999", date(2026, 10, 31), "not_billable"),
        ("J3999", date(2026, 11, 1), "billable"),
        ("J3999", date(2026, 11, 30), "billable"),
        ("J3999", date(2026, 12, 1), "not_billable"),
        ("K0999", date(2026, 10, 1), "not_billable"),
        ("A4299", date(2026, 12, 31), "billable"),
        ("A4299", date(2027, 1, 1), "not_held"),
    ],
)
async def test_a_code_is_judged_by_its_own_days(edition: Made, code: str, day: date, status: str) -> None:
    held = edition.held()
    answer = await held.catalog.validity(await held.catalog.find("hcpcs", code, day))
    assert answer.status == status, answer.text


async def test_codes_stand_below_their_letter(edition: Made) -> None:
    held = edition.held()
    (release,) = await held.catalog.releases("hcpcs")
    assert [node.code for node in await held.catalog.chapters(release.id)] == ["A", "J", "K"]
    facts = await held.catalog.facts(release.id, "A4299")
    assert [node.code for node in facts.ancestors] == ["A", "A4100-A4999"]
    assert (release.billable, release.nodes) == (2, 8)
    with pytest.raises(NotFound):
        await held.catalog.find("hcpcs", "A4298", ON)


def test_loading_the_same_file_twice_changes_nothing(edition: Made) -> None:
    (again,) = edition.load(edition.folder / "HCPC2026_OCT_ANWEB_10012026.txt")
    assert not again.new


def zipped(made: Made) -> Path:
    """As CMS publishes an edition: text, workbook, record layout and notes in one zip."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(ANWEB))
    sheet.append(workbook_row("A4299", "3"))
    book.save(made.folder / "inner.xlsx")
    path = made.folder / "october-2026-alpha-numeric-hcpcs-file.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("HCPC2026_OCT_ANWEB.txt", EDITION)
        archive.write(made.folder / "inner.xlsx", "HCPC2026_OCT_ANWEB.xlsx")
        archive.writestr("HCPC2026_recordlayout.txt", "made up; not read")
    return path


def workbook_row(code: str, kind: str, **cells: object) -> list[object]:
    row = dict.fromkeys(ANWEB) | {
        "HCPC": code, "SEQNUM": "0010", "RECID": kind, "LONG DESCRIPTION": "Made up", "SHORT DESCRIPTION": "Made up",
        "PRICE1": "00", "MULT_PI": "9", "COV": "C", "BETOS": "Z2", "TOS1": "9", "ANEST_BU": "  0",
        "ADD DT": "20200101", "ACT EFF DT": "20200101", "ACTION CD": "N",
    }  # fmt: skip
    return list((row | cells).values())


async def test_of_text_and_workbook_in_one_zip_the_text_is_read(made: Made) -> None:
    (loaded,) = made.load(zipped(made))
    assert (loaded.kind, loaded.rows) == ("hcpcs-anweb", EDITION.count("\r\n"))


def test_a_name_without_a_quarter_needs_the_window_from_the_operator(small: Made) -> None:
    path = small.file("codes.txt", EDITION)
    with pytest.raises(Refused, match="doesn't tell its quarter"):
        small.load(path)
    (loaded,) = small.load(path, options=Options(window_from=date(2026, 1, 1), window_to=date(2026, 3, 31)))
    assert (loaded.window_from, loaded.window_to) == (date(2026, 1, 1), date(2026, 3, 31))


DERIVED = ",".join(CODES) + "\nA4299,32,A,C,D1E,P,N,,,,,,,,0,,2020-01-01,,2020-01-01,Made-up device,Made up\n"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("J3999", "J39X9", "is no record of the HCPCS contractor file"),
        ("20261130", "20261331", "is not a date"),
        ("20261130", "20251130", "ended before it was added"),
        ("Injection, madeupin, 10 mg", " " * 26, ""),
        ("A4299002004", "A4298002004", "continues a description that has not begun"),
        ("ZZ002008", "ZZ002004", "continues a"),
        ("K0999", "J3999", "stands twice"),
        (EDITION[-40:], "\0", "neither UTF-8 nor Windows text"),
    ],
)
def test_a_damaged_text_is_refused_whole(small: Made, old: str, new: str, reason: str) -> None:
    assert old in EDITION
    small.load(small.file("HCPC2026_OCT_ANWEB.txt", EDITION))
    path = small.file("HCPC2027_JAN_ANWEB.txt", EDITION.replace(old, new))
    if not reason:
        small.load(path)  # The short description is left: it stands for the long one.
        return
    with pytest.raises(Refused, match=reason):
        small.load(path)
    assert len(held_editions(small)) == 1


def held_editions(made: Made) -> list[str]:
    return [path.name for path in made.releases.glob("*.db")] or ["in the database"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text.replace(",32,A,C,", ",C,A,32,"), "is not a list of pricing indicators"),
        (lambda text: text.replace(",P,N,", ",N,P P P P P P,"), "is not"),
        (lambda text: text[:-30] + "\n", "cells where 21 are meant"),
        (lambda text: text[:-1], "its last line has no end"),
        (lambda text: text + text.splitlines()[1] + "\n", "stands twice"),
        (lambda text: text.replace("A4299", "99213"), "is not a code or modifier"),
        (lambda text: text.replace("2020-01-01,,", "2020-13-01,,"), "is not a date"),
        (lambda text: text.splitlines()[0] + "\n", "has no line below its header"),
        (lambda text: text.replace("Made-up device", '"Made-up\ndevice"'), "line break inside a cell"),
        (lambda text: text.replace("Made-up device", "=A1+1"), "is a formula"),
    ],
)  # fmt: skip
def test_damaged_comma_separated_text_is_refused(small: Made, change: object, reason: str) -> None:
    assert callable(change)
    with pytest.raises(Refused, match=reason):
        small.load(small.file("hcpcs_2026q4.csv", str(change(DERIVED))))


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"HCPC": "A4299X"}, "is not a code or modifier"),
        ({"RECID": "5"}, "record identification"),
        ({"RECID": "7"}, "does not go with record identification 7"),
        ({"RECID": "4"}, "continues a description that has not begun"),
        ({"COV": "20200101"}, "coverage code"),
        ({"ADD DT": "C"}, "is not a date"),
        ({"ADD DT": None}, "no date on which it was added"),
        ({"LONG DESCRIPTION": "=HYPERLINK(1)"}, "is a formula"),
        ({"PRICE1": "D1A"}, "pricing indicators"),
    ],
)
def test_a_damaged_workbook_is_refused(small: Made, cells: dict[str, object], reason: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["A note above the header"])
    sheet.append(list(ANWEB))
    sheet.append(workbook_row("A4299", "3") if "HCPC" in cells else workbook_row("A4298", "3"))
    sheet.append(workbook_row("A4299", "3", **cells))
    path = small.folder / "HCPC2026_OCT_anweb.xlsx"
    book.save(path)
    with pytest.raises(Refused, match=reason) as refused:
        small.load(path)
    assert refused.value.line == 4


def test_a_workbook_that_is_cut_off_is_refused(small: Made) -> None:
    path = zipped(small)
    data = (small.folder / "inner.xlsx").read_bytes()
    for length in (40, len(data) // 2, len(data) - 30):
        with pytest.raises(Refused):
            small.load(small.file("HCPC2026_OCT_anweb.xlsx", data[:length]))
    assert path.exists()
