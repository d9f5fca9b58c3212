"""Answers of the operators' interface."""

import msgspec

PREVIEW = 2_000


class Health(msgspec.Struct, frozen=True):
    """State of the pipeline.

    Attributes:
        outbox_age_s: always 0: metering publishes nothing.
        stream_lag: events not counted yet; null when the event server doesn't answer.
        dead_letters: messages that wait for a decision.
        queues: always empty: metering has no jobs.
    """

    outbox_age_s: float
    stream_lag: int | None
    dead_letters: int
    queues: dict[str, int]


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
