"""Machines get no answer and people do, on mail that was written without sight of what decides it."""

import hashlib
from collections import Counter
from collections.abc import Callable

import pytest
from labelled_mail import Labelled
from labelled_mail_blind import blind_mail

from ahead.consultant.classification import classify
from ahead.consultant.reading import read_message

EVERYTHING = ("machine", "doubtful", "person")


def held_out(mail: Labelled) -> bool:
    return hashlib.sha256(mail.raw).digest()[0] % 2 == 0


def fate(mail: Labelled) -> str:
    verdict = classify(read_message(mail.raw), raw=mail.raw)
    return "machine" if verdict.machine else "doubtful" if verdict.doubtful else "person"


def test_the_set_is_of_the_size_it_claims_and_no_mail_is_in_it_twice() -> None:
    mails = blind_mail()
    assert sum(mail.machine for mail in mails) >= 340
    assert sum(not mail.machine for mail in mails) >= 260
    assert len({mail.raw for mail in mails}) == len(mails)


@pytest.mark.parametrize("half", ["held out", "all"])
def test_machines_stay_unanswered_and_people_get_through(
    half: str, record_property: Callable[[str, object], None]
) -> None:
    seen: Counter[tuple[bool, str]] = Counter()
    wrong: list[str] = []
    for mail in blind_mail():
        if half == "all" or held_out(mail):
            found = fate(mail)
            seen[mail.machine, found] += 1
            if found == ("person" if mail.machine else "machine"):
                wrong.append(mail.outline)
    for key, number in seen.items():
        record_property(str(key), number)
    machines = sum(seen[True, found] for found in EVERYTHING)
    people = sum(seen[False, found] for found in EVERYTHING)
    assert seen[True, "person"] <= 0.005 * machines, (seen, wrong)
    assert seen[False, "machine"] <= 0.01 * people, (seen, wrong)
