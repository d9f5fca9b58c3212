"""A small made-up edition, on both databases: what is loaded is what is answered, by the rules of dates."""

from datetime import date
from typing import Any

from inpatient_files import write_all

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.ipps.service import Ipps

HELD, AFTER, BEFORE = date(2026, 1, 15), date(2026, 10, 1), date(2025, 9, 30)


async def test_weights_are_as_printed_with_their_row(made: Any) -> None:
    made.load_all()
    ipps = Ipps(made.reader())
    told = await ipps.weights(["291", "001", "998", "777"], HELD)
    assert told.edition.status == "held"
    assert set(told.found) == {"291", "001", "998"}
    row = told.found["291"]
    assert (row.weight, row.weight_before_cap, row.gmlos, row.amlos) == ("1.2600", "1.2500", "3.9", "5.0")
    assert (row.mdc, row.type, row.post_acute, row.special_pay) == ("05", "MED", True, False)
    assert (row.receipt.row, row.receipt.file_name) == (5, "table-5-fy2026-final.txt")
    assert (row.receipt.window_from, row.receipt.window_to) == (date(2025, 10, 1), date(2026, 9, 30))
    assert told.found["001"].title == "MADE-UP TRANSPLANT, ONE"
    assert told.found["998"].weight is None
    assert (await ipps.weights(["291"], AFTER)).edition.marked
    assert (await ipps.weights(["291"], BEFORE)).found == {}


async def test_levels_and_exclusions_carry_their_rows(made: Any) -> None:
    made.load_all()
    ipps = Ipps(made.reader())
    told = await ipps.cc("N179", HELD)
    assert told.level == "CC"
    assert told.receipt is not None
    assert told.receipt.row == 4
    assert (told.collection, told.collection_size) == ("0002", 2)
    assert [one.code for one in told.excluders] == ["A000", "I5020"]
    assert told.excluders[1].receipt.row == 14
    assert told.alive_only is None
    assert [(one.first_drg, one.last_drg) for one in told.drg_exclusions] == [("291", "293")]
    arrest = await ipps.cc("I469", HELD)
    assert arrest.level == "MCC"
    assert arrest.alive_only is not None
    assert arrest.excludes_as_principal == 1
    rare = await ipps.cc("QA00101", HELD)
    assert (rare.level, rare.collection, rare.excluders) == ("CC", "", ())
    none = await ipps.cc("E119", HELD)
    assert (none.level, none.receipt, none.collection_receipt) == (None, None, None)
    assert (await ipps.cc("A000", HELD)).excludes_as_principal == 2


async def test_a_case_is_told_why_a_code_does_not_count(made: Any) -> None:
    made.load_all()
    ipps = Ipps(made.reader())
    codes = ["N179", "A021", "I469", "QA00101", "E119"]
    said = await ipps.exclusions(codes, "I5020", "291", HELD, died=True)
    assert set(said) == {"N179", "A021", "I469"}
    assert "collection 0002" in said["A021"].why
    assert "alive" in said["I469"].why
    drg = await ipps.exclusions(codes, "I10", "293", HELD, died=False)
    assert set(drg) == {"N179"}
    assert "291–293" in drg["N179"].why
    assert await ipps.exclusions(codes, "I5020", "291", AFTER, died=True) == {}


async def test_a_level_is_not_denied_where_a_list_is_missing(made_here: Any) -> None:
    made_here.load(*[path for path in write_all(made_here.folder / "files") if "6i" in path.name])
    told = await Ipps(made_here.reader()).cc("N179", HELD)
    assert told.level is None
    assert told.lists.status == "nothing_loaded"
    assert told.exclusions.status == "nothing_loaded"


def test_loading_again_changes_nothing_and_the_operator_can_say_the_window(made_here: Any) -> None:
    first = made_here.load_all()
    assert [one.system for one in first] == [
        "ipps-5", "ipps-6i", "ipps-6j", "ipps-6k", "msdrg", "msdrg", "mce",
    ]  # fmt: skip
    assert all(one.new for one in first)
    assert not any(one.new for one in made_here.load_all())
    unnamed = made_here.file(
        "cc.txt", (made_here.folder / "files" / "table-6j-complete-cc-list-fy2026.txt").read_bytes()
    )
    options = Options(window_from=date(2026, 10, 1), window_to=date(2027, 9, 30), release="FY2027")
    (loaded,) = made_here.load(unnamed, options=options)
    assert (loaded.edition, loaded.window_from, loaded.window_to) == (
        "FY2027",
        date(2026, 10, 1),
        date(2027, 9, 30),
    )
