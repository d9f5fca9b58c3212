"""The one door to reading notes: `CaseNotes`. Nothing of a note is kept: it is read in memory and forgotten."""

import asyncio
from datetime import date

from ahead.lookup.catalog.cache import LRU
from ahead.lookup.catalog.schemas import Edition
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.claims.rules import diagnoses
from ahead.lookup.claims.rules.held import Coded
from ahead.lookup.claims.schemas import Claim, ClaimLine
from ahead.lookup.indexes.kinds import KINDS, Book
from ahead.lookup.indexes.service import Indexes
from ahead.lookup.tools.schemas import ToolResult
from ahead.shared.errors import BadInput

from .dictionary import Dictionary
from .judging import ENOUGH, Finding, findings
from .schemas import Candidate, CaseAnswer, Evidence, SetAside, Setting, Suggestion
from .sequencing import order, underlying_first

SYSTEM = "icd10cm"
MAX_CHARACTERS = 20_000
MAX_SUGGESTED = 25
MAX_RANKED = 40
_ASIDE_SHOWN = 60
_EVIDENCE_SHOWN = 4
_DICTIONARIES = 2
_NOT_LOOKED_FOR: tuple[str, ...] = (
    "Suggestions to check against the whole record: the words of a note don't make a code, its provider does.",
    "Procedures, external causes and codes for visits without an illness are not looked for.",
)


class CaseNotes:
    """Args:
    indexes: the alphabetic index and the table of neoplasms are read where held; titles alone find less.
    """

    def __init__(self, catalog: Catalog, indexes: Indexes) -> None:
        self._catalog = catalog
        self._indexes = indexes
        self._dictionaries: LRU[tuple[int, ...], Dictionary] = LRU(_DICTIONARIES)
        self._building = asyncio.Lock()
        self._warming: asyncio.Task[None] | None = None

    def warm(self) -> None:
        """Begins to build today's dictionary beside the requests, so that the first note doesn't wait for all of it."""
        if self._warming is None or self._warming.done():
            self._warming = asyncio.create_task(self._warm())

    async def close(self) -> None:
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)

    async def _warm(self) -> None:
        edition = await self._catalog.edition_for(SYSTEM)
        if edition.release is not None:
            await self._dictionary(edition)

    async def suggest(self, note: str, setting: Setting, as_of: date | None = None) -> CaseAnswer:
        """
        Raises:
            BadInput: the note is empty or too long.
        """
        if not note.strip():
            raise BadInput("There is no note to read.", slug="empty-note", hint="Paste the text of the case.")
        if len(note) > MAX_CHARACTERS:
            raise BadInput(
                f"The note has {len(note):,} characters; at most {MAX_CHARACTERS:,} are read.",
                slug="note-too-long",
                title="The note is too long",
                hint="Leave out what is not about diagnoses, or paste it in parts.",
            )
        edition = await self._catalog.edition_for(SYSTEM, as_of)
        if edition.release is None:
            return CaseAnswer(edition.as_of, "", edition.message, setting, (), (), (), (), (edition.message,))
        dictionary = await self._dictionary(edition)
        found = await asyncio.to_thread(findings, note, dictionary, setting)
        return await self._answer(note, setting, edition, found)

    async def dictionary_of(self, as_of: date) -> Dictionary:
        """For measuring. Raises BadInput: no edition is held for the date."""
        edition = await self._catalog.edition_for(SYSTEM, as_of)
        if edition.release is None:
            raise BadInput(edition.message, slug="no-edition")
        return await self._dictionary(edition)

    async def _dictionary(self, edition: Edition) -> Dictionary:
        assert edition.release is not None, "an edition without release has no words"
        books: list[tuple[Book, Edition]] = [
            (book, await self._indexes.edition(book, edition.as_of)) for book in ("index", "neoplasm")
        ]
        held = [(book, one.release) for book, one in books if one.release is not None]
        key = (edition.release.id, *(release.id for _, release in held))
        if (made := self._dictionaries.get(key)) is not None:
            return made
        async with self._building:
            if (made := self._dictionaries.get(key)) is not None:
                return made
            documents = [one async for one in self._catalog.documents(edition.release.id)]
            terms = {
                release.system: [one async for one in self._indexes.listed(release)] for _, release in held
            }
            made = await asyncio.to_thread(
                Dictionary.built,
                documents,
                terms.get(KINDS["index"].system, []),
                terms.get(KINDS["neoplasm"].system, []),
            )
            self._dictionaries.put(key, made)
            return made

    async def _answer(
        self, note: str, setting: Setting, edition: Edition, found: list[Finding]
    ) -> CaseAnswer:
        assert edition.release is not None, "findings are of an edition"
        good = [one for one in found if not one.aside and not one.covered and one.score >= ENOUGH][
            :MAX_SUGGESTED
        ]
        coded = [await self._coded(edition, number, one) for number, one in enumerate(order(good), 1)]
        ordered = underlying_first(coded)
        coded = [Coded(n, c.code, c.dotted, c.poa, c.edition, c.facts) for n, c in enumerate(ordered, 1)]
        by_code = {one.code: one for one in good}
        suggestions = tuple(_suggestion(one, by_code[one.code], note) for one in coded)
        aside = tuple(_aside(one, note) for one in found if one.aside and not one.covered)[:_ASIDE_SHOWN]
        further = tuple(
            Candidate(one.reached.place.dotted, one.reached.place.title, one.mentions[0].phrase.text)
            for one in found
            if not one.aside and one.code not in by_code
        )[:MAX_RANKED]
        notes: list[str] = list(_NOT_LOOKED_FOR)
        if not suggestions:
            notes.insert(0, "No condition of the official books was found as present in this text.")
        return CaseAnswer(
            edition.as_of, edition.release.edition, edition.message, setting, suggestions, aside, further,
            _conflicts(setting, edition.as_of, coded), tuple(notes),
        )  # fmt: skip

    async def _coded(self, edition: Edition, number: int, one: Finding) -> Coded:
        assert edition.release is not None, "findings are of an edition"
        facts = await self._catalog.facts(edition.release.id, one.code)
        return Coded(number, one.code, one.reached.place.dotted, "", edition, facts)


def _conflicts(setting: Setting, as_of: date, coded: list[Coded]) -> tuple[ToolResult, ...]:
    """What the tabular list says of the suggestions beside each other; what passes is not repeated."""
    if setting == "inpatient":
        claim = Claim("inpatient", discharged=as_of)
    else:
        claim = Claim("practitioner", lines=(ClaimLine("", as_of),))
    told = (one for one in diagnoses.check(claim, tuple(coded)) if one.status != "pass")
    # One reason can stop several rules; it is said once.
    return tuple({(one.status, one.why): one for one in told}.values())


def _suggestion(coded: Coded, one: Finding, note: str) -> Suggestion:
    place = one.reached.place
    best = max(one.mentions, key=lambda mention: mention.score)
    return Suggestion(
        coded.number,
        place.dotted,
        place.title,
        one.reached.complete,
        best.phrase.text,
        tuple(one.why),
        _evidence(one, note),
    )


def _aside(one: Finding, note: str) -> SetAside:
    place = one.reached.place
    return SetAside(place.dotted, place.title, one.aside, _evidence(one, note))


def _evidence(one: Finding, note: str) -> tuple[Evidence, ...]:
    shown = [mention for mention in one.mentions if not mention.covered] or one.mentions
    unique = {(mention.start, mention.end): mention for mention in shown}
    return tuple(
        Evidence(m.start, m.end, m.sentence.text, note[m.start : m.end], m.assertion, m.trigger)
        for m in list(unique.values())[:_EVIDENCE_SHOWN]
    )
