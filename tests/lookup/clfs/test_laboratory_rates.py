"""Laboratory rates: equal to the file on the days of its quarter, not checked on others, refused when broken."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.clfs.loading.source import layout_of, read

# Made up: no such rates are published.
DERIVED = "hcpcs,rate_usd\n80001,12.34\n0001U,720.00\n"
PUBLISHED = (
    "Clinical Laboratory Fee Schedule made up for tests\r\n\r\n"
    "YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC,LONGDESC\r\n"
    '2031,80001,,20310101,N,00012.34,"made up, short",made up\r\n2031,80001,QW,20310401,N,00010.00,made up,made up\r\n'
)


def lines_of(path: Path) -> list[list[str]]:
    return [line.split(",") for line in path.read_text().splitlines()[1:]]


async def test_rates_are_answered_as_the_file_says(made: Any, rates_file: Path) -> None:
    (loaded,) = made.load_path(rates_file)
    rows = lines_of(rates_file)
    assert loaded.rows == len(rows) == 2_006
    assert (loaded.window_from, loaded.window_to) == (date(2026, 4, 1), date(2026, 6, 30))
    laboratory = made.laboratory()
    for number, (code, rate) in list(enumerate(rows, 2))[::40]:
        got = await laboratory.fee(code, date(2026, 5, 1))
        assert (got.status, got.rates[0].amount, got.rates[0].receipt.row) == ("priced", rate, number)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2031-03-31", "not_checked"),
        ("2031-04-01", "priced"),
        ("2031-06-30", "priced"),
        ("2031-07-01", "not_checked"),
    ],
)
async def test_a_quarter_answers_for_its_days_only(made: Any, day: str, status: str) -> None:
    (first,) = made.load("clfs-2031q2.csv", DERIVED)
    assert first.new
    (again,) = made.load("clfs-2031q2.csv", DERIVED)
    assert not again.new
    got = await made.laboratory().fee("80001", date.fromisoformat(day))
    assert got.status == status
    assert (await made.laboratory().fee("80002", date(2031, 4, 1))).status == "not_listed"


async def test_the_published_layout_has_modifiers_and_dates(made: Any) -> None:
    (loaded,) = made.load("31CLABQ2.csv", PUBLISHED)
    assert (loaded.edition, loaded.rows) == ("2031 Q2", 2)
    got = await made.laboratory().fee("80001", date(2031, 5, 1))
    assert [(r.modifier, r.amount, r.effective, r.receipt.row) for r in got.rates] == [
        ("", "12.34", date(2031, 1, 1), 4),
        ("QW", "10.00", date(2031, 4, 1), 5),
    ]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("clfs.csv", DERIVED, "says the quarter"),
        ("clfs-2031q2.csv", "hcpcs,rate_usd\n", "no rate below"),
        ("clfs-2031q2.csv", "hcpcs,rate_usd\n12.34,80001\n", "line 2: '12.34' is not a HCPCS"),
        ("clfs-2031q2.csv", 'hcpcs,rate_usd\n80001,"=1+1"\n', "line 2: '=1.1' is not an amount"),
        ("clfs-2031q2.csv", "hcpcs,rate_usd\n80001\n", "line 2: has 1 cells"),
        ("clfs-2031q2.csv", DERIVED + "80001,1.00\n", "line 4: has 80001 a second time"),
        ("clfs-2031q2.csv", DERIVED + "8000", "line 4: is cut off"),
        ("clfs-2032q2.csv", PUBLISHED, "is of 2031"),
    ],
)
def test_a_broken_file_is_refused_and_nothing_is_held(made: Any, name: str, text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        made.load(name, text)
    assert not list(made.releases.glob("*.db"))


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_damage_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray((DERIVED if data.draw(st.booleans()) else PUBLISHED).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    path = tmp_path / "clfs-2031q2.csv"
    path.write_bytes(bytes(content))
    with suppress(Refused):
        if layout := layout_of(InputFile(path).head):
            for one in read(InputFile(path), layout):
                assert one.rate >= 0
