"""The facade of the IPPS tables: weights and lengths of stay, CC and MCC, exclusions."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Release

from . import repository as rows
from .models import TABLE5, TABLE6I, TABLE6J, TABLE6K
from .schemas import CcInfo, DrgExclusion, DrgWeight, Excluder, Exclusion, Weights


class Ipps:
    def __init__(self, reader: SourceReader) -> None:
        self._reader = reader

    def today(self) -> date:
        """The default `as_of`."""
        return self._reader.today()

    async def weights(self, drgs: Iterable[str], as_of: date | None = None) -> Weights:
        """Rows of Table 5; past the newest edition those of that edition, marked."""
        edition = await self._reader.edition(TABLE5, as_of)
        release = edition.release
        wanted = sorted(set(drgs))
        if release is None or not wanted:
            return Weights({}, edition)
        found = await self._reader.read(release.id, lambda c: rows.drg_rows(c, release.id, wanted))
        return Weights({row.drg: _weight(release, row) for row in found}, edition)

    async def cc(self, code: str, as_of: date | None = None) -> CcInfo:
        """What Tables 6I, 6J and 6K say of a diagnosis; past the newest edition that one's, marked.

        Args:
            code: without a dot.
        """
        lists = [await self._reader.edition(key, as_of) for key in (TABLE6I, TABLE6J)]
        level, receipt = None, None
        for edition in lists:
            if (release := edition.release) is None:
                continue
            row = await self._reader.read(release.id, lambda c, r=release: rows.level_row(c, r.id, code))
            if row is not None:
                level, receipt = row.level, receipt_of(release, row.source_row)
        exclusions = await self._reader.edition(TABLE6K, as_of)
        told = _Told(None, (), 0, (), 0)
        if (release := exclusions.release) is not None:
            told = await self._reader.read(release.id, lambda c, r=release: _read(c, r, code))
        row, release = told.row, exclusions.release
        assert row is None or release is not None
        return CcInfo(
            code,
            lists[0].as_of,
            level,
            receipt,
            # Of the two lists the one that says less decides what may be said.
            next((one for one in lists if one.status != "held"), lists[0]),
            exclusions,
            (row.collection or "") if row else "",
            told.size,
            tuple(Excluder(one.code, receipt_of(release, one.source_row)) for one in told.members if release),
            receipt_of(release, row.source_row) if row and release else None,
            receipt_of(release, row.alive_only_row) if row and release and row.alive_only_row else None,
            tuple(_drg_exclusion(release, one) for one in told.drgs if release),
            told.switched_off,
        )

    async def exclusions(
        self, codes: Iterable[str], principal: str, drg: str, as_of: date, *, died: bool
    ) -> dict[str, Exclusion]:
        """Why secondary diagnoses don't count in this case, where the edition held for the date says so."""
        edition = await self._reader.edition(TABLE6K, as_of)
        release = edition.release
        if release is None or edition.status != "held":
            return {}
        wanted = tuple(codes)

        def read(c: Connection) -> dict[str, Exclusion]:
            found = {code: _excluded(c, release, code, principal, drg, died) for code in wanted}
            return {code: said for code, said in found.items() if said is not None}

        return await self._reader.read(release.id, read)

    async def edition(self, table: str, as_of: date | None = None) -> Edition:
        return await self._reader.edition(table, as_of)


class _Told:
    """What one hop to the rows of Table 6K brings back."""

    def __init__(
        self,
        row: Row[Any] | None,
        members: Iterable[Row[Any]],
        size: int,
        drgs: Iterable[Row[Any]],
        switched_off: int,
    ) -> None:
        self.row, self.members, self.size, self.drgs = row, tuple(members), size, tuple(drgs)
        self.switched_off = switched_off


def _read(c: Connection, release: Release, code: str) -> _Told:
    row = rows.cc_row(c, release.id, code)
    found, size = (
        ((), 0) if row is None or row.collection is None else rows.members(c, release.id, row.collection)
    )
    return _Told(
        row,
        found,
        size,
        rows.drg_exclusion_rows(c, release.id, code),
        rows.switched_off(c, release.id, code),
    )


def _excluded(
    c: Connection, release: Release, code: str, principal: str, drg: str, died: bool
) -> Exclusion | None:
    row = rows.cc_row(c, release.id, code)
    if row is None:
        return None
    if died and row.alive_only_row is not None:
        why = f"{row.level} only if the patient is discharged alive (Table 6K, Part 2)."
        return Exclusion(why, receipt_of(release, row.alive_only_row))
    if row.collection is not None:
        member = rows.member_row(c, release.id, row.collection, principal)
        if member is not None:
            why = f"The principal diagnosis excludes it: collection {row.collection} of Table 6K."
            return Exclusion(why, receipt_of(release, member.source_row))
    for one in rows.drg_exclusion_rows(c, release.id, code):
        if one.first_drg <= drg <= one.last_drg:
            why = f"It doesn't count in MS-DRGs {one.first_drg}–{one.last_drg} (Table 6K, Part 3)."
            return Exclusion(why, receipt_of(release, one.source_row))
    return None


def _weight(release: Release, row: Row[Any]) -> DrgWeight:
    return DrgWeight(
        row.drg,
        row.title,
        row.mdc,
        row.type,
        row.weight,
        row.weight_before_cap,
        row.gmlos,
        row.amlos,
        row.post_acute,
        row.special_pay,
        receipt_of(release, row.source_row),
    )


def _drg_exclusion(release: Release, row: Row[Any]) -> DrgExclusion:
    return DrgExclusion(row.first_drg, row.last_drg, row.mdc, row.title, receipt_of(release, row.source_row))
