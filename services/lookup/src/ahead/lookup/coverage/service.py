"""The one door to Medicare coverage: `Coverage`."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Release

from . import judging
from . import repository as rows
from .loading.export import SYSTEMS
from .loading.merged import SYSTEM as MERGED
from .loading.report import SYSTEM as REPORT
from .models import COVERED, NOT_COVERED, day_of, number_of
from .repository import DocumentRow, Key, PairRow
from .schemas import CodeCoverage, Contractor, CoverageDocument, Listed, MergedCode, Pair, PairPage, Verdict

ARTICLES, LCDS, NCDS = SYSTEMS["article"], SYSTEMS["lcd"], SYSTEMS["ncd"]
PAGE_LIMIT = 500
_LISTED: dict[Listed, int] = {"covered": COVERED, "not_covered": NOT_COVERED}


class Coverage:
    """What coverage documents say of procedure and diagnosis codes, for any date of service.

    The documents' own dates decide which of a snapshot's are in force. After the newest snapshot they are shown,
    marked, and nothing is judged.
    """

    def __init__(self, reader: SourceReader) -> None:
        self._reader = reader

    async def edition(self, source: str, as_of: date | None = None) -> Edition:
        return await self._reader.edition(source, as_of)

    async def of_code(self, code: str, as_of: date | None = None) -> CodeCoverage:
        """Documents that list a procedure code, and what the merged list has of it."""
        key = code.strip().upper()
        found: list[CoverageDocument] = []
        editions = [
            await self._reader.edition(source, as_of) for source in (ARTICLES, LCDS, MERGED, REPORT, NCDS)
        ]
        for edition in editions[:2]:
            if (release := edition.release) is not None:
                day = _day(edition)
                read = await self._reader.read(
                    release.id, lambda c, r=release, d=day: _documents(c, r, key, d)
                )
                found += read
        merged = await self._merged(editions[2], key)
        return CodeCoverage(key, editions[0].as_of, tuple(found), merged, tuple(editions))

    async def _merged(self, edition: Edition, code: str) -> MergedCode | None:
        release = edition.release
        if release is None:
            return None
        row = await self._reader.read(release.id, lambda c: rows.merged_of(c, release.id, code))
        if row is None:
            return None
        lcds = tuple(row[0].split())
        return MergedCode(lcds, await self._named(lcds), row[1], row[2], receipt_of(release, row[3]), edition)

    async def _named(self, lcds: Sequence[str]) -> tuple[CoverageDocument, ...]:
        """Title and contractor of LCDs, from the newest list of documents held that has them."""
        for source in (LCDS, REPORT):
            held = await self._reader.releases(source)
            if held:
                release = held[-1]
                day = number_of(release.window_to or date.max)
                found = await self._reader.read(
                    release.id,
                    lambda c, r=release, d=day: _with_contractors(
                        c, r, rows.documents_named(c, r.id, lcds, d)
                    ),
                )
                if found:
                    return found
        return ()

    async def titled(
        self, words: str, document: str, contractor: str, as_of: date | None = None, *, limit: int = 20
    ) -> tuple[Edition, tuple[CoverageDocument, ...], int]:
        """Documents by words of their title, by number, by contractor: the first of them, and how many there are."""
        edition = await self._reader.edition(REPORT, as_of)
        release = edition.release
        if release is None:
            return edition, (), 0
        wanted, number, who = words.lower().split(), document.strip().upper(), contractor.strip().lower()

        def query(connection: Connection) -> tuple[tuple[CoverageDocument, ...], int]:
            found, total = rows.documents_titled(
                connection, release.id, wanted, number, who, _day(edition), limit
            )
            return _with_contractors(connection, release, found), total

        found, total = await self._reader.read(release.id, query)
        return edition, found, total

    async def diagnoses(
        self,
        code: str,
        listed: Listed,
        as_of: date | None = None,
        *,
        source: str = MERGED,
        offset: int = 0,
        limit: int = 100,
        starts: str = "",
    ) -> PairPage:
        """Diagnoses listed for a procedure, by their code.

        Args:
            source: `MERGED`, or `ARTICLES` for those of articles in force on the date.
            starts: only those that begin so, with or without a dot.
        """
        key = code.strip().upper()
        return await self._pairs(source, listed, as_of, offset, limit, starts, code=key)

    async def procedures(
        self,
        diagnosis: str,
        listed: Listed,
        as_of: date | None = None,
        *,
        source: str = MERGED,
        offset: int = 0,
        limit: int = 100,
        starts: str = "",
    ) -> PairPage:
        """Procedures for which a diagnosis is listed."""
        key = diagnosis.strip().upper().replace(".", "")
        return await self._pairs(source, listed, as_of, offset, limit, starts, diagnosis=key)

    async def _pairs(
        self, source: str, listed: Listed, as_of: date | None, offset: int, limit: int, starts: str, **of: str
    ) -> PairPage:
        edition = await self._reader.edition(source, as_of)
        offset, limit = max(offset, 0), min(max(limit, 1), PAGE_LIMIT)
        release = edition.release
        if release is None:
            return PairPage((), 0, offset, limit, edition)
        begin, way = starts.strip().upper().replace(".", ""), _LISTED[listed]

        def query(connection: Connection) -> tuple[list[PairRow], int]:
            if source == MERGED:
                return rows.merged_pairs(
                    connection, release.id, listed=way, starts=begin, offset=offset, limit=limit, **of
                )
            return rows.pairs(
                connection,
                release.id,
                listed=way,
                starts=begin,
                offset=offset,
                limit=limit,
                day=_day(edition),
                **of,
            )

        found, total = await self._reader.read(release.id, query)
        pairs = tuple(
            Pair(
                row.code, dotted(row.diagnosis), listed, row.document, row.list_number, row.asterisk,
                receipt_of(release, row.source_row, row.source_file),
            )
            for row in found
        )  # fmt: skip
        return PairPage(pairs, total, offset, limit, edition)

    async def check(
        self,
        code: str,
        diagnoses: Sequence[str],
        as_of: date | None = None,
        *,
        state: str = "",
        contractor: str = "",
        kind: str = "",
    ) -> Verdict:
        """Whether one of a line's diagnoses supports its code.

        Args:
            diagnoses: those that the line points to, with or without a dot.
            state, contractor: where the claim is filed ("TX", "Novitas"): only then can a document's "no" be the
                claim's.
            kind: of the contractors whose documents count: "Part B"; "" for all.
        """
        key = code.strip().upper()
        filed = judging.Filed(state.strip().upper(), contractor.strip(), kind)
        asked = [text.strip().upper().replace(".", "") for text in diagnoses]
        articles = await self._reader.edition(ARTICLES, as_of)
        merged = await self._reader.edition(MERGED, as_of)
        if articles.status == "held" and (held := articles.release) is not None:
            day = _day(articles)

            def about(connection: Connection, held: Release = held) -> list[judging.DocumentFacts]:
                return judging.facts(connection, held, _documents(connection, held, key, day), asked)

            if found := await self._reader.read(held.id, about):
                return judging.by_articles(key, asked, found, filed)
        if merged.status == "held" and (release := merged.release) is not None:
            row = await self._reader.read(release.id, lambda c: rows.merged_of(c, release.id, key))
            if row is not None:
                listing = await self._reader.read(
                    release.id, lambda c: rows.merged_listing(c, release.id, key, asked)
                )
                lcds = tuple(row[0].split())
                return judging.by_merged(
                    key,
                    asked,
                    lcds,
                    row[1],
                    listing,
                    receipt_of(release, row[3]),
                    await self._named(lcds),
                    filed,
                )
        return judging.nothing(key, articles, merged)


def _day(edition: Edition) -> int:
    """The date, or the last day of a snapshot that has ended."""
    end = edition.release.window_to if edition.release else None
    return number_of(min(edition.as_of, end) if end else edition.as_of)


def _documents(connection: Connection, release: Release, code: str, day: int) -> tuple[CoverageDocument, ...]:
    found = rows.documents_of(connection, release.id, code, day)
    return _with_contractors(connection, release, found, lists=release.system == ARTICLES)


def _with_contractors(
    connection: Connection, release: Release, found: Sequence[DocumentRow], *, lists: bool = False
) -> tuple[CoverageDocument, ...]:
    if not found:
        return ()
    keys: list[Key] = [(row.document, row.version) for row in found]
    named = rows.contractors(connection, release.id, keys)
    # Reports have no lists and no relations: their tables are not in the release's file.
    related = rows.related(connection, release.id, keys) if release.system != REPORT else {}
    counted = rows.counts(connection, release.id, keys) if lists else {}
    return tuple(
        CoverageDocument(
            row.document,
            row.version,
            row.type,
            row.title,
            day_of(row.effective_on),
            day_of(row.ends_on),
            row.note,
            row.url,
            tuple(
                Contractor(name, kinds, tuple(states.split()))
                for name, kinds, states in named.get((row.document, row.version), ())
            ),
            tuple(related.get((row.document, row.version), ())),
            counted.get(((row.document, row.version), COVERED), 0) if lists else None,
            counted.get(((row.document, row.version), NOT_COVERED), 0) if lists else None,
            receipt_of(release, row.source_row, row.source_file),
        )
        for row in found
    )


def dotted(key: str) -> str:
    """ "M179" as "M17.9"."""
    return f"{key[:3]}.{key[3:]}" if len(key) > 3 else key
