"""The one door to the guidelines: `Guidelines`."""

import re
from collections.abc import Sequence
from datetime import date

from ahead.lookup.catalog.cache import LRU
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import CodeFacts, Edition, Release
from ahead.shared.errors import BadInput, NotFound

from .governing import governing
from .kinds import SYSTEM
from .repository import Book, SectionRow, book
from .schemas import Governing, GoverningSections, GuidelineAnswer, GuidelineSection, Hit, SectionRef

ASKED = 200
_EDITIONS_CACHED = 4
_AROUND = 160
_NUMBER = re.compile(
    r"(?:section\s*)?((?:I{1,3}|IV)(?:\s*\.\s*(?:[0-9]{1,2}|[a-z]{1,4}|\([a-z]{1,4}\)))*|appendix\s*I+)\s*\.?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z0-9][a-z0-9./’'-]*", re.IGNORECASE)


class Guidelines:
    """Sections by number, by words and by code, for any date of service."""

    def __init__(self, reader: SourceReader) -> None:
        self._reader = reader
        self._books: LRU[int, Book] = LRU(_EDITIONS_CACHED)

    async def edition(self, as_of: date | None = None) -> Edition:
        return await self._reader.edition(SYSTEM, as_of)

    async def section(self, number: str, as_of: date | None = None) -> GuidelineAnswer:
        """
        Raises:
            NotFound: the edition has no section of that number.
        """
        edition, held = await self._held(as_of)
        if held is None or edition.release is None:
            return _answer(edition)
        row = held.by_number.get(normal(number).lower())
        if row is None:
            raise NotFound(
                f"The guidelines of {edition.release.edition} have no section {normal(number)[:40]}.",
                slug="unknown-section",
                hint="Numbers look like I.C.4.a.3 or II.A.",
            )
        return _answer(edition, section=_section(edition.release, held, row))

    async def search(self, words: str, as_of: date | None = None, *, limit: int = 30) -> GuidelineAnswer:
        """Sections that have all the words, in their heading or text; those with them in the heading first.

        Raises:
            BadInput: there is no word.
        """
        if len(words) > ASKED or not (wanted := [w.lower() for w in _WORD.findall(words)]):
            raise BadInput(
                "Type a number, words or a code.", slug="no-words", hint="Such as I.C.4.a.3, or sepsis."
            )
        edition, held = await self._held(as_of)
        if held is None or edition.release is None:
            return _answer(edition)
        found: list[tuple[int, int, SectionRow]] = []
        for row in held.sections:
            heading, text = row.heading.lower(), row.text.lower()
            if not all(word in heading or word in text for word in wanted):
                continue
            in_heading = sum(word in heading for word in wanted)
            found.append((-in_heading, row.ordinal, row))
        found.sort(key=lambda one: one[:2])
        release = edition.release
        hits = tuple(
            Hit(_ref(row), _excerpt(row.text, wanted), receipt_of(release, row.page))
            for _, _, row in found[: min(max(limit, 1), 100)]
        )
        return _answer(edition, hits=hits, total=len(found))

    async def governing(self, facts: CodeFacts, as_of: date | None = None) -> GoverningSections:
        """The sections that govern a code, the most specific first."""
        edition, held = await self._held(as_of)
        release = edition.release
        if held is None or release is None:
            return GoverningSections(edition, ())
        return GoverningSections(
            edition,
            tuple(
                Governing(_section(release, held, match.section), match.why, match.named)
                for match in governing(held, facts)
            ),
        )

    async def of_code(self, facts: CodeFacts, as_of: date | None = None) -> GuidelineAnswer:
        found = await self.governing(facts, as_of)
        return _answer(found.edition, code=facts.node.dotted, governing=found.sections)

    async def contents(self, as_of: date | None = None) -> GuidelineAnswer:
        """The sections down to chapters, for somebody who hasn't asked for anything yet."""
        edition, held = await self._held(as_of)
        if held is None:
            return _answer(edition)
        return _answer(edition, contents=tuple(_ref(row) for row in held.sections if row.depth <= 2))

    async def _held(self, as_of: date | None) -> tuple[Edition, Book | None]:
        edition = await self.edition(as_of)
        release = edition.release
        if release is None:
            return edition, None
        if (held := self._books.get(release.id)) is None:
            held = await self._reader.read(release.id, lambda c: book(c, release.id))
            self._books.put(release.id, held)
        return edition, held


def normal(number: str) -> str:
    """A section's number as it is kept: "Section I.C.1.a.2)(h)" is "I.C.1.a.2.h"."""
    text = re.sub(r"^section\s*", "", number.strip(), flags=re.IGNORECASE)
    text = (
        re.sub(r"[()\s]+", ".", text.rstrip("."))
        if "appendix" not in text.lower()
        else " ".join(text.split())
    )
    return re.sub(r"\.+", ".", text).strip(".")


def is_number(text: str) -> bool:
    """Whether somebody typed the number of a section rather than words."""
    return _NUMBER.fullmatch(re.sub(r"[()]+", ".", text.strip()).replace("..", ".").rstrip(".")) is not None


def _answer(
    edition: Edition,
    *,
    section: GuidelineSection | None = None,
    hits: tuple[Hit, ...] = (),
    total: int = 0,
    code: str = "",
    governing: tuple[Governing, ...] = (),
    contents: tuple[SectionRef, ...] = (),
) -> GuidelineAnswer:
    name = edition.release.edition if edition.release else ""
    return GuidelineAnswer(
        edition.as_of, name, edition.message, section, hits, total, code, governing, contents
    )


def _ref(row: SectionRow) -> SectionRef:
    return SectionRef(row.number, row.heading, row.page)


def _section(release: Release, held: Book, row: SectionRow) -> GuidelineSection:
    above: list[SectionRef] = []
    place = held.by_number.get(row.parent.lower())
    while place is not None:
        above.insert(0, _ref(place))
        place = held.by_number.get(place.parent.lower())
    return GuidelineSection(
        row.number,
        row.heading,
        row.text,
        row.page,
        row.last_page,
        row.chapter,
        tuple(above),
        tuple(_ref(one) for one in held.below.get(row.number, ())),
        tuple(reference.printed for reference in held.references.get(row.ordinal, ())),
        receipt_of(release, row.page),
    )


def _excerpt(text: str, words: Sequence[str]) -> str:
    flat = " ".join(text.split())
    lower = flat.lower()
    at = min((place for word in words if (place := lower.find(word)) >= 0), default=0)
    start, end = max(at - _AROUND, 0), min(at + _AROUND, len(flat))
    if start:
        start = flat.find(" ", start) + 1
    shown = flat[start:] if end == len(flat) else f"{flat[start:end].rsplit(' ', 1)[0]} …"
    return f"… {shown}" if start else shown


def passage(section: GuidelineSection, named: str, longest: int = 1_600) -> str:
    """The text of a section; of a long one the paragraphs that name the code, or the first."""
    if len(section.text) <= longest:
        return section.text
    parts = section.text.split("\n\n")
    naming = [part for part in parts if named and named in " ".join(part.split())] or parts[:1]
    kept: list[str] = []
    for part in naming:
        if sum(map(len, kept)) + len(part) > longest and kept:
            break
        kept.append(part)
    return "\n\n".join([*kept, "…"])
