"""Every line of the data files finds its own example, and not what could be mistaken for it."""

import re

import pytest

from ahead.consultant.classification.person import PERSON
from ahead.consultant.classification.signs import APART
from ahead.consultant.classification.wording import (
    Wording,
    WordingError,
    Wordings,
    plain,
    read_lines,
    whole,
    wordings,
)
from ahead.consultant.classification.words import BODY, KINDS, SUBJECT_LINE, SUBJECTS

BODIES = ("away", "automatic", "acknowledged", "undelivered", "robots", "many", "trade", "systems")
SEARCHED = dict.fromkeys(BODIES, BODY) | {
    "subjects": SUBJECT_LINE, "person": PERSON, "terms": PERSON,
}  # fmt: skip
# Groups of names that are looked for in a longer text.
INSIDE = ("program", "named", "robotname")


def each(*names: str) -> list[object]:
    return [pytest.param(line, id=line.where) for name in names for line in wordings(name)]


@pytest.mark.parametrize("line", each(*SEARCHED))
def test_a_wording_finds_its_example_and_its_group_and_not_the_counter_example(line: Wording) -> None:
    alone = Wordings([line])
    together = SEARCHED[line.where.partition(".")[0]]
    assert line.group in alone.groups(plain(line.example))
    assert line.group in together.groups(plain(line.example))
    assert line.group not in alone.groups(plain(line.counter))


@pytest.mark.parametrize("line", each("headers", "senders"))
def test_a_name_of_a_header_or_an_address_is_matched_whole(line: Wording) -> None:
    def matches(name: str) -> bool:
        if line.group in INSIDE:
            return line.group in Wordings([line]).groups(plain(name))
        name = name.partition(":")[0].lower()
        return bool(re.fullmatch(whole(line), name if "headers" in line.where else APART.sub("-", name)))

    assert matches(line.example)
    assert not matches(line.counter)


@pytest.mark.parametrize("line", each("names"))
def test_a_list_of_names_holds_its_example(line: Wording) -> None:
    assert re.fullmatch(whole(line, r"\w*"), line.example)


def test_every_group_has_a_weight_and_every_weight_a_group() -> None:
    assert {line.group for name in BODIES for line in wordings(name)} == KINDS.keys()
    assert {line.group for line in wordings("subjects")} == SUBJECTS.keys()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("away\tout of office\n", "file.tsv, line 1: group, wording and example"),
        (
            "# a remark\n\naway\t(out of office\tI am out of office.\n",
            "file.tsv, line 3: a bracket isn't closed",
        ),
        ("away\tout) of office\tI am out of office.\n", "file.tsv, line 1: .* without its bracket"),
        ("away\tout|in\tI am out.\n", "file.tsv, line 1: .* without its bracket"),
        ("away\t<nowhere> out\tI am out.\n", "file.tsv, line 1: no list is named <nowhere>"),
        ("away\t~out\tI am out.\n", "file.tsv, line 1: .* must begin with a word"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(text: str, complaint: str) -> None:
    with pytest.raises(WordingError, match=complaint):
        Wordings(read_lines("file.tsv", text))


@pytest.mark.parametrize(
    ("wording", "text", "found"),
    [
        ("we (have )?received", "We've received it", "we have received"),
        ("out of (the )?office", "out of office", "out of office"),
        ("acknowledg*", "an acknowledgement", "acknowledgement"),
        ("case # ~closed", "case 881 was closed", "case 881 was closed"),
        ("case # ~closed", "case 881 was foreclosed", ""),
        ("^reply", "no reply", ""),
        ("reply", "a replying man", ""),
        ("(in |on )*time", "on in time", "on in time"),
        ("ends today$", "It ends today\nand tomorrow", "ends today"),
        ("has <number>", "has INC-0091", "has inc-0091"),
        ("自動返信", "これは自動返信です", "自動返信"),
    ],
)
def test_signs_of_a_wording_mean_what_the_module_says(wording: str, text: str, found: str) -> None:
    text = plain(text)
    cues = [text[start:end] for _, start, end in Wordings([Wording("here", "x", wording, text)]).found(text)]
    assert found == next(iter(cues), "")
