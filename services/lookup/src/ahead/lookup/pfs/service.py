"""The one door to the fee schedule: `Pfs`."""

from collections.abc import Collection
from datetime import date

from ahead.lookup.catalog.procedure_codes import code_of
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Receipt, Release

from . import indicators
from . import repository as rows
from .calculator import Calculator
from .comparison import compare
from .kinds import GPCI, RVU
from .repository import RvuRow
from .schemas import Comparison, FeeAnswer, FeePlace, FeesAsked, Indicator, IndicatorRow, Indicators
from .where import place_of


class Pfs:
    """Relative values, payment indicators and prices for any date of service.

    Prices are given only inside the window of an edition; indicators are shown after the newest one too, marked.
    """

    def __init__(self, sources: SourceReader) -> None:
        self._sources = sources
        self._calculator = Calculator(sources)

    async def indicators(self, code: str, as_of: date | None = None) -> Indicators:
        """Payment indicators of a code and of its parts (26, TC, 53), each row with its receipt.

        Raises:
            BadInput: that can't be a code.
        """
        key = code_of(code)
        edition = await self._sources.edition(RVU, as_of)
        release, day = edition.release, edition.as_of
        if release is None:
            return Indicators(key, day, "not_checked", f"Not checked. {edition.message}", (), edition)
        found = await self._sources.read(release.id, lambda c: rows.rvu_rows(c, release.id, [key]))
        shown = tuple(indicator_row(release, row) for row in found)
        why = _why(key, found, edition, release)
        if edition.marked:
            return Indicators(
                key, day, "not_checked", f"Not checked: {edition.message}. {why}", shown, edition
            )
        return Indicators(key, day, "listed" if shown else "not_listed", why, shown, edition)

    async def global_days(
        self, codes: Collection[str], as_of: date
    ) -> tuple[Edition, dict[str, tuple[str, Receipt]]]:
        """The edition for a date, and the global days of several codes with their receipts, in one read.

        Args:
            codes: as `codes.code_of` gives them.
        """
        edition = await self._sources.edition(RVU, as_of)
        release = edition.release
        if release is None:
            return edition, {}
        found = await self._sources.read(release.id, lambda c: rows.global_days(c, release.id, codes))
        return edition, {code: (days, receipt_of(release, row)) for code, (days, row) in found.items()}

    async def fees(self, asked: FeesAsked, as_of: date | None = None) -> FeeAnswer:
        """Prices lines of one date together, every step kept. Outside the windows held every line is "not_checked".

        Raises:
            BadInput: a line or place that can't be one.
        """
        return await self._calculator.fees(asked, as_of)

    async def first_held_after(self, day: date) -> date | None:
        """The first day of the next edition of the relative values held, where none is held for the day."""
        starts = [one.window_from for one in await self._sources.releases(RVU)]
        return min((start for start in starts if start > day), default=None)

    def today(self) -> date:
        """The default date of service."""
        return self._sources.today()

    async def localities(self, as_of: date | None = None) -> tuple[tuple[str, str], ...]:
        """Localities to choose from, as (key, name): of the edition for the date, or the newest; none without one."""
        edition = await self._sources.edition(GPCI, as_of)
        release = edition.release
        if release is None:
            return ()
        held = await self._sources.read(release.id, lambda c: rows.gpcis(c, release.id))
        return tuple((f"{r.contractor}-{r.locality}", f"{r.state} {r.name.rstrip('*')}") for r in held)

    async def places(self, as_of: date | None = None) -> tuple[Edition, tuple[FeePlace, ...]]:
        """The localities with their indices: of the edition for the date, or the newest."""
        edition = await self._sources.edition(GPCI, as_of)
        release = edition.release
        if release is None:
            return edition, ()
        held = await self._sources.read(release.id, lambda c: rows.gpcis(c, release.id))
        return edition, tuple(place_of(release, row) for row in held)

    async def compare(self, code: str, modifier: str = "", as_of: date | None = None) -> Comparison:
        """One code, or one of its parts, in every locality and both settings.

        Raises:
            BadInput: that can't be a code.
        """
        return await compare(self._sources, code_of(code), modifier, as_of)


def indicator_row(release: Release, row: RvuRow) -> IndicatorRow:
    told = tuple(Indicator(*one) for one in indicators.explained(row))
    return IndicatorRow(
        row.code,
        row.modifier,
        told,
        row.work,
        row.pe_nonfacility,
        row.pe_facility,
        row.mp,
        row.total_nonfacility,
        row.total_facility,
        row.na_nonfacility,
        row.na_facility,
        row.preoperative,
        row.intraoperative,
        row.postoperative,
        row.endoscopic_base,
        row.imaging_family,
        row.not_used == "+",
        row.conversion_factor,
        receipt_of(release, row.source_row),
    )


def _why(code: str, found: list[RvuRow], edition: Edition, release: Release) -> str:
    if not found:
        return f"{code} is not in the relative value file of {release.edition}."
    name, text = indicators.STATUS.get(found[0].status, ("", indicators.UNKNOWN))
    return f"{code} has status {found[0].status} in {release.edition}: {name}. {text}"
