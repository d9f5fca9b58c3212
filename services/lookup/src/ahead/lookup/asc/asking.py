"""What the tool is asked, as JSON and as typed into the form."""

import re

import msgspec

from ahead.shared.errors import BadInput

from .pricing import Line

_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_UNITS = re.compile(r"[xX×*]?([0-9]{1,3})")


class AscLine(msgspec.Struct, frozen=True):
    code: str
    units: int = 1
    modifiers: tuple[str, ...] = ()


class AscAsked(msgspec.Struct, frozen=True):
    """`area`: a state or CBSA of the wage index file, "" for national rates; `row`: which of its lines."""

    lines: tuple[AscLine, ...]
    area: str = ""
    row: int | None = None
    as_of: str | None = None


def lines_of(asked: AscAsked) -> list[Line]:
    """Raises BadInput for what can't be a modifier or a number of units."""
    return [_line(number, line) for number, line in enumerate(asked.lines, 1)]


def _line(number: int, line: AscLine) -> Line:
    modifiers = tuple(modifier.strip().upper() for modifier in line.modifiers)
    for modifier in modifiers:
        if not _MODIFIER.fullmatch(modifier):
            raise BadInput(f"Line {number}: {modifier[:10]!r} is not a modifier.", slug="bad-modifier")
    if not 1 <= line.units <= 99:
        raise BadInput(f"Line {number}: give 1 to 99 units.", slug="bad-units")
    return Line(line.code, line.units, modifiers)


def typed(text: str) -> tuple[AscLine, ...]:
    """Lines as typed: "66984", "45380 x2 73"; one per line or separated by commas or semicolons.

    Raises:
        BadInput: something in a line is neither units nor a modifier.
    """
    found: list[AscLine] = []
    for part in re.split(r"[\n,;]+", text):
        words = part.split()
        if not words:
            continue
        units, modifiers = 1, list[str]()
        for word in words[1:]:
            match = _UNITS.fullmatch(word)
            if match and (word[0] in "xX×*" or len(word) != 2):
                units = int(match[1])
            elif _MODIFIER.fullmatch(word.upper()):
                modifiers.append(word.upper())
            else:
                raise BadInput(
                    f"{word[:10]!r} is neither a number of units nor a modifier.", slug="bad-lines",
                    hint="Write a line as: 45380 x2 73",
                )  # fmt: skip
        found.append(AscLine(words[0], units, tuple(modifiers)))
    return tuple(found)
