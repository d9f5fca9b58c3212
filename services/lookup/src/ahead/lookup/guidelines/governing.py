"""Which sections of the guidelines govern a code.

A section governs the codes that it names, and what is below them in the hierarchy: the code itself first, then the
headings above it, the longest first, then ranges, the narrowest first. Below a section that governs come its parts
that name no codes of their own; then what the chapter's guidelines say without naming codes; then the sections that
hold for every code of a claim.
"""

import re
from dataclasses import dataclass

from ahead.lookup.catalog.schemas import CodeFacts

from .repository import Book, ReferenceRow, SectionRow, topic_of
from .schemas import Why

GENERAL = ("II", "III", "IV")
"""Selection of the principal diagnosis, of additional diagnoses, and outpatient services."""
_WIDE = 30
"""A range of more categories says little of one code: the narrower come first, and only these with their text."""
_ORDER: dict[Why, int] = {"code": 0, "heading": 1, "range": 2, "part": 3, "chapter": 4, "general": 5}


@dataclass(frozen=True)
class Match:
    section: SectionRow
    why: Why
    named: str
    width: int
    """How much else is named by the same words; smaller is more specific."""

    @property
    def close(self) -> bool:
        """Whether it speaks of this code or of its family, not of a whole chapter."""
        return self.why in ("code", "heading") or (self.why == "range" and self.width <= _WIDE)


def governing(book: Book, facts: CodeFacts) -> list[Match]:
    node = facts.node
    places = {place.code for place in facts.ancestors}
    chapter = facts.chapter.code if facts.chapter else ""
    found: dict[int, Match] = {}
    for section in book.sections:
        if section.number.startswith("Appendix"):
            continue
        matches = [
            match
            for reference in book.references.get(section.ordinal, ())
            if (match := _match(section, reference, node.code, places)) is not None
        ]
        if matches:
            found[section.ordinal] = min(matches, key=lambda m: (_ORDER[m.why], m.width))
    ours = {ordinal for ordinal, match in found.items() if match.why != "general"}
    for section in book.sections:
        if section.ordinal in found:
            continue
        above = book.by_number.get(section.parent.lower())
        match = found.get(above.ordinal) if above is not None else None
        named = bool(book.references.get(section.ordinal))
        if above is not None and match is not None and not named and (match.close or match.why == "part"):
            found[section.ordinal] = Match(section, "part", above.number, match.width)
        elif str(section.chapter) == chapter and _for_the_chapter(book, section, chapter, ours):
            found[section.ordinal] = Match(section, "chapter", "", 0)
    for number in GENERAL:
        section = book.by_number.get(number.lower())
        if section is not None and section.ordinal not in found:
            found[section.ordinal] = Match(section, "general", "", 0)
    return sorted(found.values(), key=lambda m: (_ORDER[m.why], m.width, m.section.ordinal))


def _match(section: SectionRow, reference: ReferenceRow, code: str, places: set[str]) -> Match | None:
    if reference.first == reference.last:
        if reference.first == code:
            return Match(section, "code", reference.printed, 0)
        if code.startswith(reference.first):
            # The longer the name, the less else it takes in.
            return Match(section, "heading", reference.printed, 8 - len(reference.first))
        return None
    is_section = f"{reference.first}-{reference.last}" in places
    if not is_section and not _between(reference, code):
        return None
    width = _width(reference)
    why: Why = "range" if width < 1_000 else "general"
    return Match(section, why, reference.printed, width)


def _between(reference: ReferenceRow, code: str) -> bool:
    """Whether the code, or a heading above it, lies in the range; what is below its last code does too."""
    return reference.first <= code[: max(len(reference.first), 3)] and (
        code[: len(reference.last)] <= reference.last
    )


def _width(reference: ReferenceRow) -> int:
    """Categories in the range, as far as letters and two digits tell; several letters count as many."""
    first, last = reference.first, reference.last
    letters = ord(last[0]) - ord(first[0])
    if letters > 3:
        return 1_000
    low = int(first[1]) * 10 + int(first[2], 36) if first[1].isdigit() else 0
    high = int(last[1]) * 10 + int(last[2], 36) if last[1].isdigit() else 100
    return max(letters * 100 + high - low + 1, 1)


def _for_the_chapter(book: Book, section: SectionRow, chapter: str, ours: set[int]) -> bool:
    """Whether a section of the chapter that doesn't name the code may hold for it: its heading speaks of the
    chapter by its number, or it names nothing and belongs to no topic that is about other codes only."""
    if re.search(rf"\bchapter {chapter}\b", section.heading, re.IGNORECASE):
        return True
    if book.references.get(section.ordinal):
        return False
    topic = book.topics[topic_of(section.number)]
    return any(ordinal in ours for ordinal in topic) or not any(book.references.get(o) for o in topic)
