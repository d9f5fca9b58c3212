"""Where a service was given: the locality, from what the user typed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Receipt, Release
from ahead.shared.errors import BadInput

from . import repository as rows
from .kinds import GPCI, LOCALITIES, NAMES, ZIP9S, ZIPS
from .pricing.lines import NATIONAL, Indices, Ref
from .repository import Gpci
from .schemas import FeePlace

_LOCALITY = re.compile(r"([0-9]{5})[-/ ]?([0-9]{2})")
_ZIP = re.compile(r"([0-9]{5})(?:-?([0-9]{4}))?")
NATIONWIDE = "national"
NATIONAL_PLACE = FeePlace(
    "", "", "", "National: all indices 1", "", NATIONAL.work, NATIONAL.pe, NATIONAL.mp, ()
)  # fmt: skip


@dataclass(frozen=True)
class Where:
    """`place` is None where it isn't known, and `why` says what is missing."""

    place: FeePlace | None
    at: Indices
    why: str = ""


def not_held(edition: Edition) -> str:
    """Why there is no price for a date; empty where the edition is held."""
    if edition.status == "held":
        return ""
    name = NAMES[edition.system]
    if edition.status == "nothing_loaded":
        return f"Not checked: no edition held for this date. {edition.message}"
    message = edition.message.removeprefix("No edition held for this date: ")
    return f"Not checked: no edition held for this date. {name}: {message.rstrip('.')}."


async def find(sources: SourceReader, zip_code: str, locality: str, edition: Edition) -> Where:
    """The place for a date.

    Args:
        edition: of the geographic indices, for that date.

    Raises:
        BadInput: neither was given, or it can't be one.
    """
    zip_code, locality = zip_code.strip(), locality.strip()
    if locality.lower() == NATIONWIDE:
        return Where(NATIONAL_PLACE, NATIONAL)
    if locality:
        match = _LOCALITY.fullmatch(locality)
        if match is None:
            raise _bad(locality, "locality")
        key, receipts = (match[1], match[2]), ()
    elif zip_code:
        match = _ZIP.fullmatch(zip_code)
        if match is None:
            raise _bad(zip_code, "ZIP code")
        told = await _of_zip(sources, match[1], match[2] or "", edition)
        if isinstance(told, str):
            return Where(None, NATIONAL, told)
        key, receipts = told
    else:
        raise BadInput(
            "Say where the service was given.", slug="no-place", hint="A ZIP code, a locality, or national."
        )
    if why := not_held(edition):
        return Where(None, NATIONAL, why)
    release = edition.release
    assert release is not None
    held = await sources.read(release.id, lambda c: rows.gpcis(c, release.id))
    found = next((one for one in held if (one.contractor, one.locality) == key), None)
    if found is None:
        return Where(None, NATIONAL, _no_such(key, held))
    indices = Indices(found.work, found.pe, found.mp, Ref(GPCI, found.source_row))
    counties, more = await _counties(sources, found, edition)
    return Where(place_of(release, found, (*receipts, *more), counties), indices)


async def _counties(sources: SourceReader, place: Gpci, at: Edition) -> tuple[str, tuple[Receipt, ...]]:
    """Which counties the locality has, with the receipt; nothing where that isn't held."""
    edition = await sources.edition(LOCALITIES, at.as_of)
    release = edition.release
    if release is None or edition.status != "held":
        return "", ()
    held = await sources.read(release.id, lambda c: rows.localities(c, release.id))
    for row in held:
        if (row.contractor, row.locality) == (place.contractor, place.locality):
            return row.counties, (receipt_of(release, row.source_row),)
    return "", ()


async def _of_zip(
    sources: SourceReader, zip_code: str, four: str, at: Edition
) -> tuple[tuple[str, str], tuple[Receipt, ...]] | str:
    """Contractor and locality of a ZIP code, with the receipt; or why they aren't known."""
    edition = await sources.edition(ZIPS, at.as_of)
    if why := not_held(edition):
        return why
    release = edition.release
    assert release is not None
    row = await sources.read(release.id, lambda c: rows.zip_row(c, release.id, zip_code))
    if row is None:
        return f"Not checked: ZIP code {zip_code} is not in the list of {release.edition}."
    if row.plus_four:
        return await _of_zip9(sources, zip_code, four, at)
    return (row.contractor, row.locality), (receipt_of(release, row.source_row),)


async def _of_zip9(
    sources: SourceReader, zip_code: str, four: str, at: Edition
) -> tuple[tuple[str, str], tuple[Receipt, ...]] | str:
    """As `_of_zip`, for ZIP codes whose parts lie in several localities."""
    parts = f"Not checked: parts of ZIP code {zip_code} lie in another locality"
    edition = await sources.edition(ZIP9S, at.as_of)
    release = edition.release
    if release is None or edition.status != "held":
        return (
            f"{parts}; the file that tells them apart by the last four digits (ZIP9) is not loaded for this date. "
            "Give the locality itself."
        )
    if not four:
        return f"{parts}. Give its last four digits, such as {zip_code}-0001, or the locality itself."
    row = await sources.read(release.id, lambda c: rows.zip9_row(c, release.id, zip_code, four))
    if row is None:
        return f"Not checked: ZIP code {zip_code}-{four} is not in the list of {release.edition}."
    return (row.contractor, row.locality), (receipt_of(release, row.source_row),)


def place_of(release: Release, row: Gpci, receipts: tuple[Receipt, ...] = (), counties: str = "") -> FeePlace:
    return FeePlace(
        row.contractor,
        row.locality,
        row.state,
        row.name.rstrip("*"),
        counties,
        row.work,
        row.pe,
        row.mp,
        (*receipts, receipt_of(release, row.source_row)),
    )


def _no_such(key: tuple[str, str], held: Sequence[Gpci]) -> str:
    """The state's other contractor may have it: six localities of California are printed under both."""
    states = {one.state for one in held if one.contractor == key[0]}
    others = [one for one in held if one.locality == key[1] and one.state in states]
    hint = (
        f" Meant is perhaps {others[0].contractor}-{others[0].locality}, {others[0].name}." if others else ""
    )
    return f"Not checked: contractor {key[0]} has no locality {key[1]} in the file of indices.{hint}"


def _bad(text: str, what: str) -> BadInput:
    return BadInput(
        f"{text[:20]!r} is not a {what}.",
        slug="bad-place",
        hint="A ZIP code has five digits or nine; a locality is written with its contractor, such as 01112-05; or "
        '"national".',
    )
