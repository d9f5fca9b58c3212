"""What the ASC payment system answers. Amounts are dollars as text ("1579.16"), never floats."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt

FeeStatus = Literal[
    "priced",  # a rate is listed, and the date lies in the window of what it rests on
    "not_paid_separately",
    "priced_elsewhere",  # by the contractor, at cost, or by a rule of its own
    "excluded",  # Addendum EE
    "not_listed",
    "not_checked",
]


class Step(msgspec.Struct, frozen=True):
    """One step of a sum. `source` is the rule's own, `receipt` the file's."""

    label: str
    sum: str
    rule: str = ""
    source: str = ""
    receipt: Receipt | None = None


class Area(msgspec.Struct, frozen=True):
    """A line of the wage indices. `area` is a state or a CBSA, and may stand several times: `row` tells which."""

    area: str
    name: str
    wage_index: str | None
    row: int
    receipt: Receipt


class Choice(msgspec.Struct, frozen=True):
    """One of the readings of a rule that no source held decides."""

    reading: str
    amount: str
    steps: tuple[Step, ...]


class Hospital(msgspec.Struct, frozen=True):
    """The same procedure in a hospital's outpatient department, and the device in it (Addendum FF)."""

    apc: str
    rate: str | None
    """National and unadjusted: the hospitals' own wage index is not held."""
    apc_offset: str | None
    device_offset: str | None
    device_amount: str | None
    receipt: Receipt


class AscFee(msgspec.Struct, frozen=True):
    """One code in a surgical center on a date.

    `amount` is the payment in the area, or the national rate where no area was chosen (`local` tells). None where
    there is none or two readings differ: then `choices` has both.
    """

    code: str
    as_of: date
    status: FeeStatus
    why: str
    addendum: str
    indicator: str
    indicator_text: str
    discounted: bool
    weight: str | None
    national: str | None
    local: bool
    amount: str | None
    coinsurance: str | None
    steps: tuple[Step, ...]
    choices: tuple[Choice, ...]
    area: Area | None
    areas: tuple[Area, ...]
    """Lines among which has to be chosen, where the area stands several times."""
    hospital: Hospital | None
    notes: tuple[str, ...]
    receipts: tuple[Receipt, ...]
    edition: Edition
    wage_edition: Edition | None


class SessionLine(msgspec.Struct, frozen=True):
    line: int
    code: str
    units: int
    fee: AscFee
    amount: str | None
    steps: tuple[Step, ...]


class AscSession(msgspec.Struct, frozen=True):
    """Lines of one session priced together. `total` is None where a line has no price or two readings differ."""

    as_of: date
    status: Literal["priced", "not_checked"]
    why: str
    lines: tuple[SessionLine, ...]
    total: str | None
    choices: tuple[Choice, ...]
