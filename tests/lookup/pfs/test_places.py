"""Where a service was given: ZIP codes, localities, places of service."""

import csv
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ahead.lookup.pfs import places
from ahead.lookup.pfs.schemas import FeeAnswer, FeeLine, FeesAsked
from ahead.lookup.pfs.service import Pfs
from ahead.shared.errors import BadInput

HELD = date(2025, 11, 15)


async def ask(pfs: Pfs, **where: str) -> FeeAnswer:
    return await pfs.fees(FeesAsked((FeeLine("99213"),), **where), HELD)


async def test_a_zip_code_leads_to_its_locality_with_every_receipt(real: Pfs) -> None:
    answer = await ask(real, zip="10001")
    assert answer.place is not None
    assert (answer.place.contractor, answer.place.locality, answer.place.state) == ("13202", "01", "NY")
    assert answer.place.counties == "NEW YORK"
    assert [one.file_name.rpartition("/")[2] for one in answer.place.receipts] == [
        "ZIP5_OCT2025.txt",
        "25LOCCO.csv",
        "GPCI2025.csv",
    ]
    # (1.30 * 1.065 + 1.35 * 1.166 + 0.10 * 1.656) * 32.3465
    assert answer.total == Decimal("101.06")


async def test_every_zip_code_that_needs_its_last_four_digits_says_so(real: Pfs, pfs_folder: Path) -> None:
    with zipfile.ZipFile(pfs_folder / "zip5-locality-2025-october.zip") as archive:
        lines = archive.read("ZIP5_OCT2025.txt").decode().splitlines()
    split = [line[2:7] for line in lines if line[20] == "1"]
    assert len(split) == 580
    for code in split[:: len(split) // 20]:
        answer = await ask(real, zip=code)
        assert (answer.place, answer.lines[0].outcome, answer.complete) == (None, "not_checked", False)
        assert "last four digits" in answer.why
    plain = [line for line in lines if line[20] == "0"]
    for line in plain[:: len(plain) // 60]:
        answer = await ask(real, zip=line[2:7])
        assert answer.place is not None
        assert (answer.place.contractor, answer.place.locality) == (line[7:12], line[12:14])


async def test_every_locality_has_its_indices_and_counties(real: Pfs, pfs_folder: Path) -> None:
    with (pfs_folder / "GPCI2025.csv").open(newline="") as file:
        wanted = {(r[0], r[2]): r[4:7] for r in csv.reader(file) if r and r[0].isdigit()}
    assert len(wanted) == 109
    everywhere = await real.compare("99213", "", HELD)
    assert {
        (p.place.contractor, p.place.locality): [str(p.place.work), str(p.place.pe), str(p.place.mp)]
        for p in everywhere.localities
    } == wanted
    assert all(one.nonfacility is not None for one in everywhere.localities)
    for contractor, locality in list(wanted)[::12]:
        place = (await ask(real, locality=f"{contractor}-{locality}")).place
        assert place is not None
        assert place.counties


async def test_a_locality_of_the_other_contractor_is_pointed_out(real: Pfs) -> None:
    answer = await ask(real, locality="01112-18")
    assert answer.place is None
    assert "01182-18" in answer.why


@pytest.mark.parametrize(
    "where", [{}, {"zip": "1000"}, {"zip": "ABCDE"}, {"locality": "New York"}, {"locality": "13202"}]
)
async def test_what_can_be_no_place_is_refused(real: Pfs, where: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        await ask(real, **where)


async def test_a_zip_code_that_is_not_listed_is_not_checked(real: Pfs) -> None:
    assert "not in the list" in (await ask(real, zip="00000")).why


def test_places_of_service_are_paid_as_the_published_list_says(pfs_folder: Path) -> None:
    path = pfs_folder.parent / "reference" / "place_of_service_codes_2024.csv"
    with path.open(newline="", encoding="utf-8") as file:
        listed = {row["pos_code"]: row["pos_type"] for row in csv.DictReader(file)}
    assert {code for code, kind in listed.items() if kind == "Facility"} == places.FACILITY
    assert {code for code, kind in listed.items() if kind == "Non-Facility"} == places.NONFACILITY
    with pytest.raises(BadInput):
        places.setting_of("28")


async def test_the_publishers_capped_price_stands_beside_ours(real: Pfs) -> None:
    answer = await real.fees(FeesAsked((FeeLine("70496"), FeeLine("78429")), locality="10112-00"), HELD)
    told = [[step.text for step in line.steps if step.text.startswith("Published")] for line in answer.lines]
    assert told == [["Published for this locality: 230.40, the same"], [told[1][0]]]
    assert told[1][0].endswith("the same")
    assert "OPPSCAP_Oct.csv" in {r.file_name for line in answer.lines for s in line.steps for r in s.receipts}
    assert answer.lines[1].outcome == "contractor"
    assert "at most" in answer.lines[1].conditions[0]
