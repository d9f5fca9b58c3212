"""Made-up quarters on both databases, and broken ones: refused with line and reason, and nothing of them is held."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ahead.lookup.asc.loading import wages
from ahead.lookup.asc.loading.addenda import addendum_of, read
from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused

from .made_quarters import AA, AA_ROWS, BB, BB_ROWS, EE, EE_ROWS, FF, FF_ROWS, WAGES

QUARTER = {"quarter": "January 2031", "year": "2031"}
WHOLE = {
    "AA": (AA + AA_ROWS).format(**QUARTER),
    "BB": (BB + BB_ROWS).format(**QUARTER),
    "EE": (EE + EE_ROWS).format(**QUARTER),
    "FF": (FF + FF_ROWS).format(**QUARTER),
}


async def test_a_quarter_is_one_release_and_held_once(made: Any) -> None:
    (loaded,) = made.load(*made.quarter())
    assert (loaded.edition, loaded.rows, loaded.new) == ("January 2031", 10, True)
    assert (loaded.window_from, loaded.window_to) == (date(2031, 1, 1), date(2031, 3, 31))
    assert not made.load(*made.quarter())[0].new
    made.load(made.wages())
    asc = made.asc()
    got = await asc.fee("10021", date(2031, 2, 1), area="10999", row=4)
    # 1,000 × (0.5 × 1.3 + 0.5)
    assert (got.amount, [r.row for r in got.receipts]) == ("1150.00", [5, 3])
    assert (await asc.fee("10021", date(2031, 2, 1), area="03")).amount == "1000.00"
    assert (await asc.fee("J9999", date(2031, 2, 1))).notes[0].endswith("$2.00.")
    assert (await asc.fee("20999", date(2031, 2, 1))).status == "excluded"


async def test_two_quarters_side_by_side_and_the_gap_between(made: Any) -> None:
    made.load(*made.quarter("January 2031"), *made.quarter("July 2031"))
    asc = made.asc()
    days = {
        "2031-03-31": "priced",
        "2031-04-01": "not_checked",
        "2031-07-01": "priced",
        "2031-10-01": "not_checked",
    }
    assert {day: (await asc.fee("10021", date.fromisoformat(day))).status for day in days} == days


async def test_a_price_in_an_area_needs_the_wage_indices_of_the_date(made: Any) -> None:
    made.load(*made.quarter("January 2031"), made.wages(2030))
    got = await made.asc().fee("10021", date(2031, 2, 1), area="01")
    assert (got.status, got.amount) == ("not_checked", None)
    assert "wage indices" in got.why


async def test_the_operator_may_say_another_window(made: Any) -> None:
    made.load(*made.quarter(), options=Options(window_from=date(2031, 1, 1), window_to=date(2031, 12, 31)))
    assert (await made.asc().fee("10021", date(2031, 12, 31))).status == "priced"


@pytest.mark.parametrize(
    ("addendum", "old", "new", "reason"),
    [
        ("AA", "Y,A2,10.5", "A2,Y,10.5", "AA.csv, line 5: 'A2' does not say"),
        ("AA", ",10.5,", ",=10+5,", "line 5: '=10.5' is not a payment weight"),
        ("AA", '"$1,000.00"', "1000", "line 5: '1000' is not an amount"),
        ("AA", "10021", "=cmd()", "line 5: '=cmd..' is not a HCPCS"),
        ("AA", "January 2031 Payment Rate", "April 2031 Payment Rate", "several quarters"),
        ("AA", "January 2031 Payment Indicator,January 2031  Payment Weight",
         "January 2031  Payment Weight,January 2031 Payment Indicator", "the columns of Addendum AA"),
        ("AA", '10021,,,Y,A2,10.5,"$1,000.00"\n', '10021,,,Y,A2,10.5\n', "line 5: has 6 cells where 7"),
        ("AA", "10024,,,N,N1,,\n", '10024,,,N,"N1', "line 8: "),
        ("AA", "HCPCS Code", "Code", "no heading|no code below"),
        ("BB", "K2", "K22", "BB.csv, line 3: 'K22' is not a payment indicator"),
        ("EE", EE_ROWS, "", "EE.csv: has no code below"),
        ("EE", "CY 2031", "CY 2030", "EE.csv: is of another quarter"),
        ("FF", "40.00%", "40", "FF.csv, line 4: '40' is not a percentage"),
        ("FF", "January 2031", "April 2031", "FF.csv: is of another quarter"),
    ],
)  # fmt: skip
def test_a_broken_addendum_is_named_and_nothing_is_held(
    made: Any, addendum: str, old: str, new: str, reason: str
) -> None:
    text = WHOLE[addendum].replace(old, new)
    assert text != WHOLE[addendum]
    with pytest.raises(Refused, match=reason):
        made.load(*made.quarter(**{addendum: text}))
    assert not list(made.releases.glob("*.db"))
    assert made.load(*made.quarter())[0].new


@pytest.mark.parametrize("addendum", ["AA", "BB", "EE", "FF"])
def test_a_quarter_without_an_addendum_is_refused(made: Any, addendum: str) -> None:
    with pytest.raises(Refused, match=f"and {addendum} is not given"):
        made.load(*made.quarter(**{addendum: "\n" if addendum == "" else ""}))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CBSA,CBSA Name,WI31\n1,ALABAMA,0.8\n", "line 2: '1', 'ALABAMA' is no area"),
        ("CBSA,CBSA Name,WI31\n01,0.8,ALABAMA\n", "line 2: 'ALABAMA' is not a wage index"),
        ("CBSA,CBSA Name,WI31\n01,=A1,0.8\n", "is no area"),
        ("CBSA,CBSA Name,WI31\n01,ALABAMA\n", "line 2: has 2 cells"),
        ("CBSA,CBSA Name,WI31\n", "no area below"),
        ("CBSA,CBSA Name,WI31\n01,A\0B,0.8\n", "zero byte"),
    ],
)
def test_a_broken_wage_index_is_refused(made: Any, text: str, reason: str) -> None:
    path = made.folder / "wage_index_2031.csv"
    path.write_text(text)
    with pytest.raises(Refused, match=reason):
        made.load(path)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_damage_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([*WHOLE.values(), WAGES.format(short="31")])).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    path = tmp_path / "AA.csv"
    path.write_bytes(bytes(content))
    file = InputFile(path)
    with suppress(Refused):
        if addendum_of(file.head):
            assert read(file).rows
        elif wages.year_of(file.head):
            assert wages.read(file)
