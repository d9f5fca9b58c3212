"""The one door to HCPCS Level II and the lists beside it: `Hcpcs`."""

from collections.abc import Iterable
from datetime import date

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Release

from . import repository as rows
from .meanings import meaning, meanings
from .models import day_of, number_of
from .repository import CodeRow, ModifierRow, PlaceRow
from .schemas import (
    HcpcsCode,
    HcpcsModifier,
    HcpcsModifiers,
    Listed,
    PlaceOfService,
    PlacesOfService,
    Rbcs,
)

WITH_MODIFIERS = ("hcpcs-anweb", "hcpcs-workbook")
"""Forms of the code file that have the modifiers too, with their dates."""


class Hcpcs:
    """Codes with their administrative data, modifiers, places of service, RBCS categories, for any date.

    After the newest edition its rows are shown, marked (`edition.marked`); a verdict may be given only where
    `edition.status` is "held".
    """

    def __init__(self, sources: SourceReader) -> None:
        self._sources = sources

    def today(self) -> date:
        return self._sources.today()

    async def edition(self, as_of: date | None = None) -> Edition:
        """Which edition of the codes answers for the date."""
        return await self._sources.edition("hcpcs", as_of)

    async def code(self, code: str, as_of: date | None = None) -> HcpcsCode | None:
        """One code (by its key), or None where the edition hasn't it or none is held."""
        return (await self.codes([code], as_of)).get(code)

    async def codes(self, codes: Iterable[str], as_of: date | None = None) -> dict[str, HcpcsCode]:
        edition = await self.edition(as_of)
        release = edition.release
        if release is None:
            return {}
        wanted = list(dict.fromkeys(codes))
        found = await self._sources.read(release.id, lambda c: rows.code_rows(c, release.id, wanted))
        return {code: _code(release, row, edition) for code, row in found.items()}

    async def modifiers(self, as_of: date | None = None) -> HcpcsModifiers:
        """The official modifiers: of the code file where that has them, else of the list by itself; what is held for
        the date wins over what has run out."""
        editions = [
            await self._sources.edition("hcpcs", as_of, WITH_MODIFIERS),
            await self._sources.edition("hcpcs-modifiers", as_of),
        ]
        order = {"held": 0, "after_newest": 1}
        edition = min(editions, key=lambda e: (order.get(e.status, 2), -_began(e)))
        release = edition.release
        if release is None:
            return HcpcsModifiers((), edition)
        found = await self._sources.read(release.id, lambda c: rows.modifier_rows(c, release.id))
        return HcpcsModifiers(_listed(release, found), edition)

    async def places(self, as_of: date | None = None) -> PlacesOfService:
        edition = await self._sources.edition("pos", as_of)
        release = edition.release
        if release is None:
            return PlacesOfService((), edition)
        found = await self._sources.read(release.id, lambda c: rows.place_rows(c, release.id))
        return PlacesOfService(tuple(_place(release, row) for row in found), edition)

    async def rbcs(self, code: str, as_of: date | None = None) -> Rbcs | None:
        """The category that began last, on or before the date where the list is held for it."""
        edition = await self._sources.edition("rbcs", as_of)
        release = edition.release
        if release is None:
            return None
        found = await self._sources.read(release.id, lambda c: rows.rbcs_rows(c, release.id, code))
        begun = [row for row in found if row.effective_on <= number_of(edition.as_of)]
        if not begun:
            return None
        row = begun[-1]
        effective = day_of(row.effective_on)
        assert effective is not None, "every assignment has a date"
        receipt = receipt_of(release, row.source_row)
        return Rbcs(row.procedure, row.category, row.subcategory, row.family, effective, receipt, edition)

    async def noc(self, code: str, as_of: date | None = None) -> Listed:
        """Is it listed among the codes for what is not otherwise classified?"""
        edition = await self._sources.edition("hcpcs-noc", as_of)
        release = edition.release
        if release is None:
            return Listed(None, edition)
        row = await self._sources.read(release.id, lambda c: rows.noc_row(c, release.id, code))
        return Listed(None if row is None else receipt_of(release, row), edition)

    async def change(self, code: str, as_of: date | None = None) -> Listed:
        """What the publisher's file of changes says of the code, or of a modifier."""
        edition = await self._sources.edition("hcpcs-changes", as_of)
        release = edition.release
        if release is None:
            return Listed(None, edition)
        found = await self._sources.read(release.id, lambda c: rows.change_rows(c, release.id, code))
        if not found:
            return Listed(None, edition)
        return Listed(receipt_of(release, found[0][1]), edition, found[0][0])


def _began(edition: Edition) -> int:
    return edition.release.window_from.toordinal() if edition.release else 0


def _code(release: Release, row: CodeRow, edition: Edition) -> HcpcsCode:
    return HcpcsCode(
        row.code,
        row.long_description,
        row.short_description,
        meanings("pricing", row.pricing),
        meaning("multiple", row.multiple_pricing),
        meaning("coverage", row.coverage),
        meaning("betos", row.betos),
        meanings("tos", row.types_of_service),
        meanings("laboratory", row.laboratory),
        tuple(row.cross_references.split()),
        row.cim,
        row.mcm,
        row.statute,
        row.processing_note,
        row.asc_group == "YY",
        day_of(row.asc_from),
        row.mog,
        row.anesthesia_units,
        day_of(row.added_on),
        day_of(row.acted_on),
        day_of(row.ended_on),
        meaning("action", row.action),
        receipt_of(release, row.source_row),
        edition,
    )


def _listed(release: Release, found: list[ModifierRow]) -> tuple[HcpcsModifier, ...]:
    """Each modifier once: a list may name one twice, and the first row is its receipt."""
    once: dict[str, HcpcsModifier] = {}
    for row in found:
        once.setdefault(
            row.modifier,
            HcpcsModifier(
                row.modifier, row.title, row.category, day_of(row.added_on), day_of(row.ended_on), bool(row.dated),
                receipt_of(release, row.source_row),
            ),
        )  # fmt: skip
    return tuple(once.values())


def _place(release: Release, row: PlaceRow) -> PlaceOfService:
    facility = {"Facility": True, "Non-Facility": False}.get(row.rate)
    return PlaceOfService(row.code, row.name, row.description, facility, receipt_of(release, row.source_row))
