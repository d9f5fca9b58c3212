"""Numbers of types, ways of inheritance, numbered symbols and denials in a query."""

import pytest

from ahead.lookup.search.marks import affirms, bears, denied, is_mark, parted, same_number
from ahead.shared.search.analysis import stem, words


@pytest.mark.parametrize("symbol", ["cmt1b", "dfnb18a", "lqt3", "rp67", "oi4"])
def test_a_numbered_symbol_is_read_in_two_parts_where_its_letters_are_a_family(symbol: str) -> None:
    families = {"cmt", "dfnb", "lqt", "rp", "oi"}
    letters, kind = parted([symbol], families.__contains__, lambda _: False)
    assert letters in families
    assert letters + kind == symbol


def test_a_word_that_texts_hold_or_whose_letters_are_no_family_stays_whole() -> None:
    assert parted(["cmt1", "zzz9"], {"cmt"}.__contains__, {"cmt1"}.__contains__) == ["cmt1", "zzz9"]


def test_a_number_is_the_same_in_other_figures_and_stands_for_its_parts() -> None:
    assert dict(same_number("ii")) == {"2": 0.95}
    assert dict(same_number("2")) == {"ii": 0.95}
    assert dict(same_number("2d")) == {"2": 0.7, "iid": 0.95, "ii": 0.7}
    assert dict(same_number("diabetes")) == {}


def test_a_single_letter_is_a_figure_only_behind_a_word_that_counts() -> None:
    assert not is_mark("v")
    assert is_mark("v", "type")
    assert dict(same_number("x", "factor")) == {"10": 0.95}
    assert dict(same_number("x")) == {}


def test_marks_and_ways_of_inheritance_weigh_less_than_what_it_is() -> None:
    assert bears("12", known=False) < bears("12", known=True) < bears("deaf", known=True) == 1.0
    assert bears(stem("autosomal"), known=True) < 1.0


def test_a_denial_reaches_two_words_and_not_beyond_what_joins() -> None:
    assert denied(["pain", "without", "foreign", "body", "initial"]) == {stem("foreign"), stem("body")}
    assert denied(["migraine", "without", "aura", "with", "status"]) == {stem("aura")}
    assert denied(["pain", "with", "fever"]) == frozenset()


@pytest.mark.parametrize(
    ("title", "says_so"),
    [
        ("Laceration with foreign body of right index finger", True),
        ("Laceration without foreign body of right index finger", False),
        ("Foreign body in ear", True),
        ("Laceration of finger", False),
    ],
)
def test_a_title_affirms_what_stands_behind_its_with(title: str, says_so: bool) -> None:
    assert affirms(words(title), frozenset((stem("foreign"), stem("body")))) is says_so
