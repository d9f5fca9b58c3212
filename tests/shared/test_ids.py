"""Identifiers in order of time."""

import uuid

from ahead.shared.ids import uuid7, uuid7s


def test_many_at_once_are_as_good_as_one_after_the_other() -> None:
    before, made, after = uuid7(), uuid7s(1000), uuid7()
    assert len(set(made)) == 1000
    assert made == sorted(made)
    assert before[:13] <= made[0][:13] == made[-1][:13] <= after[:13]
    for one in (before, *made):
        read = uuid.UUID(one)
        assert (str(read), read.version, read.variant) == (one, 7, uuid.RFC_4122)


def test_none_are_none() -> None:
    assert uuid7s(0) == []
