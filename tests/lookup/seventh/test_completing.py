"""Codes that take a 7th character are completed from what is typed, with the X that fill their empty places."""

from datetime import date

import pytest
from icd10cm_books import Doors, Held, Open

from ahead.lookup.seventh.service import SeventhCharacter
from ahead.shared.errors import BadInput

DAY = date(2026, 1, 15)


@pytest.fixture
def helper(made_books: Held, opened: Open) -> SeventhCharacter:
    return SeventhCharacter(opened(made_books).catalog)


@pytest.mark.parametrize(
    ("typed", "character", "status", "code"),
    [
        ("S00.0", "", "choose", ""),
        ("S00.0", "a", "complete", "S00.0XXA"),
        ("s000xxa", "", "complete", "S00.0XXA"),
        ("S00.0A", "", "complete", "S00.0XXA"),
        ("S00.0X", "D", "complete", "S00.0XXD"),
        ("S00.0XXA", "A", "complete", "S00.0XXA"),
        ("S00.0", "Z", "no_such_character", ""),
        ("S00.0XXQ", "", "no_such_character", ""),
        ("A00.0", "", "takes_none", "A00.0"),
        ("A00.0", "A", "no_such_character", ""),
        ("S00", "", "more_first", ""),
        ("S00", "A", "more_first", ""),
        ("B12", "", "not_a_code", ""),
    ],
)
async def test_what_is_typed_is_completed_or_told_why_not(
    helper: SeventhCharacter, typed: str, character: str, status: str, code: str
) -> None:
    told = await helper.complete(typed, character, DAY)
    assert (told.status, told.code) == (status, code), told.why
    assert told.why


async def test_the_codes_that_exist_are_offered_with_their_receipts(helper: SeventhCharacter) -> None:
    told = await helper.complete("S00.0", "", DAY)
    assert [(one.character, one.code) for one in told.choices] == [
        ("A", "S00.0XXA"),
        ("D", "S00.0XXD"),
        ("S", "S00.0XXS"),
    ]
    assert (
        told.placeholders == "S00.0 has 4 characters: XX stand in places 5 to 6, so that the 7th is the 7th."
    )
    assert all(one.receipt.file_name == "icd10cm_tabular_2026.xml" for one in told.choices)


async def test_what_comes_first_is_offered_where_characters_are_missing(helper: SeventhCharacter) -> None:
    told = await helper.complete("S00", "A", DAY)
    assert [one.code for one in told.choices] == ["S00.0"]
    assert told.why == "S00 needs other characters first: 1 stands below it. A comes after them."


async def test_on_a_date_without_edition_nothing_is_judged(helper: SeventhCharacter) -> None:
    told = await helper.complete("S00.0", "A", date(2020, 1, 1))
    assert (told.status, told.choices) == ("not_held", ())
    assert "No edition held for this date" in told.why


@pytest.mark.parametrize(
    ("typed", "character"), [("", ""), ("S00.0", "AB"), ("S00.0", "?"), ("S00.0A", "D"), ("%%%", "")]
)
async def test_what_cannot_be_meant_is_refused(helper: SeventhCharacter, typed: str, character: str) -> None:
    with pytest.raises(BadInput):
        await helper.complete(typed, character, DAY)


async def test_it_needs_an_account_and_takes_no_view(doors: Doors) -> None:
    stranger = await doors(registered=False)
    asked = {"code": "S00.0", "as_of": "2026-01-15"}
    assert (await stranger.post("/api/lookup/v1/tools/seventh-character", json=asked)).status_code == 401
    page = await stranger.get(
        "/tools/seventh-character", headers={"Accept": "text/html"}, follow_redirects=False
    )
    assert page.status_code in (302, 303, 307, 401)
    client = await doors(AHEAD_LOOKUP_VIEWS_FREE="0")
    answer = await client.post("/api/lookup/v1/tools/seventh-character", json=asked)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "choose"
    page = await client.get("/tools/seventh-character?code=S00.0&character=A&as_of=2026-01-15")
    assert page.status_code == 200
    assert "S00.0XXA is complete and billable." in page.text
    assert (await client.get("/tools/seventh-character?code=S00.0&character=%3F")).status_code == 200
    wrong = await client.post("/api/lookup/v1/tools/seventh-character", json={"code": "S00.0", "sort": "x"})
    assert wrong.status_code == 400
