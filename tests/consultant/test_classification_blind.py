"""Machines get no answer and people do, on mail that was written without sight of what decides it.

What decides it was made with the first two sets in sight since. Of the third nobody has seen a mail; its sums were
looked at four times: 427 of 428 machines (99.8 %) got no answer, where 99.5 % are wanted, and 1 of 287 people (0.3 %)
was held, where 1 % may be. The test holds it to what is wanted.
"""

from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from labelled_mail import Labelled, labelled_mail
from labelled_mail_blind import blind_mail, later_blind_mail

from ahead.consultant.classification import classify
from ahead.consultant.reading import read_message

FATES = ("machine", "doubtful", "person")


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
    [("first", 0, 0, 0.08), ("second", 0, 0, 0.11), ("third", 0.005, 0.01, 0.12)],
)
def test_machines_stay_unanswered_and_people_get_through(
    name: str, answered: float, held: float, doubtful: float, record_property: Callable[[str, object], None]
) -> None:
    """A doubtful mail is read by an expert, and no mail goes out by itself."""
    assert_bounds(mails_of(name), answered, held, doubtful, record_property)


def test_in_the_halves_held_out_by_hash_a_machine_in_two_hundred_may_be_answered_and_a_person_in_a_hundred_held(
    record_property: Callable[[str, object], None],
) -> None:
    """All sets together, half of it written without sight; only of the third has nobody seen a mail."""
    mails = [*labelled_mail(), *(mail for name in ("first", "second", "third") for mail in mails_of(name))]
    held_out = [mail for mail in mails if mail.held_out]
    machines, people = count(held_out)
    assert machines >= 600
    assert people >= 400
    assert_bounds(held_out, 0.005, 0.01, 0.1, record_property)


def assert_bounds(
    mails: Iterable[Labelled],
    answered: float,
    held: float,
    doubtful: float,
    record_property: Callable[[str, object], None],
) -> None:
    """Shares: of the machines those answered, of the people those held and those in doubt."""
    seen = Counter((mail.machine, fate(mail)) for mail in mails)
    for key, number in seen.items():
        record_property(str(key), number)
    machines, people = (sum(seen[label, one] for one in FATES) for label in (True, False))
    assert seen[True, "person"] <= answered * machines, seen
    assert seen[False, "machine"] <= held * people, seen
    assert seen[False, "doubtful"] <= doubtful * people, seen
