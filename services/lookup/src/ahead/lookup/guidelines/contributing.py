"""The numbered guideline sections on a code's page."""

from urllib.parse import quote

from ahead.lookup.codes.panels import (
    Cell,
    Contribution,
    Fact,
    Panel,
    PanelRow,
    PanelTable,
    SectionKey,
    Subject,
)

from .schemas import Governing, GoverningSections, Why
from .service import Guidelines, passage

WITH_TEXT = 6
"""Sections shown with their text; the others are linked."""
FILE = "ICD-10-CM Official Guidelines for Coding and Reporting (PDF): the numbered sections that govern this code"
_CLOSE: tuple[Why, ...] = ("code", "heading", "range")

_REASONS: dict[Why, str] = {
    "code": "names {named}",
    "heading": "names {named}, above this code",
    "range": "names {named}",
    "part": "part of {named}",
    "chapter": "of the chapter, doesn't name this code",
    "general": "for every code",
}


class GuidelineSectionOfPage:
    """Part of the guidelines section of ICD-10-CM."""

    section: SectionKey = "guidelines"
    systems = frozenset({"icd10cm"})

    def __init__(self, guidelines: Guidelines) -> None:
        self._guidelines = guidelines

    async def contribute(self, subject: Subject) -> Contribution:
        found = await self._guidelines.governing(subject.facts, subject.as_of)
        if found.edition.status == "nothing_loaded":
            return Contribution(would_fill=(FILE,))
        if found.edition.release is None:
            return Contribution((Panel("Official guidelines", note=found.edition.message),))
        panels = [panel for panel in (_texts(found), _table(found)) if panel is not None]
        return Contribution(tuple(panels))


def reason(one: Governing) -> str:
    named = one.named
    if one.why == "general" and named:
        return f"for every code, names {named}"
    return _REASONS[one.why].format(named=named)


def address(number: str, found: GoverningSections) -> str:
    return f"/tools/guidelines?section={quote(number)}&as_of={found.edition.as_of.isoformat()}"


def _marked(found: GoverningSections) -> str:
    release = found.edition.release
    return (
        f"The {release.edition} guidelines, {found.edition.message}."
        if release and found.edition.marked
        else ""
    )


def _texts(found: GoverningSections) -> Panel | None:
    """The sections that speak of the code itself, with what they say of it."""
    close = [one for one in found.sections if one.why in _CLOSE and one.section.text][:WITH_TEXT]
    if not close:
        return None
    facts = tuple(
        Fact(
            f"{one.section.number} {one.section.heading}",
            passage(one.section, one.named),
            f"({reason(one)})",
            receipt=one.section.receipt,
        )
        for one in close
    )
    return Panel("What the official guidelines say of it", facts=facts, edition=_marked(found))


def _table(found: GoverningSections) -> Panel:
    rows = tuple(
        PanelRow(
            (
                Cell(one.section.number, href=address(one.section.number, found)),
                Cell(one.section.heading),
                Cell(reason(one)),
            ),
            one.section.receipt,
        )
        for one in found.sections
    )
    release = found.edition.release
    assert release is not None, "there are sections"
    table = PanelTable(
        f"Sections of the official guidelines, {release.edition}, the most specific first",
        ("Section", "Heading", "Why"),
        rows,
        len(rows),
    )
    return Panel("Guideline sections that govern it", table=table, edition=_marked(found))
