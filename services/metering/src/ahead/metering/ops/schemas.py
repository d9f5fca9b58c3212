"""Answers of the operators' interface."""

import msgspec

PREVIEW = 2_000


class DeadLetter(msgspec.Struct, frozen=True):
    """A message that could not be counted. `body` is its beginning as text, `size` its length in bytes."""

    id: str
    subject: str
    reason: str
    sequence: int
    buried_at: str
    size: int
    body: str


class DeadLetters(msgspec.Struct, frozen=True):
    total: int
    rows: list[DeadLetter]


class Outcome(msgspec.Struct, frozen=True):
    """What became of a message: `counted`, `already counted` or `discarded`."""

    id: str
    outcome: str
