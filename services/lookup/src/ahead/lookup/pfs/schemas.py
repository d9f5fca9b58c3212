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


class FeeLine(msgspec.Struct, frozen=True):
    """One line to be priced. `place_of_service` decides facility or non-facility; the words themselves will do too.

    Anesthesia (00100 to 01999): `minutes` and `base_units`; with AD `present_at_induction`. `provider` is any name that
    tells the lines of different clinicians apart.
    """

    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    place_of_service: str = "11"
    provider: str = ""
    minutes: int | None = None
    base_units: Decimal | None = None
    present_at_induction: bool = False


class FeesAsked(msgspec.Struct, frozen=True):
    """All lines of one patient and date. Where: `zip` (five digits), or `locality` (contractor and number, such as
    "01112-05"), or "national". `qualifying`: the conversion factor of qualifying participants, from 2026 on."""

    lines: tuple[FeeLine, ...]
    zip: str = ""
    locality: str = ""
    as_of: str | None = None
    qualifying: bool = False


class FeeStep(msgspec.Struct, frozen=True):
    text: str
    formula: str
    amount: Decimal | None
    rule: str
    receipts: tuple[Receipt, ...]


FeeOutcome = Literal["priced", "contractor", "bundled", "not_paid", "not_in_setting", "not_checked"]


class FeeLineAnswer(msgspec.Struct, frozen=True):
    """`amount` is None where there is no price, and `why` says why; it is never 0 instead."""

    line: int
    code: str
    modifiers: tuple[str, ...]
    units: int
    setting: str
    outcome: FeeOutcome
    amount: Decimal | None
    why: str
    conditions: tuple[str, ...]
    steps: tuple[FeeStep, ...]


class FeePlace(msgspec.Struct, frozen=True):
    """A locality of the fee schedule with its indices; of the whole nation all are 1."""

    contractor: str
    locality: str
    state: str
    name: str
    counties: str
    """Empty where the file of localities is not held for the date."""
    work: Decimal
    pe: Decimal
    mp: Decimal
    receipts: tuple[Receipt, ...]


class FeeAnswer(msgspec.Struct, frozen=True):
    """`total` adds up the lines that have a price; `complete` says whether all have. `place` is None where it isn't
    known, and `why` says why."""

    as_of: date
    place: FeePlace | None
    why: str
    lines: tuple[FeeLineAnswer, ...]
    total: Decimal
    complete: bool
    notes: tuple[str, ...]


class LocalityPrice(msgspec.Struct, frozen=True):
    """Prices of one code in one locality; None: no price is published for that setting."""

    place: FeePlace
    nonfacility: Decimal | None
    facility: Decimal | None


class Comparison(msgspec.Struct, frozen=True):
    """One code everywhere. `national` is with all indices at 1. Prices only where editions are held for the date."""

    code: str
    modifier: str
    as_of: date
    why: str
    national: LocalityPrice | None
    localities: tuple[LocalityPrice, ...]
    receipts: tuple[Receipt, ...]


class TherapyService(msgspec.Struct, frozen=True):
    """Minutes of one code on one day; `timed` is False for a code that counts once, whatever the minutes."""

    code: str
    minutes: int
    timed: bool = True


class TherapyAsked(msgspec.Struct, frozen=True):
    services: tuple[TherapyService, ...]
    as_of: str | None = None


class TherapyUnits(msgspec.Struct, frozen=True):
    code: str
    minutes: int
    timed: bool
    medicare: int
    ama: int
    why: str


class TherapyAnswer(msgspec.Struct, frozen=True):
    """Units by Medicare's 8-minute rule and by the AMA's midpoint rule, side by side."""

    as_of: date
    timed_minutes: int
    services: tuple[TherapyUnits, ...]
    medicare_total: int
    ama_total: int
    rules: tuple[str, str]
    why: str
