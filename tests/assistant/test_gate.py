"""The gate lets through only what a result of the turn bears out."""

from datetime import date

import pytest

from ahead.assistant.answers.record import Record
from ahead.assistant.answers.schemas import Citation
from ahead.assistant.gate.patterns import codes_in
from ahead.assistant.gate.service import Gate

SOURCE = Citation(1, "made-up.txt", "made up", "0" * 64, 7, "2025-10-01", None, "Paid $12.50", "/codes/x/y")


def gate() -> Gate:
    record = Record()
    record.add("code", {"code": "E11.9", "note": "See J1885 and 99213.", "query": "E11.77"})
    return Gate(record, date(2026, 1, 5))


@pytest.mark.parametrize(
    "text",
    ["E11.9 is valid.", "J1885 and 99213 are paid $12.50.", "It is listed there."],
)
def test_what_a_result_names_is_let_through(text: str) -> None:
    assert gate().passes(text, [SOURCE])


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("E11.99 is valid.", [SOURCE]),
        ("Use e11.8 instead.", [SOURCE]),
        ("E11.77 was only asked for.", [SOURCE]),
        ("Report 99214.", [SOURCE]),
        ("0DTJ4ZZ is a procedure.", [SOURCE]),
        ("It pays $99.", [SOURCE]),
        ("E11.9 is valid.", []),
    ],
)
def test_what_no_result_bears_out_is_withheld_and_counted(text: str, cited: list[Citation]) -> None:
    one = gate()
    assert not one.passes(text, cited)
    assert one.withheld == 1


def test_codes_are_read_and_words_and_dates_are_not() -> None:
    assert codes_in("Is e11.9 with J1885 on 2026-01-05, or S72.001A, DIABETES, 99213?") == {
        "E11.9",
        "J1885",
        "S72.001A",
        "99213",
    }
