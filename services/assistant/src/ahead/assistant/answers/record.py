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
    """Grows while the turn runs. `codes`: in upper case, with their dots."""

    def __init__(self) -> None:
        self.results: list[ToolResult] = []
        self.codes: set[str] = set()
        self.texts: list[str] = []

    def add(self, tool: str, value: Json) -> Json:
        """Keeps a result, and gives it back."""
        self.results.append(ToolResult(tool, value))
        self.codes |= codes_named(value)
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


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in _ECHOES:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
