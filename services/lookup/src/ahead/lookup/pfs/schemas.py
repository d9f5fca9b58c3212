"""What the fee schedule answers: immutable structs, encoded as JSON as they are."""

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt

IndicatorStatus = Literal["listed", "not_listed", "not_checked"]


class Indicator(msgspec.Struct, frozen=True):
    """One payment indicator. `heading` is the file's: "MULT PROC", as the modifier rules name it."""

    field: str
    heading: str
    value: str
    meaning: str


class IndicatorRow(msgspec.Struct, frozen=True):
    """One row of the relative value file: the code, or one of its parts (`modifier` 26, TC or 53).

    Shares of the global period are fractions ("0.10"), zero where there is no split. `na_…`: no price is published
    for that setting.
    """

    code: str
    modifier: str
    indicators: tuple[Indicator, ...]
    work: Decimal
    pe_nonfacility: Decimal
    pe_facility: Decimal
    mp: Decimal
    total_nonfacility: Decimal
    total_facility: Decimal
    na_nonfacility: bool
    na_facility: bool
    preoperative: Decimal
    intraoperative: Decimal
    postoperative: Decimal
    endoscopic_base: str
    imaging_family: str
    not_used_for_payment: bool
    conversion_factor: Decimal
    receipt: Receipt

    def value(self, heading: str) -> str:
        """The value under one heading of the file: "BILAT SURG". Raises KeyError for another heading."""
        for indicator in self.indicators:
            if indicator.heading == heading:
                return indicator.value
        raise KeyError(heading)


class Indicators(msgspec.Struct, frozen=True):
    """All payment indicators of a code. `status` is "listed" or "not_listed" only where an edition is held for the
    date; "not_checked" after the newest edition comes with the rows that it shows, and `why` says so."""

    code: str
    as_of: date
    status: IndicatorStatus
    why: str
    rows: tuple[IndicatorRow, ...]
    edition: Edition

    def row(self, modifier: str = "") -> IndicatorRow | None:
        """The row of the code itself, or of its part."""
        return next((row for row in self.rows if row.modifier == modifier), None)
