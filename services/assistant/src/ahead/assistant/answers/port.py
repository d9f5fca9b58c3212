"""The port between a question and what answers it: the built-in rules, or a language model.

An answerer says what it does and what it found, piece by piece; it numbers nothing and shows nothing. The service puts
the gate between it and the reader (`answers/stream.py`).
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from ahead.assistant.answers.record import Record
from ahead.assistant.answers.schemas import Answer, Context
from ahead.assistant.lookups.service import Lookup
from ahead.shared.auth.principal import Principal

Json = dict[str, Any]


@dataclass(frozen=True)
class Earlier:
    """A finished turn of the conversation, the oldest first. `question` is masked."""

    question: str
    as_of: date
    answer: Answer


@dataclass(frozen=True)
class Turn:
    """A question and all that may be used to answer it. `question` is masked; `as_of` is the date of service.

    Every tool result goes into `record`: what isn't in there can't be said.
    """

    principal: Principal
    question: str
    as_of: date
    context: Context | None
    history: Sequence[Earlier]
    lookup: Lookup
    record: Record = field(default_factory=Record)


@dataclass(frozen=True)
class Step:
    """Shown while the answer is made. `tool`: its name, for the event; `label`: what it does, for people."""

    tool: str
    label: str


@dataclass(frozen=True)
class Source:
    """What a claim cites: one row of an official file.

    `receipt` has `file_name`, `release`, `sha256`, `row`, `window_from`, `window_to`. `quote`: what the row says, as
    the tool gave it: figures of the claim have to stand in it. `url`: the page of this platform that shows the row.
    """

    receipt: Json
    quote: str
    url: str


@dataclass(frozen=True)
class Claim:
    """A sentence that states a fact, and what it rests on. Without a source it is withheld.

    `written`: a model wrote it; it is held to its sources alone, in its words too. `instead`: what is said in its
    place where it is withheld, as far as that hasn't been said.
    """

    text: str
    sources: tuple[Source, ...]
    written: bool = False
    instead: "tuple[Claim, ...]" = ()


@dataclass(frozen=True)
class Remark:
    """A sentence that states no fact of a source: a question back, how to go on.

    `missing`: it says that something asked for can't be said; the answer is then partly one at most.
    """

    text: str
    missing: bool = False


@dataclass(frozen=True)
class CodeNamed:
    """A code that the answer is about. A CPT code's `title` stays empty: its words are the AMA's."""

    system: str
    code: str
    title: str


@dataclass(frozen=True)
class Verdict:
    """What the answer amounts to, where that isn't told by its sentences: the last one counts.

    The service takes no better one than the sentences bear out: nothing cited is `not_in_sources`, something withheld
    is `partly`.
    """

    status: Literal["answered", "partly", "not_in_sources"]


@dataclass(frozen=True)
class HandedOver:
    """From here on another answerer goes on: the built-in one, where a model failed."""

    answerer: str


Piece = Step | Claim | Remark | CodeNamed | Verdict | HandedOver


class Answerer(Protocol):
    """Answers one turn. `name` goes into the answer and its event."""

    @property
    def name(self) -> str: ...

    def answer(self, turn: Turn) -> AsyncIterator[Piece]:
        """Raises Unavailable where Case2Code doesn't answer: the answer then ends there and costs nothing."""
        ...
