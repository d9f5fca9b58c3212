"""Machines get no answer and people do, on mail that was written without sight of what decides it.

What decides it was made with this mail in sight since: these are floors, no measure of mail that nobody has seen.
"""

from collections import Counter
from collections.abc import Callable

from labelled_mail import Labelled
from labelled_mail_blind import blind_mail

from ahead.consultant.classification import classify
from ahead.consultant.reading import read_message

EVERYTHING = ("machine", "doubtful", "person")


def fate(mail: Labelled) -> str:
    verdict = classify(read_message(mail.raw), raw=mail.raw)
    return "machine" if verdict.machine else "doubtful" if verdict.doubtful else "person"


def test_the_set_is_of_the_size_it_claims_and_no_mail_is_in_it_twice() -> None:
    mails = blind_mail()
    assert sum(mail.machine for mail in mails) >= 340
    assert sum(not mail.machine for mail in mails) >= 260
    assert len({mail.raw for mail in mails}) == len(mails)


# Wanted are 99.5 % of the machines unanswered and at most 1 % of the people held. Reached on this set, which the rules
# were made with in the end, are all and none, with less than 4 % of the people doubtful.
ANSWERED, HELD, DOUBTFUL = 0.0, 0.0, 0.037


def test_machines_stay_unanswered_and_people_get_through(
    record_property: Callable[[str, object], None],
) -> None:
    """A doubtful mail is read by an expert, and no mail goes out by itself."""
    seen = Counter((mail.machine, fate(mail)) for mail in blind_mail())
    for key, number in seen.items():
        record_property(str(key), number)
    machines = sum(seen[True, found] for found in EVERYTHING)
    people = sum(seen[False, found] for found in EVERYTHING)
    assert seen[True, "person"] <= ANSWERED * machines, seen
    assert seen[False, "machine"] <= HELD * people, seen
    assert seen[False, "doubtful"] <= DOUBTFUL * people, seen
