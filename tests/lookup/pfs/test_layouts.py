"""Files as they are published, and the windows that they and their names tell; on both databases."""

import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.pfs.schemas import FeeLine, FeesAsked

sys.path.insert(0, str(Path(__file__).parent))
import made_files as files

FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)


def everything(made: Any, year: int = 2025, month: str = "January") -> list[Path]:
    """A whole made-up release, with one ZIP code in two localities."""
    lines = files.zip_line(quarter=f"{year}1") + files.zip_line("00002", flag="1", quarter=f"{year}1")
    return [
        made.file(f"PPRRVU{year}_{month[:3]}.csv", files.published(year, month)),
        made.file(f"GPCI{year}.csv", files.GPCI.format(year=year)),
        made.file(f"{year % 100}LOCCO.csv", files.LOCALITIES.format(year=year)),
        made.file(f"ANES{year}.csv", files.ANESTHESIA),
        made.file(f"OPPSCAP_{month[:3]}.csv", files.CAPS),
        made.file(f"ZIP5_{year}.txt", lines),
    ]


async def price(made: Any, day: date, code: str = "A0001", **where: Any) -> str:
    asked = FeesAsked((FeeLine(code),), **(where or {"zip": "00001"}))
    (line,) = (await made.pfs().fees(asked, day)).lines
    return str(line.amount) if line.amount is not None else line.outcome


async def test_a_whole_release_as_published_is_held_and_prices(made: Any) -> None:
    paths = everything(made)
    loaded = {one.system: one for one in made.load(*paths)}
    assert {system: one.rows for system, one in loaded.items()} == {
        "pfs": 3, "pfs-gpci": 2, "pfs-localities": 3, "pfs-anesthesia": 1, "pfs-opps-caps": 1, "pfs-zip": 2,
    }  # fmt: skip
    assert loaded["pfs"].edition == "CY2025 January"
    assert {(one.window_from, one.window_to) for one in loaded.values()} == {
        (FIRST, LAST),
        (FIRST, date(2025, 12, 31)),
    }
    assert not any(one.new for one in made.load(*paths))
    # (1.00 + 2.00 * 1.1 + 0.10 * 0.5) * 30
    assert await price(made, FIRST) == "97.50"
    answer = await made.pfs().fees(FeesAsked((FeeLine("A0001"),), zip="00001-1234"), LAST)
    assert answer.place is not None
    assert (answer.place.name, answer.place.counties) == ("MADE UP CITY", "ONE, TWO")
    assert [one.row for one in answer.place.receipts] == [1, 5, 4]


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2025, 4, 1), date(2026, 6, 1)])
async def test_outside_the_window_there_is_no_price(made: Any, day: date) -> None:
    made.load(*everything(made))
    answer = await made.pfs().fees(FeesAsked((FeeLine("A0001"),), locality="99102-01"), day)
    (line,) = answer.lines
    assert (line.outcome, line.amount, answer.total, answer.complete) == (
        "not_checked",
        None,
        Decimal(0),
        False,
    )
    assert line.why.startswith("Not checked: no edition held for this date.")
    everywhere = await made.pfs().compare("A0001", "", day)
    assert (everywhere.national, everywhere.localities) == (None, ())


async def test_two_quarters_answer_each_for_its_own_dates(made: Any) -> None:
    made.load(*everything(made))
    later = files.published(2025, "July").replace("30.0000", "40.0000")
    made.load(made.file("PPRRVU2025_Jul.csv", later))
    assert await price(made, LAST, locality="99102-01") == "97.50"
    assert await price(made, date(2025, 5, 1), locality="99102-01") == "not_checked"
    assert await price(made, date(2025, 7, 1), locality="99102-01") == "130.00"


async def test_from_2026_on_qualifying_participants_have_their_own_file(made: Any) -> None:
    made.load(made.file("GPCI2026.csv", files.GPCI.format(year=2026)))
    other = files.published(2026, "January")
    made.load(made.file("PPRRVU2026_Jan_nonQPP.csv", other))
    made.load(made.file("PPRRVU2026_Jan_QPP.csv", other.replace("30.0000", "30.5000")))
    day = date(2026, 2, 1)
    assert await price(made, day, locality="national") == "93.00"
    assert await price(made, day, locality="national", qualifying=True) == "94.55"


def test_a_file_of_2026_that_does_not_say_for_whom_is_refused(made_here: Any) -> None:
    path = made_here.file("PPRRVU2026_Jan.csv", files.published(2026, "January"))
    with pytest.raises(Refused, match="for whom"):
        made_here.load(path)
    (loaded,) = made_here.load(path, options=Options(system="pfs-qpp"))
    assert loaded.system == "pfs-qpp"


def test_a_zip_as_published_gives_all_its_files(made_here: Any) -> None:
    path = made_here.folder / "RVU25A.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in everything(made_here)[:5]:
            archive.write(one, one.name)
        archive.writestr("RVU25A.docx", b"PK made up")
    loaded = {one.system: one.window_from for one in made_here.load(path)}
    assert set(loaded) == {"pfs", "pfs-gpci", "pfs-localities", "pfs-anesthesia", "pfs-opps-caps"}
    assert set(loaded.values()) == {FIRST}


def test_the_shorter_form_takes_its_release_from_its_name(made_here: Any) -> None:
    (loaded,) = made_here.load(made_here.file("PPRRVU2025_Oct.csv", files.short()))
    assert (loaded.edition, loaded.window_from) == ("CY2025 October", date(2025, 10, 1))
    with pytest.raises(Refused, match="release"):
        made_here.load(made_here.file("values.csv", files.short("A0009" + files.ROWS[0][5:])))
    options = Options(window_from=date(2024, 4, 1), window_to=date(2024, 6, 30))
    (loaded,) = made_here.load(made_here.folder / "values.csv", options=options)
    assert (loaded.edition, loaded.window_from, loaded.window_to) == (
        "CY2024 April", date(2024, 4, 1), date(2024, 6, 30),
    )  # fmt: skip


def test_caps_alone_need_their_year(made_here: Any) -> None:
    path = made_here.file("OPPSCAP_Oct.csv", files.CAPS)
    with pytest.raises(Refused, match="PPRRVU"):
        made_here.load(path)
    (loaded,) = made_here.load(path, options=Options(window_from=date(2025, 10, 1)))
    assert loaded.edition == "CY2025 October"


async def test_lost_zeros_and_states_in_the_first_row_of_a_group_are_restored(made: Any) -> None:
    made.load(*everything(made))
    pfs = made.pfs()
    assert await pfs.localities(FIRST) == (
        ("99102-01", "ZZ MADE UP CITY"),
        ("99102-99", "ZZ REST OF MADE UP"),
    )
    edition = await pfs._sources.edition("pfs-localities", FIRST)
    from ahead.lookup.pfs import repository

    rows = await pfs._sources.read(edition.release.id, lambda c: repository.localities(c, edition.release.id))
    assert [(r.contractor, r.locality, r.state) for r in rows] == [
        ("99102", "01", "MADE UP"),
        ("99102", "99", "MADE UP"),
        ("01102", "00", "ELSEWHERE"),
    ]


async def test_the_last_four_digits_tell_the_locality_where_they_are_held(made: Any) -> None:
    made.load(*everything(made))
    asked = [
        FeesAsked((FeeLine("A0001"),), zip=code)
        for code in ("00002", "00002-0001", "00002-0002", "00002-0003")
    ]
    before = await made.pfs().fees(asked[1], FIRST)
    assert "ZIP9" in before.why
    (loaded,) = made.load(
        made.file(
            "ZIP9_JAN2025.txt",
            files.zip9_line("0001") + files.zip9_line("0002", "99") + files.zip9_line("", code="00001"),
        )
    )
    assert (loaded.system, loaded.edition, loaded.rows) == ("pfs-zip9", "CY2025 January", 3)
    none, one, two, other = [await made.pfs().fees(each, FIRST) for each in asked]
    assert "last four digits" in none.why
    assert (one.place.locality, one.place.receipts[0].row, one.place.receipts[0].file_name) == (
        "01",
        1,
        "ZIP9_JAN2025.txt",
    )
    # (1.00 + 2.00 * 1.1 + 0.10 * 0.5) * 30, and with 0.9
    assert (str(one.total), two.place.locality, str(two.total)) == ("97.50", "99", "85.50")
    assert "00002-0003 is not in the list" in other.why
