"""The one door to the ASC payment system: `Asc`."""

from collections.abc import Sequence
from datetime import date

from ahead.lookup.catalog.procedure_codes import code_of
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Release
from ahead.shared.errors import BadInput

from . import pricing
from . import repository as rows
from .loading.source import FEES, WAGE_INDEX
from .pricing import Facts, Line
from .repository import AreaRow, Held
from .schemas import Area, AscFee, AscSession

MAX_LINES = 50


class Asc:
    """What a procedure is paid in a surgical center, for any date of service.

    Prices are given for dates inside the window of the quarter (and, in an area, of the year's wage indices).
    Later, the newest quarter is shown, marked, without a price.
    """

    def __init__(self, reader: SourceReader) -> None:
        self._reader = reader

    async def edition(self, as_of: date | None = None) -> Edition:
        """Which quarter answers for the date (default today)."""
        return await self._reader.edition(FEES, as_of)

    async def areas(self, as_of: date | None = None) -> tuple[Edition, tuple[Area, ...]]:
        """All lines of the year's wage indices, states first; marked as `Edition` says."""
        edition = await self._reader.edition(WAGE_INDEX, as_of)
        release = edition.release
        if release is None:
            return edition, ()
        found = await self._reader.read(release.id, lambda c: rows.areas(c, release.id))
        return edition, tuple(_area(release, row) for row in found)

    async def fee(
        self, code: str, as_of: date | None = None, *, area: str = "", row: int | None = None
    ) -> AscFee:
        """One code, with every step of its sum.

        Args:
            area: a state ("01") or a CBSA ("16984") of the wage index file, "" for the national rate.
            row: which of the area's lines, where it has several.

        Raises:
            BadInput: that is no code, or the area isn't in the file.
        """
        return pricing.fee(await self._facts(code_of(code), as_of, area, row))

    async def session(
        self, lines: Sequence[Line], as_of: date | None = None, *, area: str = "", row: int | None = None
    ) -> AscSession:
        """Lines of one operative session priced together.

        Raises:
            BadInput: none or too many lines, or what `fee` raises.
        """
        if not 1 <= len(lines) <= MAX_LINES:
            raise BadInput(f"Give 1 to {MAX_LINES} lines.", slug="bad-lines")
        facts = [await self._facts(code_of(line.code), as_of, area, row) for line in lines]
        return pricing.session(lines, facts)

    async def _facts(self, code: str, as_of: date | None, area: str, row: int | None) -> Facts:
        edition = await self._reader.edition(FEES, as_of)
        release = edition.release
        held = Held((), (), ())
        if release is not None:
            held = await self._reader.read(release.id, lambda c: rows.code_rows(c, release.id, code))
        if not area.strip():
            return Facts(code, edition, held)
        wages, choices, chosen = await self._area(edition.as_of, area.strip(), row)
        return Facts(code, edition, held, wages, choices, chosen)

    async def _area(
        self, as_of: date, area: str, row: int | None
    ) -> tuple[Edition, tuple[Area, ...], Area | None]:
        """The edition, the lines of the area, and the one that is meant, if that is clear."""
        edition = await self._reader.edition(WAGE_INDEX, as_of)
        release = edition.release
        if release is None:
            return edition, (), None
        found = await self._reader.read(release.id, lambda c: rows.areas(c, release.id, area))
        choices = tuple(_area(release, one) for one in found)
        if not choices:
            raise BadInput(
                f"{area[:20]!r} is no area of the {release.edition} wage indices.",
                slug="unknown-area",
                hint="Choose a state (01 is Alabama) or a core-based statistical area (16984 is Chicago).",
            )
        if row is not None:
            choices = tuple(one for one in choices if one.row == row)
            if not choices:
                raise BadInput(
                    f"Row {row} of the wage indices is not of {area}.", slug="unknown-area",
                    hint="Choose one of the lines that are offered for the area.",
                )  # fmt: skip
        return edition, choices, choices[0] if len(choices) == 1 else None


def _area(release: Release, row: AreaRow) -> Area:
    return Area(row.area, row.name, row.wage_index, row.source_row, receipt_of(release, row.source_row))
