"""Machines get no answer and people do, on mail that was written without sight of what decides it.

What decides it was made with the first set in sight since, and with the half of the second that is not held out. The
half held out was measured with the rules as they are: 305 of 310 machines (98.4 %) got no answer, where 99.5 % are
wanted, and 6 of 272 people (2.2 %) were held, where 1 % is wanted. The others are floors.
"""

from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from labelled_mail import Labelled
from labelled_mail_blind import blind_mail, later_blind_mail

from ahead.consultant.classification import classify
from ahead.consultant.reading import read_message


def fate(mail: Labelled) -> str:
    verdict = classify(read_message(mail.raw), raw=mail.raw)
    return "machine" if verdict.machine else "doubtful" if verdict.doubtful else "person"


def half(name: str) -> list[Labelled]:
    """The first set whole, or a half of the second."""
    if name == "first":
        return list(blind_mail())
    return [mail for mail in later_blind_mail("second") if mail.held_out == (name == "second, held out")]


@pytest.mark.parametrize(
    ("name", "machines", "people"),
    [("first", 360, 276), ("second", 390, 233), ("second, held out", 310, 272)],
)
def test_the_sets_are_of_the_size_they_claim_and_no_mail_is_in_them_twice(
    name: str, machines: int, people: int
) -> None:
    mails = half(name)
    assert count(mails) == (machines, people)
    assert len({mail.raw for mail in mails}) == len(mails)


def count(mails: Iterable[Labelled]) -> tuple[int, int]:
    """Machines and people."""
    seen = Counter(mail.machine for mail in mails)
    return seen[True], seen[False]


@pytest.mark.parametrize(
    ("name", "answered", "held", "doubtful"),
    [("first", 0, 0, 10), ("second", 0, 1, 9), ("second, held out", 5, 6, 23)],
)
def test_machines_stay_unanswered_and_people_get_through(
    name: str, answered: int, held: int, doubtful: int, record_property: Callable[[str, object], None]
) -> None:
    """A doubtful mail is read by an expert, and no mail goes out by itself."""
    seen = Counter((mail.machine, fate(mail)) for mail in half(name))
    for key, number in seen.items():
        record_property(str(key), number)
    assert seen[True, "person"] <= answered, seen
    assert seen[False, "machine"] <= held, seen
    assert seen[False, "doubtful"] <= doubtful, seen
