"""Machines get no answer and people do, on mail that was written without sight of what decides it.

What decides it was made with the first two sets in sight since; on those the figures are floors. The third was
measured once, with the rules as they are, and none of its mails was looked at: 427 of 428 machines (99.8 %) got no
answer, where 99.5 % are wanted, and 1 of 287 people (0.3 %) was held, where 1 % may be.
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


def mails_of(name: str) -> tuple[Labelled, ...]:
    return blind_mail() if name == "first" else later_blind_mail(name)


@pytest.mark.parametrize(
    ("name", "machines", "people"),
    [("first", 360, 276), ("second", 700, 505), ("third", 428, 287)],
)
def test_the_sets_are_of_the_size_they_claim_and_no_mail_is_in_them_twice(
    name: str, machines: int, people: int
) -> None:
    mails = mails_of(name)
    assert count(mails) == (machines, people)
    assert len({mail.raw for mail in mails}) == len(mails)


def count(mails: Iterable[Labelled]) -> tuple[int, int]:
    """Machines and people."""
    seen = Counter(mail.machine for mail in mails)
    return seen[True], seen[False]


@pytest.mark.parametrize(
    ("name", "answered", "held", "doubtful"),
    [("first", 0, 0, 19), ("second", 0, 0, 52), ("third", 1, 1, 33)],
)
def test_machines_stay_unanswered_and_people_get_through(
    name: str, answered: int, held: int, doubtful: int, record_property: Callable[[str, object], None]
) -> None:
    """A doubtful mail is read by an expert, and no mail goes out by itself."""
    seen = Counter((mail.machine, fate(mail)) for mail in mails_of(name))
    for key, number in seen.items():
        record_property(str(key), number)
    assert seen[True, "person"] <= answered, seen
    assert seen[False, "machine"] <= held, seen
    assert seen[False, "doubtful"] <= doubtful, seen
