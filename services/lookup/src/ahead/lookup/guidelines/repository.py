"""SQL of the guidelines: plain functions of a connection. A whole edition is small and is read at once."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, select

from .models import REFERENCES, SECTIONS


@dataclass(frozen=True, slots=True)
class SectionRow:
    ordinal: int
    number: str
    parent: str
    depth: int
    chapter: int | None
    heading: str
    text: str
    page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """`last` is `first` where one code is named."""

    ordinal: int
    first: str
    last: str
    below: bool
    in_heading: bool
    printed: str


@dataclass(frozen=True)
class Book:
    """One edition, in its order."""

    sections: tuple[SectionRow, ...]
    references: dict[int, tuple[ReferenceRow, ...]]
    """By the section's ordinal."""

    @cached_property
    def by_number(self) -> dict[str, SectionRow]:
        return {section.number.lower(): section for section in self.sections}

    @cached_property
    def below(self) -> dict[str, tuple[SectionRow, ...]]:
        """The sections right below a number."""
        found: dict[str, list[SectionRow]] = {}
        for section in self.sections:
            found.setdefault(section.parent, []).append(section)
        return {number: tuple(sections) for number, sections in found.items()}

    @cached_property
    def topics(self) -> dict[str, tuple[int, ...]]:
        """Ordinals of the sections of a chapter's topic, such as I.C.4.a."""
        found: dict[str, list[int]] = {}
        for section in self.sections:
            found.setdefault(topic_of(section.number), []).append(section.ordinal)
        return {topic: tuple(ordinals) for topic, ordinals in found.items()}


def topic_of(number: str) -> str:
    """ "I.C.4.a" of "I.C.4.a.3"."""
    return ".".join(number.split(".")[:4])


def book(connection: Connection, release_id: int) -> Book:
    columns = [SECTIONS.c[name] for name in SectionRow.__dataclass_fields__]
    sections = select(*columns).where(SECTIONS.c.release_id == release_id).order_by(SECTIONS.c.ordinal)
    named = [REFERENCES.c[name] for name in ReferenceRow.__dataclass_fields__]
    references = select(*named).where(REFERENCES.c.release_id == release_id).order_by(REFERENCES.c.ordinal)
    by_section: dict[int, list[ReferenceRow]] = {}
    for row in connection.execute(references):
        by_section.setdefault(row.ordinal, []).append(ReferenceRow(*row))
    return Book(
        tuple(SectionRow(*row) for row in connection.execute(sections)),
        {ordinal: tuple(rows) for ordinal, rows in by_section.items()},
    )
