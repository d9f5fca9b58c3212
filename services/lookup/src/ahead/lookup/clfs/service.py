"""The one door to the laboratory rates: `Laboratory`."""

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec
from sqlalchemy import Connection, select

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Receipt, Release

from .loading.source import SYSTEM
from .models import RATES


class LabRate(msgspec.Struct, frozen=True):
    """`amount` in dollars as text: "720.00". `indicator` as printed, or "" where the file has none."""

    code: str
    modifier: str
    amount: str
    indicator: str
    effective: date | None
    receipt: Receipt


class LabFee(msgspec.Struct, frozen=True):
    """The rates of a code, by modifier. A price only where `status` is "priced"."""

    code: str
    as_of: date
    status: Literal["priced", "not_listed", "not_checked"]
    why: str
    rates: tuple[LabRate, ...]
    edition: Edition


class Laboratory:
    """National rates of laboratory tests for any date of service."""

    def __init__(self, reader: SourceReader) -> None:
        self._reader = reader

    async def fee(self, code: str, as_of: date | None = None) -> LabFee:
        key = code.strip().upper()
        edition = await self._reader.edition(SYSTEM, as_of)
        release = edition.release
        if release is None:
            return LabFee(key, edition.as_of, "not_checked", f"Not checked. {edition.message}", (), edition)
        rates = tuple(await self._reader.read(release.id, lambda c: _rows(c, release, key)))
        if edition.marked:
            return LabFee(
                key, edition.as_of, "not_checked", f"Not checked: {edition.message}.", rates, edition
            )
        if not rates:
            why = f"{key} is not in the laboratory rates of {release.edition}."
            return LabFee(key, edition.as_of, "not_listed", why, (), edition)
        return LabFee(key, edition.as_of, "priced", f"National rate of {release.edition}.", rates, edition)


def _rows(connection: Connection, release: Release, code: str) -> list[LabRate]:
    """An entry that begins later in the quarter says so by its date."""
    query = (
        select(RATES.c.modifier, RATES.c.rate, RATES.c.indicator, RATES.c.effective_on, RATES.c.source_row)
        .where(RATES.c.release_id == release.id, RATES.c.code == code)
        .order_by(RATES.c.modifier)
    )
    return [
        LabRate(
            code, modifier, f"{Decimal(rate) / 100:.2f}", indicator,
            date(day // 10_000, day // 100 % 100, day % 100) if day else None, receipt_of(release, line),
        )
        for modifier, rate, indicator, day, line in connection.execute(query)
    ]  # fmt: skip
