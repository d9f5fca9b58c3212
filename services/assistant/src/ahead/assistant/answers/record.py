"""What the tools of one turn gave: the only thing that an answer may be made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ahead.assistant.gate.patterns import codes_in

Json = dict[str, Any]

# What a result repeats of the call: said by the asker, not by a source.
_ECHOES = frozenset({"query", "interpreted", "corrected", "did_you_mean", "q", "input", "asked"})


@dataclass(frozen=True)
class ToolResult:
    """`value`: the JSON that the tool gave."""

    tool: str
    value: Json


class Record:
    """Grows while the turn runs. `codes`: in upper case, with their dots.

    `not_in_force`: those of them that a result says are not valid on the date it was asked for. `shown`: how many
    sentences with a citation the reader has got so far.
    """

    def __init__(self) -> None:
        self.results: list[ToolResult] = []
        self.codes: set[str] = set()
        self.not_in_force: set[str] = set()
        self.shown = 0
        self.texts: list[str] = []

    def add(self, tool: str, value: Json) -> Json:
        """Keeps a result, and gives it back."""
        self.results.append(ToolResult(tool, value))
        self.codes |= codes_named(value)
        self.not_in_force |= _not_in_force(value)
        for text in _texts(value):
            self.texts.append(text)
            self.codes |= codes_in(text)
        return value


def codes_named(value: Any) -> set[str]:
    """Every code that a result names, however deep, under its key "code"."""
    if isinstance(value, dict):
        found = {value["code"].upper()} if isinstance(value.get("code"), str) else set[str]()
        inner = (one for key, one in value.items() if key not in _ECHOES)
        return found.union(*(codes_named(one) for one in inner))
    if isinstance(value, list):
        return set[str]().union(*(codes_named(one) for one in value))
    return set()


def _not_in_force(value: Any) -> set[str]:
    """Codes that a result names together with `"in_force": false`."""
    if isinstance(value, dict):
        ended = value.get("in_force") is False and isinstance(value.get("code"), str)
        found = {value["code"].upper()} if ended else set[str]()
        return found.union(*(_not_in_force(one) for one in value.values()))
    if isinstance(value, list):
        return set[str]().union(*(_not_in_force(one) for one in value))
    return set()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in _ECHOES:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
