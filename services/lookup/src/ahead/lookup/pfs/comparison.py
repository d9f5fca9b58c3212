"""One code everywhere: its prices in every locality, facility and non-facility, and with all indices at 1."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of

from . import indicators
from . import repository as rows
from .kinds import GPCI, RVU
from .pricing.amounts import fee_of
from .pricing.lines import NATIONAL, Indices
from .repository import RvuRow
from .schemas import Comparison, FeePlace, LocalityPrice
from .where import NATIONAL_PLACE, not_held, place_of


@dataclass(frozen=True)
class Prices:
    nonfacility: Decimal | None
    facility: Decimal | None


def has_price(row: RvuRow) -> bool:
    """Whether the file has a national value that is paid: active, restricted with a value, or paid when alone."""
    return row.status in "ART" and bool(row.total_nonfacility or row.total_facility)


def prices(row: RvuRow, at: Indices) -> Prices:
    """The fee-schedule amount in either setting; None where none is published."""
    if not has_price(row):
        return Prices(None, None)
    return Prices(
        None
        if row.na("nonfacility") or not row.total("nonfacility")
        else fee_of(row, "nonfacility", at).amount,
        None if row.na("facility") or not row.total("facility") else fee_of(row, "facility", at).amount,
    )


async def compare(sources: SourceReader, code: str, modifier: str, as_of: date | None) -> Comparison:
    rvu = await sources.edition(RVU, as_of)
    gpci = await sources.edition(GPCI, rvu.as_of)
    day = rvu.as_of

    def nothing(why: str) -> Comparison:
        return Comparison(code, modifier, day, why, None, (), ())

    if why := not_held(rvu):
        return nothing(why)
    release = rvu.release
    assert release is not None
    found = await sources.read(release.id, lambda c: rows.rvu_rows(c, release.id, [code]))
    row = next((one for one in found if one.modifier == modifier), None)
    if row is None:
        return nothing(f"{code}{f'-{modifier}' if modifier else ''} is not in the relative value file.")
    receipts = (receipt_of(release, row.source_row),)
    if not has_price(row):
        name, text = indicators.STATUS.get(row.status, ("", indicators.UNKNOWN))
        why = f"No published price, which is not “free”. Status {row.status}: {name}. {text}"
        return Comparison(code, modifier, day, why, None, (), receipts)
    national = _priced(NATIONAL_PLACE, row, NATIONAL)
    places = gpci.release
    if not_held(gpci) or places is None:
        return Comparison(code, modifier, day, not_held(gpci), national, (), receipts)
    held = await sources.read(places.id, lambda c: rows.gpcis(c, places.id))
    localities = tuple(_priced(place_of(places, one), row, Indices(one.work, one.pe, one.mp)) for one in held)
    return Comparison(code, modifier, day, "", national, localities, receipts)


def _priced(place: FeePlace, row: RvuRow, at: Indices) -> LocalityPrice:
    found = prices(row, at)
    return LocalityPrice(place, found.nonfacility, found.facility)
