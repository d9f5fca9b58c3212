"""The gate lets through only what a result of the turn bears out."""

import pytest

from ahead.assistant.answers.schemas import Citation, Sentence
from ahead.assistant.gate.service import Gate, codes_in

SOURCE = Citation(1, "made-up.txt", "made up", "0" * 64, 7, "2025-10-01", None, "Paid $12.50", "/codes/x/y")


def gate() -> Gate:
    return Gate({"E11.9", "J1885", "99213"}, [SOURCE])


@pytest.mark.parametrize(
    "text",
    ["E11.9 is valid.", "J1885 and 99213 are paid $12.50.", "It is listed there."],
)
def test_what_a_result_names_is_let_through(text: str) -> None:
    assert gate().passes(Sentence(text, (1,)))


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence("E11.99 is valid.", (1,)),
        Sentence("Use e11.8 instead.", (1,)),
        Sentence("Report 99214.", (1,)),
        Sentence("0DTJ4ZZ is a procedure.", (1,)),
        Sentence("It pays $99.", (1,)),
        Sentence("E11.9 is valid.", ()),
        Sentence("E11.9 is valid.", (2,)),
    ],
)
def test_what_no_result_bears_out_is_withheld_and_counted(sentence: Sentence) -> None:
    one = gate()
    assert not one.passes(sentence)
    assert one.withheld == 1


def test_codes_are_read_and_words_and_dates_are_not() -> None:
    assert codes_in("Is e11.9 with J1885 on 2026-01-05, or S72.001A, DIABETES, 99213?") == {
        "E11.9",
        "J1885",
        "S72.001A",
        "99213",
    }
