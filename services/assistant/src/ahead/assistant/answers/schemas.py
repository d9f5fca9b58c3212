"""What is asked and what is answered, as JSON."""

from datetime import date
from typing import Literal

import msgspec

Status = Literal["answered", "partly", "not_in_sources", "unavailable"]


class Context(msgspec.Struct, frozen=True):
    system: str
    code: str


class Asked(msgspec.Struct, frozen=True):
    """`as_of`: the date of service; default today. `conversation`: an id of an earlier answer's conversation."""

    question: str
    as_of: date | None = None
    context: Context | None = None
    conversation: str | None = None


class Sentence(msgspec.Struct, frozen=True):
    text: str
    citations: tuple[int, ...] = ()


class Citation(msgspec.Struct, frozen=True, rename={"window_from": "from", "window_to": "to"}):
    """One row of an official file. `window_to` is inclusive; None is open."""

    n: int
    source: str
    release: str
    sha256: str
    row: int
    window_from: str
    window_to: str | None
    quote: str
    url: str


class Code(msgspec.Struct, frozen=True):
    system: str
    code: str
    title: str


class Answer(msgspec.Struct, frozen=True):
    """`withheld`: how many sentences the gate kept back."""

    id: str
    conversation: str
    answerer: str
    status: Status
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    codes: tuple[Code, ...]
    withheld: int
