"""Prices worked out by hand from rows of the official addenda, which are named.

AA and FF of January 2025 (20250101/), of April 2026 (20260401/); wage_index_2025.txt and wage_index_2026.csv. In an
area: rate × (0.5 × wage index + 0.5), to the cent, half up.
"""

from datetime import date

import pytest

from ahead.lookup.asc.pricing import Line
from ahead.lookup.asc.service import Asc
from ahead.shared.errors import BadInput

JANUARY_2025, APRIL_2026 = date(2025, 2, 14), date(2026, 5, 2)


@pytest.mark.parametrize(
    ("code", "day", "area", "row", "amount", "coinsurance"),
    [
        # AA row 3772: A2, $1,214.31.
        ("66984", JANUARY_2025, "", None, "1214.31", "242.86"),
        # The same in Chicago (16984, row 154: 1.0207): 1,214.31 × 1.01035 = 1,226.8781…
        ("66984", JANUARY_2025, "16984", None, "1226.88", "245.38"),
        # Rural Alabama stands twice: row 2 (0.6471) 1,214.31 × 0.82355 = 1,000.0450…; row 3 (0.7158) × 0.8579.
        ("66984", JANUARY_2025, "01", 2, "1000.05", "200.01"),
        ("66984", JANUARY_2025, "01", 3, "1041.76", "208.35"),
        # AA row 2702: A2, $632.96; Yuba City (49700, last but one row: 1.431): 632.96 × 1.2155 = 769.3628…
        ("45380", JANUARY_2025, "49700", None, "769.36", "153.87"),
        # AA row 3440: G2, $371.75, Worcester (49340: 1.0963): 371.75 × 1.04815 = 389.6497…
        ("62321", JANUARY_2025, "49340", None, "389.65", "77.93"),
        # AA row 43: R2, $1,026.00, Alaska (02, row 4: 1.1396): 1,026 × 1.0698 = 1,097.6148
        ("0402T", JANUARY_2025, "02", None, "1097.61", "219.52"),
        # AA row 4176: G0121 marked **, $489.47, Chicago: 489.47 × 1.01035 = 494.5360…; no coinsurance.
        ("G0121", JANUARY_2025, "16984", None, "494.54", "0.00"),
        # AA (Jan 2025): G0104 marked **, P3, $148.79, Arizona (03, row 5: 0.8735): × 0.93675 = 139.3790…
        ("G0104", JANUARY_2025, "03", None, "139.38", "0.00"),
        # BB row 5: 0331T, Z2, $712.70, Chicago: × 1.01035 = 720.0764…
        ("0331T", JANUARY_2025, "16984", None, "720.08", "144.02"),
        # AA of April 2026: 66984 $1,255.73; Chicago 2026 (row 128: 1.0228): × 1.0114 = 1,270.0453…
        ("66984", APRIL_2026, "16984", None, "1270.05", "254.01"),
        # Alabama of 2026 stands once (row 2: 0.6367): 1,255.73 × 0.81835 = 1,027.6266…
        ("66984", APRIL_2026, "01", None, "1027.63", "205.53"),
        # G0121 $510.49, Mayagüez 2026 (32420: 0.3408): × 0.6704 = 342.2324…
        ("G0121", APRIL_2026, "32420", None, "342.23", "0.00"),
        # AA row 4019 of April 2026: 62321 $387.46, Yuma 2026 (49740: 0.9517): × 0.97585 = 378.1028…
        ("62321", APRIL_2026, "49740", None, "378.10", "75.62"),
        # Wage index 1 changes nothing; 27447 without an area is its national rate (AA row 1458).
        ("27447", JANUARY_2025, "", None, "9255.60", "1851.12"),
        # A drug doesn't follow the wage index: BB (Apr 2026) J9205 K2 $66.37, row 1955.
        ("J9205", APRIL_2026, "16984", None, "66.37", "13.27"),
    ],
)
async def test_one_procedure(
    real: Asc, code: str, day: date, area: str, row: int | None, amount: str, coinsurance: str
) -> None:
    got = await real.fee(code, day, area=area, row=row)
    assert (got.status, got.amount, got.coinsurance) == ("priced", amount, coinsurance)
    assert got.local == bool(area)
    assert got.steps[0].receipt is not None
    assert got.steps[-1].sum.replace("$", "").replace(",", "") == amount


async def test_a_device_intensive_procedure_in_an_area_has_two_readings(real: Asc) -> None:
    # AA row 1458: $9,255.60; FF row 1459: device portion $5,661.70; Chicago 1.0207.
    # Service part 3,593.90 × 1.01035 = 3,631.0968… + 5,661.70; whole 9,255.60 × 1.01035 = 9,351.3954…
    got = await real.fee("27447", JANUARY_2025, area="16984")
    assert (got.status, got.amount) == ("not_checked", None)
    assert [choice.amount for choice in got.choices] == ["9292.80", "9351.40"]


async def test_an_area_that_stands_several_times_is_offered_not_guessed(real: Asc) -> None:
    got = await real.fee("66984", JANUARY_2025, area="40")
    assert (got.status, got.amount) == ("not_checked", None)
    assert [area.wage_index for area in got.areas] == ["0.3363", "0.4421", "0.2949", "0.2862", "0.3039"]
    with pytest.raises(BadInput):
        await real.fee("66984", JANUARY_2025, area="40", row=2)


async def test_an_area_without_a_wage_index_gives_no_price(real: Asc) -> None:
    # Rural New Jersey (31) has no value in 2025.
    got = await real.fee("66984", JANUARY_2025, area="31")
    assert (got.status, got.amount) == ("not_checked", None)
    assert "no wage index" in got.why


@pytest.mark.parametrize(
    ("code", "status", "indicator"),
    [
        ("G0269", "not_paid_separately", "N1"),
        ("90684", "not_paid_separately", "L1"),
        ("C9804", "priced_elsewhere", "L6"),
        ("V2785", "priced_elsewhere", "F4"),
        ("00176", "excluded", ""),
        ("99213", "not_listed", ""),
        ("A9501", "not_paid_separately", "N1"),
    ],
)
async def test_what_has_no_rate_says_why(real: Asc, code: str, status: str, indicator: str) -> None:
    got = await real.fee(code, JANUARY_2025)
    assert (got.status, got.indicator, got.amount, got.national) == (status, indicator, None, None)
    assert code in got.why or indicator in got.why


async def test_a_session_pays_the_highest_in_full_and_the_others_at_half(real: Asc) -> None:
    # 66984 $1,214.31 (Y) full; 45380 $632.96 (Y) twice at half: 316.48 each; G0269 is packaged.
    got = await real.session([Line("45380", 2), Line("66984"), Line("G0269")], JANUARY_2025)
    assert [line.amount for line in got.lines] == ["632.96", "1214.31", None]
    assert (got.status, got.total) == ("priced", "1847.27")


async def test_half_is_taken_of_the_local_payment(real: Asc) -> None:
    # Chicago: 66984 1,226.88; 45380 632.96 × 1.01035 = 639.5111… × 0.5 = 319.7555… = 319.76, twice.
    got = await real.session([Line("66984"), Line("45380", 2)], JANUARY_2025, area="16984")
    assert [line.amount for line in got.lines] == ["1226.88", "639.52"]
    assert got.total == "1866.40"


async def test_an_exempt_procedure_with_the_highest_rate_leaves_two_readings(real: Asc) -> None:
    # 63650 $5,084.25 is not subject to discounting (AA row 3474: N). Either 66984 is paid in full beside it, or at
    # half: 5,084.25 + 1,214.31, or 5,084.25 + 607.16.
    got = await real.session([Line("63650"), Line("66984")], JANUARY_2025)
    assert (got.status, got.total) == ("not_checked", None)
    assert [choice.amount for choice in got.choices] == ["6298.56", "5691.41"]


@pytest.mark.parametrize(
    ("code", "modifier", "amount"),
    [
        ("66984", "74", "1214.31"),
        ("66984", "73", "607.16"),
        ("66984", "52", "607.16"),
        # 9,255.60 - 5,661.70 = 3,593.90, half of it.
        ("27447", "73", "1796.95"),
    ],
)
async def test_interrupted_procedures(real: Asc, code: str, modifier: str, amount: str) -> None:
    got = await real.session([Line(code, 1, (modifier,))], JANUARY_2025)
    assert got.total == amount


@pytest.mark.parametrize(
    "lines",
    [
        [Line("66984", 1, ("FB",))],
        [Line("66984", 1, ("73",)), Line("45380")],
        [Line("66984"), Line("99213")],
    ],
)
async def test_what_no_rule_here_decides_is_not_checked(real: Asc, lines: list[Line]) -> None:
    got = await real.session(lines, JANUARY_2025)
    assert (got.status, got.total) == ("not_checked", None)
    assert got.why
