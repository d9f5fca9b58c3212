"""Answers queries that are codes: several, a range, a pattern; and codes whose 7th character stands in the wrong place.

Which codes they are is read from the catalogue; titles come from the index, as for every other hit.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, collate, select

from ahead.lookup.catalog.models import NODES
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.schemas import Release
from ahead.lookup.search.documents import CODE_KINDS, chapter_key, document_id
from ahead.lookup.search.finding import FACETS
from ahead.lookup.search.patterns import Asked, Pattern, Range, Several, printed, repaired

MOST = 5_000
"""Codes that one query may stand for, as far as they are counted."""
_LAST = "~"
"""Sorts behind every character of a code."""


Where = Callable[[ColumnElement[str]], ColumnElement[bool]]
"""Which codes, as a condition on their column."""


@dataclass(frozen=True, slots=True)
class Place:
    """A code found: where its document is, and what is counted and filtered by."""

    key: str
    system: str
    code: str
    dotted: str
    chapter: str
    billable: bool
    why: str


@dataclass(frozen=True, slots=True)
class CodesFound:
    """interpreted: how the query was read. missing: codes asked for that these editions don't have."""

    interpreted: str
    places: tuple[Place, ...]
    missing: tuple[str, ...] = ()

    def narrowed(self, chapter: str | None, billable: bool | None) -> "CodesFound":
        kept = tuple(
            place
            for place in self.places
            if (chapter is None or place.chapter == chapter)
            and (billable is None or place.billable == billable)
        )
        return CodesFound(self.interpreted, kept, self.missing)

    def facets(self) -> dict[str, dict[str, int]]:
        return {
            name: dict(Counter(str(getattr(place, name)).lower() for place in self.places).most_common())
            for name in FACETS
        }


class CodeQueries:
    def __init__(self, sources: SourceReader) -> None:
        self._sources = sources

    async def find(self, asked: Asked, releases: Iterable[Release]) -> CodesFound:
        """The codes that are meant, in the order of their system; those listed one by one in their own order."""
        held = tuple(releases)
        if isinstance(asked, Several):
            return await self._several(asked, held)
        if isinstance(asked, Range):
            first, last = asked.first, asked.last
            shown = f"codes {_shown(first, held)} to {_shown(last, held)}"
            # The end of a range is meant with all that lies below it, but not with its longer neighbours of CPT.
            between = await self._where(
                lambda code: and_(code >= first, code <= last + _LAST, _same_build(code, first)),
                held,
                "in the range",
            )
            return CodesFound(shown, between)
        like = asked.text.replace("?", "_").replace("*", "%")
        fitting = await self._where(lambda code: code.like(like), held, "fits the pattern")
        return CodesFound(f"codes like {_of_pattern(asked)}", fitting)

    async def repair(self, code: str, release: Release) -> Place | None:
        """The code that this one, undotted and not in the release, was meant as; None when there is none."""
        wanted = repaired(code)
        if not wanted or release.system != "icd10cm":
            return None
        shown = printed(release.system, code)
        found = await self._where(lambda code: code.in_(wanted), (release,), "")
        if not found:
            return None
        right = found[0]
        why = f"repaired: {shown} is not in this edition; the 7th character {code[-1]} stands in the seventh place"
        return Place(right.key, right.system, right.code, right.dotted, right.chapter, right.billable, why)

    async def _several(self, asked: Several, held: tuple[Release, ...]) -> CodesFound:
        listed = [code for _, code in asked.codes]
        found = await self._where(lambda code: code.in_(listed), held, "this code")
        places: list[Place] = []
        missing: list[str] = []
        for typed, code in asked.codes:
            these = [place for place in found if place.code == code]
            if not these:
                tried = [await self.repair(code, release) for release in held]
                these = [place for place in tried if place is not None]
            places += these
            if not these:
                missing.append(typed)
        once = {place.key: place for place in places}
        shown = ", ".join(_shown(code, held) for _, code in asked.codes)
        return CodesFound(f"codes {shown}", tuple(once.values()), tuple(missing))

    async def _where(self, where: Where, releases: Iterable[Release], why: str) -> tuple[Place, ...]:
        places: list[Place] = []
        for release in releases:
            rows = await self._sources.read(release.id, _query(release.id, where))
            places += [
                Place(
                    document_id(release.id, code),
                    release.system,
                    code,
                    dotted,
                    chapter_key(release.system, path.partition("/")[0]),
                    bool(billable),
                    why,
                )
                for code, dotted, path, billable in rows
            ]
        return tuple(places)


def _query(release_id: int, where: Where) -> Callable[[Connection], list[tuple[str, str, str, bool]]]:
    def rows(connection: Connection) -> list[tuple[str, str, str, bool]]:
        # A database may sort by a language's rules; codes are compared by their characters.
        by_character = connection.dialect.name == "postgresql"
        code: ColumnElement[str] = collate(NODES.c.code, "C") if by_character else NODES.c.code
        query = (
            select(NODES.c.code, NODES.c.dotted, NODES.c.path, NODES.c.billable)
            .where(NODES.c.release_id == release_id, NODES.c.kind.in_(CODE_KINDS), where(code))
            .order_by(NODES.c.ordinal)
            .limit(MOST)
        )
        return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]

    return rows


def _same_build(code: ColumnElement[str], first: str) -> ColumnElement[bool]:
    """Codes that begin with a digit and those that begin with a letter don't lie in one range."""
    return code < "A" if first[0].isdigit() else code >= "A"


def _shown(code: str, releases: Iterable[Release]) -> str:
    systems = {release.system for release in releases}
    return printed("icd10cm", code) if "icd10cm" in systems and code[0].isalpha() else code


def _of_pattern(asked: Pattern) -> str:
    text = asked.text
    return f"{text[:3]}.{text[3:]}" if len(text) > 4 and text[0].isalpha() and "*" not in text[:3] else text
