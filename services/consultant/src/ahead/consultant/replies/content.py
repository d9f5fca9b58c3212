"""The parts of a reply."""

from collections.abc import Mapping

import msgspec


class Sentence(msgspec.Struct, frozen=True):
    """`notes`: numbers of the sources it rests on; none for what is no statement about codes."""

    text: str
    notes: tuple[int, ...] = ()


class Source(msgspec.Struct, frozen=True):
    """One row of an official file. `window_to` is inclusive; empty is open. `url` is absolute."""

    n: int
    source: str
    release: str = ""
    row: int = 0
    window_from: str = ""
    window_to: str = ""
    url: str = ""
    quote: str = ""

    @property
    def edition(self) -> str:
        """Which edition, and for which days."""
        until = f" to {self.window_to}" if self.window_to else ""
        window = f", effective {self.window_from}{until}" if self.window_from else ""
        row = f", row {self.row:,}" if self.row else ""
        return f"{' '.join(part for part in (self.source, self.release) if part)}{window}{row}"


class Part(msgspec.Struct, frozen=True):
    """The answer to one question.

    Attributes:
        question: as it was asked, shown where a mail asked several; masked.
        as_of: the date of service it is answered for, ISO.
        dated: the asker gave that date.
        unsaid: what could not be told, and why.
        asks: questions back.
        with_expert: this one goes to a coder.
    """

    question: str
    as_of: str
    dated: bool = False
    sentences: tuple[Sentence, ...] = ()
    codes: tuple[tuple[str, str, str], ...] = ()
    unsaid: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    with_expert: bool = False

    @property
    def basis(self) -> str:
        """For which date of service this holds."""
        if self.dated:
            return f"For the date of service {self.as_of}."
        return f"For services on {self.as_of}, because you gave no date of service."


class Reply(msgspec.Struct, frozen=True):
    """An automatic answer. ``masked``: how many details of each kind were taken out, never what."""

    parts: tuple[Part, ...]
    sources: tuple[Source, ...] = ()
    masked: Mapping[str, int] = {}

    @property
    def asks(self) -> tuple[str, ...]:
        return tuple(ask for part in self.parts for ask in part.asks)


_encoder, _decoder = msgspec.json.Encoder(), msgspec.json.Decoder(Reply)


def encode(reply: Reply) -> str:
    return _encoder.encode(reply).decode()


def decode(text: str) -> Reply:
    return _decoder.decode(text)
