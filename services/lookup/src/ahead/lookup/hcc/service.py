"""HCCs of a diagnosis for a date of service: its year decides the payment year, the next one."""

import asyncio
from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.schemas import Receipt

from . import repository as rows
from .maps import KNOWN_TO, YEARS, map_of


class Category(msgspec.Struct, frozen=True):
    """`category` as CMS numbers it within the model; `label` "" where the package has none."""

    model: str
    category: str
    label: str
    receipt: Receipt


class HccAnswer(msgspec.Struct, frozen=True):
    """`status`: "mapped"; "not_in_map" (the map of the payment year is held and hasn't the code); "not_checked"
    (no map of that year is held, or the code is newer than the map). `without`: models of the map that don't have
    the code."""

    code: str
    payment_year: int
    status: Literal["mapped", "not_in_map", "not_checked"]
    why: str
    categories: tuple[Category, ...] = ()
    without: tuple[str, ...] = ()
    receipt: Receipt | None = None


class Hcc:
    def __init__(self, reader: SourceReader) -> None:
        self._reader = reader

    async def of(self, code: str, as_of: date) -> HccAnswer:
        """Args:
        code: without a dot.
        as_of: date of service.
        """
        year = as_of.year + 1
        held = await asyncio.to_thread(map_of, year)
        if held is None:
            first, last = YEARS[0], YEARS[-1]
            why = f"Not checked: no map of payment year {year} is held (held: {first} to {last})."
            return HccAnswer(code, year, "not_checked", why)
        lines = await asyncio.to_thread(held.lines_of, code)
        if lines:
            categories = tuple(
                Category(one.model, one.category, one.label, held.receipt(one.row)) for one in lines
            )
            models = {one.model for one in lines}
            without = tuple(model for model in held.models if model not in models)
            why = f"Date of service in {as_of.year}: payment year {year}."
            return HccAnswer(code, year, "mapped", why, categories, without)
        if await self._is_newer(code, year, as_of):
            why = f"Not checked: the code is newer than the map of payment year {year}."
            return HccAnswer(code, year, "not_checked", why)
        why = f"Not in the map of payment year {year}: no model gives it a category."
        return HccAnswer(code, year, "not_in_map", why, (), held.models, held.receipt(1))

    async def _is_newer(self, code: str, year: int, as_of: date) -> bool:
        """Whether the code came after what the map knows, as far as the editions held tell."""
        known = KNOWN_TO[year]
        if as_of <= known:
            return False
        edition = await self._reader.edition("icd10cm", known)
        if (release := edition.release) is None or edition.status != "held":
            return True  # nobody can tell: it may be
        return not await self._reader.read(release.id, lambda c: rows.has_code(c, release.id, code))
