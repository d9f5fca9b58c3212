"""Units of timed therapy: Medicare's examples (Claims Processing Manual, chapter 5, section 20.2), and the midpoint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ahead.lookup.pfs.therapy_units import Service, count, medicare_total, midpoint


@pytest.mark.parametrize(
    ("minutes", "units"),
    [
        (7, 0),
        (8, 1),
        (22, 1),
        (23, 2),
        (37, 2),
        (38, 3),
        (52, 3),
        (53, 4),
        (67, 4),
        (68, 5),
        (82, 5),
        (83, 6),
        (98, 7),
    ],
)
def test_units_of_all_minutes_of_a_day(minutes: int, units: int) -> None:
    assert medicare_total(minutes) == units


@pytest.mark.parametrize(
    ("minutes", "medicare", "ama"),
    [
        ({"97112": 24, "97110": 23}, {"97112": 2, "97110": 1}, 4),
        ({"97112": 20, "97110": 20}, {"97112": 2, "97110": 1}, 2),
        ({"97110": 33, "97140": 7}, {"97110": 2, "97140": 1}, 2),
        (
            {"97110": 18, "97140": 13, "97116": 10, "97035": 8},
            {"97110": 1, "97140": 1, "97116": 1, "97035": 0},
            4,
        ),
        ({"97112": 7, "97110": 7, "97140": 7}, {"97112": 1, "97110": 0, "97140": 0}, 0),
        ({"97110": 7}, {"97110": 0}, 0),
        ({"97110": 8}, {"97110": 1}, 1),
        ({"97110": 45}, {"97110": 3}, 3),
    ],
)
def test_what_is_left_goes_to_the_codes_with_the_most_minutes_left(
    minutes: dict[str, int], medicare: dict[str, int], ama: int
) -> None:
    counted = count([Service(code, many) for code, many in minutes.items()])
    assert {one.service.code: one.medicare for one in counted} == medicare
    assert sum(one.ama for one in counted) == ama
    assert all(one.why for one in counted)


def test_a_code_that_is_not_timed_is_one_unit_and_lends_no_minutes() -> None:
    counted = count([Service("97161", 45, timed=False), Service("97110", 10)])
    assert [(one.medicare, one.ama) for one in counted] == [(1, 1), (1, 1)]


@given(st.lists(st.integers(1, 240), min_size=1, max_size=12))
def test_the_codes_together_have_the_units_of_the_day(minutes: list[int]) -> None:
    counted = count([Service(f"971{number:02}", many) for number, many in enumerate(minutes)])
    assert sum(one.medicare for one in counted) == medicare_total(sum(minutes))
    for one in counted:
        assert one.service.minutes // 15 <= one.medicare <= one.service.minutes // 15 + 1
        assert one.ama == midpoint(one.service.minutes)
