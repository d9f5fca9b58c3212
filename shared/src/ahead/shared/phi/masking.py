"""Puts the rules, the names and the shield together."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ahead.shared.phi.kinds import DATE, RULES, Rule
from ahead.shared.phi.names import find_names
from ahead.shared.phi.shield import shielded

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_NUMBER_WORD = re.compile(r"\b(?:number|num|nbr|no\.|id|identifier)\b|\bno\b|#", re.IGNORECASE)
_SERVICE_CUE = re.compile(
    r"(?:dos|service|seen|visit|surgery|procedure|effective|admi\w+|discharg\w+|performed|billed|since|after|before"
    r"|from|through|to|on|encounter|release|edition)\W{0,12}$",
    re.IGNORECASE,
)
# A bare date right behind a person's name or record number is the date of birth of a header line.
_BEHIND_NAME = re.compile(rf"[\s,;:|()-]{{1,6}}(?P<value>{DATE})(?![\d/])", re.IGNORECASE)


@dataclass(frozen=True)
class Masked:
    """The text with placeholders such as ``[NAME]``, and how many of each kind were taken out."""

    text: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    kind: str


def mask(text: str) -> Masked:
    """Mask what may say who a patient is. Best effort: no list knows every name.

    Kept: code tokens with modifiers, dates of service, ages under 90, figures. Invisible characters, which
    could hide an identifier from the rules, are dropped.
    """
    text = _INVISIBLE.sub("", text)
    taken: list[_Span] = []
    for span in _found(text):
        if not any(span.start < other.end and other.start < span.end for other in taken):
            taken.append(span)
    taken += _dates_behind(text, taken)
    taken.sort(key=lambda span: span.start)
    pieces: list[str] = []
    position = 0
    for span in taken:
        pieces += [text[position : span.start], f"[{span.kind.upper()}]"]
        position = span.end
    return Masked("".join([*pieces, text[position:]]), dict(Counter(span.kind for span in taken)))


def _found(text: str) -> Iterator[_Span]:
    """What the rules find, the most telling first."""
    kept = shielded(text)
    for rule in sorted(RULES, key=lambda rule: not rule.strong):
        for found in rule.pattern.finditer(text):
            span = found.span("value") if "value" in rule.pattern.groupindex else found.span()
            if _may_take(rule, text[found.start() : span[0]], span, kept):
                yield _Span(*span, rule.kind)
    for start, end in find_names(text):
        yield _Span(start, end, "name")


def _may_take(rule: Rule, cue: str, span: tuple[int, int], kept: list[tuple[int, int]]) -> bool:
    if rule.strong or _NUMBER_WORD.search(cue):
        return True
    return not any(start < span[1] and span[0] < end for start, end in kept)


def _dates_behind(text: str, taken: list[_Span]) -> Iterator[_Span]:
    for span in taken:
        if span.kind not in ("name", "medical record number"):
            continue
        found = _BEHIND_NAME.match(text, span.end)
        if found is None or _SERVICE_CUE.search(text[span.end : found.start("value")]):
            continue
        if not any(found.start("value") < other.end and other.start < found.end() for other in taken):
            yield _Span(*found.span("value"), "date of birth or death")
