"""Labelled mail to measure with, written without sight of the classifier, from what is known of mail alone.

Each text file beside this module holds mails of one label. A mail begins with a line `## kind: ways`; each way names
how it travelled (see `ways.py`) and may add how its body is set, as in `gmail/html`. Headers follow, an empty line,
and the body. Several ways make several mails: `?Header:` goes into the 1st, 3rd … of them alone, `!Header:` into
the others, and `[[this|that]]` takes the wording of its turn.

The mails in `second/` and `third/` were written later, each by others and again without sight of the classifier, when
those before were known to it. They say themselves by which headers their machines are told, a fifth by none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from labelled_mail import Labelled

from .marks import MARKED, marks
from .set_out import set_out

HERE = Path(__file__).parent


def entries(path: Path) -> Iterator[tuple[str, list[str], str]]:
    """The kind, the ways and the rest of each mail in a file."""
    for entry in path.read_text(encoding="utf-8").split("\n## ")[1:]:
        first, _, rest = entry.partition("\n")
        kind, _, ways = first.partition(":")
        yield kind.strip(), ways.split(), rest.rstrip("\n") + "\n"


@lru_cache
def blind_mail() -> tuple[Labelled, ...]:
    """The first set: every mail of both labels, the same at each call, none twice."""
    return _made(HERE, "blind", marked=True)


@lru_cache
def later_blind_mail(folder: str) -> tuple[Labelled, ...]:
    """The "second" or "third" set, alike."""
    return _made(HERE / folder, folder, marked=False)


def _made(folder: Path, outline: str, *, marked: bool) -> tuple[Labelled, ...]:
    """marked: give most machines that say nothing a header of their kind."""
    made: dict[bytes, Labelled] = {}
    number = 0
    for label in ("machine", "human"):
        for path in sorted(folder.glob(f"{label}_*.txt")):
            for entry, (kind, ways, rest) in enumerate(entries(path)):
                for turn, way in enumerate(ways):
                    number += 1
                    raw = set_out(rest, way, turn, number)
                    if marked and label == "machine" and not MARKED.search(raw.replace(b"\r\n", b"\n")):
                        raw = set_out(marks(kind, number) + rest, way, turn, number)
                    of_entry = f"{path.stem}/{entry:03}"
                    name = f"{outline}/{label}/{kind}/{number:03}" if marked else f"{outline}/{of_entry}"
                    made.setdefault(raw, Labelled(name, label == "machine", unseen=True, raw=raw))
    return tuple(made.values())
