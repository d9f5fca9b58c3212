"""Levels of visits by two of three elements of decision making, and by total time; emergency visits never by time."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ahead.lookup.emlevel.rules import load_rules
from ahead.lookup.emlevel.schemas import EmAsked
from ahead.lookup.emlevel.service import EmLevels
from ahead.shared.errors import BadInput

DAY = date(2026, 1, 5)


@pytest.fixture
def levels() -> EmLevels:
    return EmLevels(lambda: DAY)


@pytest.mark.parametrize(
    ("problems", "data", "risk", "code"),
    [
        ("minimal", "minimal", "minimal", "99212"),
        ("low", "limited", "minimal", "99213"),
        ("moderate", "minimal", "moderate", "99214"),
        ("moderate", "moderate", "low", "99214"),
        ("high", "extensive", "low", "99215"),
        ("high", "minimal", "minimal", "99212"),
        ("high", "moderate", "low", "99214"),
        ("moderate", "", "moderate", "99214"),
    ],
)
def test_two_of_three_elements_decide(
    levels: EmLevels, problems: Any, data: Any, risk: Any, code: str
) -> None:
    answer = levels.choose(EmAsked("office-established", problems=problems, data=data, risk=risk), DAY)
    assert answer.best is not None
    assert answer.best.code == code


def test_one_element_alone_decides_nothing_and_the_answer_says_which_is_missing(levels: EmLevels) -> None:
    answer = levels.choose(EmAsked("office-new", problems="high"), DAY)
    assert answer.best is None
    assert answer.verdicts[0].status == "not_checked"
    assert "data or risk" in answer.verdicts[0].why


@pytest.mark.parametrize(
    ("family", "minutes", "code"),
    [
        ("office-new", 15, "99202"),
        ("office-new", 44, "99203"),
        ("office-new", 60, "99205"),
        ("office-established", 9, None),
        ("office-established", 40, "99215"),
        ("hospital-initial", 55, "99222"),
        ("nursing-subsequent", 19, "99307"),
    ],
)
def test_total_time_is_met_or_exceeded(levels: EmLevels, family: Any, minutes: int, code: str | None) -> None:
    answer = levels.choose(EmAsked(family, minutes=minutes), DAY)
    assert (answer.best.code if answer.best else None) == code


def test_time_is_never_used_in_the_emergency_department(levels: EmLevels) -> None:
    answer = levels.choose(EmAsked("emergency", minutes=90), DAY)
    assert answer.best is None
    assert answer.verdicts[0].status == "not_by_time"
    assert all(level.minutes is None for level in answer.levels)
    both = levels.choose(EmAsked("emergency", minutes=90, problems="low", risk="low"), DAY)
    assert both.best is not None
    assert both.best.code == "99283"


def test_the_better_of_both_ways_is_the_level(levels: EmLevels) -> None:
    answer = levels.choose(EmAsked("office-established", problems="low", risk="low", minutes=41), DAY)
    assert answer.best is not None
    assert (answer.best.code, len(answer.verdicts)) == ("99215", 2)


def test_minutes_are_those_of_the_date(levels: EmLevels) -> None:
    def minutes(day: date) -> int | None:
        answer = levels.choose(EmAsked(code="99306"), day)
        return next(one.minutes for one in answer.levels if one.code == "99306")

    assert (minutes(date(2023, 6, 1)), minutes(date(2024, 6, 1))) == (45, 50)


def test_before_the_rules_nothing_is_chosen(levels: EmLevels) -> None:
    answer = levels.choose(EmAsked("hospital-initial", minutes=60), date(2022, 12, 31))
    assert (answer.status, answer.best, answer.levels) == ("no_edition", None, ())
    assert "2023-01-01" in answer.why


def test_every_level_has_its_line_in_the_file(levels: EmLevels) -> None:
    for family in load_rules().families:
        for level in levels.choose(EmAsked(family), DAY).levels:  # type: ignore[arg-type]
            assert level.receipt.row > 1
            assert len(level.receipt.sha256) == 64


@pytest.mark.parametrize(
    "asked",
    [
        EmAsked(),
        EmAsked(code="27447"),
        EmAsked("office-new", problems="extensive"),
        EmAsked("office-new", data="low", risk="limited"),
        EmAsked("office-new", minutes=0),
    ],
)
def test_what_is_no_visit_is_refused(levels: EmLevels, asked: EmAsked) -> None:
    with pytest.raises(BadInput):
        levels.choose(asked, DAY)


async def test_the_page_shows_the_level_to_accounts_only(
    visit: Callable[..., Any], accounts: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", accounts[0])
    client = await visit()
    asked = "/tools/em-level?family=office-established&problems=moderate&risk=moderate&minutes=41"
    assert (await client.get(asked, follow_redirects=False)).status_code in (302, 303, 401)
    body = {"family": "office-established", "minutes": 41}
    address, origin = "/api/lookup/v1/tools/em-level", {"Origin": "http://127.0.0.1:8080"}
    refused = await client.post(address, json=body, headers=origin)
    assert refused.status_code in (401, 403)
    headers = {"Authorization": f"Bearer {accounts[1]}"}
    page = await client.get(asked, headers=headers)
    assert page.status_code == 200
    assert "99215" in page.text
    answer = await client.post(address, json=body, headers=headers | origin)
    assert answer.json()["best"]["code"] == "99215"
