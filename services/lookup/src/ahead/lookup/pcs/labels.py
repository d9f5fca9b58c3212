"""What each character of a code stands for.

The order file has codes and titles only. The tables (XML) name every value, but those held may be of an earlier
year. So a value's name is taken from the tables where the titles agree with it, and what is left is read from the
titles (`derived.py`): what they say beyond the names that are known. Each name tells where it comes from, and where
neither tells it, it is not held.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Origin = Literal["official", "derived", "not_held"]

FIRST = 4
"""The first character that a table chooses; the three before it are the table."""
CHOSEN = 4
"""How many characters a table chooses."""

WORD = re.compile(r"[A-Za-z0-9]+(?:['’][A-Za-z]+)?")
NEGATIVE = frozenset({"no device", "no qualifier", "none"})
"""Names that no title has in it."""


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a value. `row` is the line in the file of tables, 0 where it was read from titles."""

    text: str
    origin: Origin
    row: int = 0

    @property
    def negative(self) -> bool:
        return self.text.lower() in NEGATIVE


NOT_HELD = Label("", "not_held")


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row of a printed table: for characters 4 to 7 the values with name and line."""

    number: int
    axes: tuple[Mapping[str, tuple[str, int]], ...]


@dataclass
class Vocabulary:
    """The names that a release of tables has."""

    rows: dict[str, list[PrintedRow]] = field(default_factory=dict[str, list[PrintedRow]])
    _near: dict[tuple[str, int, str], list[Label]] = field(
        default_factory=dict[tuple[str, int, str], list[Label]]
    )

    def add(self, table: str, row: PrintedRow) -> None:
        self.rows.setdefault(table, []).append(row)
        for position, values in enumerate(row.axes, FIRST):
            for value, (text, line) in values.items():
                for place in (table, table[:2], table[:1]):
                    known = self._near.setdefault((place, position, value), [])
                    if all(label.text != text for label in known):
                        known.append(Label(text, "official", line))

    def of(self, code: str) -> tuple[Label, ...] | None:
        """The names of a code's characters 4 to 7, where a row of the tables makes that code."""
        for row in self.rows.get(code[:3], ()):
            if all(value in axis for value, axis in zip(code[3:], row.axes, strict=True)):
                found = (axis[value] for value, axis in zip(code[3:], row.axes, strict=True))
                return tuple(Label(text, "official", line) for text, line in found)
        return None

    def in_table(self, table: str, position: int, value: str) -> list[Label]:
        return self._near.get((table, position, value), [])

    def near(self, table: str, position: int, value: str) -> Iterable[Label]:
        """Names of a value: in the table itself, in its body system, in its section."""
        for place in (table, table[:2], table[:1]):
            yield from self._near.get((place, position, value), ())


def words(text: str) -> list[str]:
    return [match[0].lower() for match in WORD.finditer(text)]


def says(word: str, said: set[str]) -> bool:
    return word in said or f"{word}s" in said


def agrees(label: Label, said: set[str]) -> bool:
    """Whether a title of these words has every word of the name in it."""
    parts = words(label.text)
    return bool(parts) and not label.negative and all(says(part, said) for part in parts)


def printed_names(code: str, title: str, vocabulary: Vocabulary) -> list[Label]:
    """The names that the tables have for characters 4 to 7 of a code."""
    found = vocabulary.of(code)
    return list(found) if found else _nearby(code, title, vocabulary)


def _nearby(code: str, title: str, vocabulary: Vocabulary) -> list[Label]:
    """For a code that the tables don't make: names of the same value nearby that its title has in it."""
    said = set(words(title))
    found: list[Label] = []
    for position, value in enumerate(code[3:], FIRST):
        near = list(vocabulary.near(code[:3], position, value))
        agreeing = [label for label in near if agrees(label, said)]
        here = vocabulary.in_table(code[:3], position, value)
        if agreeing:
            # Of names that are all in the title the one that says most, then the nearest.
            found.append(max(agreeing, key=lambda label: len(words(label.text))))
        elif near and near[0].negative and value == "Z":
            found.append(near[0])
        elif len(here) == 1 and position < FIRST + CHOSEN - 1 and code[0] != "X":
            # Titles leave out a name that another one says more exactly (the artery of a branch). In New
            # Technology the same value stands for something else in each group.
            found.append(here[0])
        else:
            found.append(NOT_HELD)
    return found
