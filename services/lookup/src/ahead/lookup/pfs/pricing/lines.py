"""What is priced, and how it is told: lines, steps, outcomes."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from ..kinds import Setting
from ..repository import CapRow, RvuRow

CENT = Decimal("0.01")

Outcome = Literal["priced", "contractor", "bundled", "not_paid", "not_in_setting", "not_checked"]
"""priced: an amount. contractor: the contractor sets the price, there is no published one. bundled: part of the payment
for something else. not_paid: not payable as written. not_in_setting: no price published for the setting. not_checked:
something that decides isn't known."""


def cents(amount: Decimal) -> Decimal:
    """Rounded to the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """A number without an exponent or trailing zeros: 0.5, 100, 62.5."""
    return f"{number.normalize():f}"


@dataclass(frozen=True)
class Ref:
    """A row of a source: key of the source, and row of its file."""

    source: str
    row: int


@dataclass(frozen=True)
class Step:
    """One step of a sum: what was done, the arithmetic, the amount after it (None: nothing yet), the rule, its rows."""

    text: str
    formula: str = ""
    amount: Decimal | None = None
    rule: str = ""
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True)
class Indices:
    """Geographic indices of a place. National: 1, 1, 1, and no row."""

    work: Decimal
    pe: Decimal
    mp: Decimal
    ref: Ref | None = None


NATIONAL = Indices(Decimal(1), Decimal(1), Decimal(1))


@dataclass(frozen=True)
class AskedLine:
    """One line of a claim, all lines of one date and patient.

    `provider` tells lines of different clinicians or groups apart. Anesthesia: `minutes`, `base_units` and, for
    modifier AD, `present_at_induction`.
    """

    number: int
    code: str
    modifiers: tuple[str, ...]
    units: int
    setting: Setting
    provider: str = ""
    minutes: int | None = None
    base_units: Decimal | None = None
    present_at_induction: bool = False

    def has(self, *modifiers: str) -> bool:
        return any(modifier in self.modifiers for modifier in modifiers)

    def first(self, *modifiers: str) -> str:
        return next((modifier for modifier in modifiers if modifier in self.modifiers), "")


@dataclass
class PricedLine:
    """A line while it is priced.

    Attributes:
        row: of the relative values, once found; `rows` all rows of its code by modifier.
        fee: fee-schedule amount of one unit, to the cent.
        share: product of the percentages that its modifiers bring before several lines are looked at.
        after: percentage that comes after (assistants), with its words.
        units: how many of them are priced; both sides are one.
        published: price of capped imaging in the OPPSCAP file, where it has one for the place.
        technical: rows that stand for the technical part of a code for a whole test; None: not known.
        amount: what is paid for the whole line; None where there is no price.
    """

    asked: AskedLine
    rows: dict[str, RvuRow] = field(default_factory=dict[str, RvuRow])
    row: RvuRow | None = None
    outcome: Outcome = "priced"
    why: str = ""
    fee: Decimal = Decimal(0)
    share: Decimal = Decimal(1)
    after: Decimal = Decimal(1)
    after_text: str = ""
    after_rule: str = ""
    units: int = 1
    technical: tuple[RvuRow, ...] | None = None
    published: CapRow | None = None
    amount: Decimal | None = None
    steps: list[Step] = field(default_factory=list[Step])
    conditions: list[str] = field(default_factory=list[str])

    @property
    def number(self) -> int:
        return self.asked.number

    @property
    def payable(self) -> bool:
        return self.outcome == "priced"

    @property
    def group(self) -> tuple[str, bool]:
        """Lines of one clinician; an assistant's are ranked apart from the surgeon's."""
        return self.asked.provider, self.asked.has("80", "81", "82", "AS")

    def stop(self, outcome: Outcome, why: str, rule: str = "") -> None:
        """No price, and why."""
        self.outcome, self.why, self.amount = outcome, why, None
        self.steps.append(Step(why, rule=rule, refs=self.refs))

    @property
    def refs(self) -> tuple[Ref, ...]:
        return () if self.row is None else (Ref("pfs", self.row.source_row),)

    def settle(self, exact: Decimal) -> None:
        """The line's amount: rounded once, after what comes last."""
        self.amount = cents(exact * self.after)
        if self.after != 1:
            told = f"{cents(exact)} × {plain(self.after)}"
            self.steps.append(Step(self.after_text, told, self.amount, self.after_rule, self.refs))
