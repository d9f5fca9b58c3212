"""The published rules by which an ASC rate becomes a payment. Pure: numbers in, steps out.

Money is whole cents; one rounding to the cent, half up, at the end of a line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Adjusted = Literal["yes", "no", "service part", "unknown"]


@dataclass(frozen=True)
class Rule:
    """A rule in force from a day, with where it is published."""

    since: date
    text: str
    source: str
    value: Decimal = Decimal(0)


LABOUR_SHARE = Rule(
    date(2008, 1, 1),
    "Half of the rate is labor-related and is multiplied by the wage index of the area.",
    "42 CFR 416.172(c); Medicare Claims Processing Manual, chapter 14, section 40.2",
    Decimal("0.5"),
)
NOT_ADJUSTED = Rule(
    date(2008, 1, 1),
    "Rates of drugs, biologicals, pass-through devices and brachytherapy sources don't follow the wage index.",
    "42 CFR 416.172(c)",
)
DEVICE_PORTION = Rule(
    date(2008, 1, 1),
    "No source held here says whether the device portion of a device-intensive procedure follows the wage index: "
    "both readings are shown, and the contractor's published rate decides.",
    "",
)
MULTIPLE = Rule(
    date(2008, 1, 1),
    "Of the procedures of one session the one with the highest national rate is paid in full, each other one that "
    "is subject to discounting at half.",
    "42 CFR 416.172(e); Medicare Claims Processing Manual, chapter 14, section 40.5",
    Decimal("0.5"),
)
INTERRUPTED = Rule(
    date(2008, 1, 1),
    "Discontinued before anesthesia (73), or reduced where none was planned (52): half of the payment. "
    "Discontinued after anesthesia was given (74): all of it.",
    "42 CFR 416.172(f); Medicare Claims Processing Manual, chapter 14, section 40.4",
    Decimal("0.5"),
)
INTERRUPTED_DEVICE = Rule(
    date(2016, 1, 1),
    "Of a device-intensive procedure discontinued before anesthesia (73) the device portion is taken away first.",
    "Medicare Claims Processing Manual, chapter 14, section 40.10",
)
COINSURANCE = Rule(
    date(2008, 1, 1),
    "The patient pays 20 %, and nothing for most preventive services (marked ** in the addendum).",
    "the notes below Addenda AA and BB",
    Decimal("0.2"),
)


@dataclass(frozen=True)
class Reading:
    """How the rules are read where no source held decides."""

    device_adjusted: bool = False
    """The wage index applies to the device portion too."""
    exempt_leads: bool = False
    """A procedure that is exempt from discounting takes the full payment, if its rate is the highest, and leaves
    half to all others."""

    def words(self) -> str:
        said = [
            "the wage index applied to "
            + ("the whole rate" if self.device_adjusted else "the service portion")
        ]
        if self.exempt_leads:
            said.append("an exempt procedure with the highest rate counted as the one paid in full")
        return "; ".join(said)


@dataclass(frozen=True)
class Procedure:
    """One unit of a line.

    Attributes:
        line: number of the line, from 1.
        rate: national, in cents.
        device: device portion in cents, of a device-intensive procedure.
        ranks: a covered surgical procedure (Addendum AA), which takes part in the ranking.
        discounted: subject to multiple procedure discounting.
        modifier: 52, 73, 74 or "".
    """

    line: int
    code: str
    rate: int
    adjusted: Adjusted
    device: int = 0
    ranks: bool = True
    discounted: bool = False
    modifier: str = ""


@dataclass(frozen=True)
class Paid:
    """What a procedure is paid, and how it came to it. `steps`: what is done, the sum written out, and its rule."""

    procedure: Procedure
    amount: int
    share: Decimal
    steps: tuple[tuple[str, str, Rule | None], ...]


def cents(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def dollars(amount: int | Decimal) -> str:
    """Cents as "$1,579.16"."""
    return f"${Decimal(amount) / 100:,.2f}"


def factor(wage_index: Decimal) -> Decimal:
    """What a rate is multiplied by in an area."""
    share = LABOUR_SHARE.value
    return share * wage_index + (1 - share)


def priced(procedures: Sequence[Procedure], wage_index: Decimal | None, reading: Reading) -> list[Paid]:
    """The procedures of one session, in the order given.

    Args:
        wage_index: of the area; None leaves the national rates.
    """
    shares = _shares(procedures, reading)
    return [
        _paid(procedure, share, wage_index, reading)
        for procedure, share in zip(procedures, shares, strict=True)
    ]


def _shares(procedures: Sequence[Procedure], reading: Reading) -> list[Decimal]:
    ranked = [
        number
        for number, one in enumerate(procedures)
        if one.ranks and (one.discounted or reading.exempt_leads)
    ]
    # Of equal rates the first one leads.
    leader = max(ranked, key=lambda number: (procedures[number].rate, -number), default=None)
    return [
        MULTIPLE.value if one.ranks and one.discounted and number != leader else Decimal(1)
        for number, one in enumerate(procedures)
    ]


def _paid(procedure: Procedure, share: Decimal, wage_index: Decimal | None, reading: Reading) -> Paid:
    steps: list[tuple[str, str, Rule | None]] = [("National rate", dollars(procedure.rate), None)]
    rate, device = Decimal(procedure.rate), Decimal(procedure.device)
    if procedure.modifier == "73" and device:
        rate -= device
        steps.append(
            ("Without the device portion", f"{dollars(procedure.rate)} - {dollars(device)} = {dollars(rate)}",
             INTERRUPTED_DEVICE)
        )  # fmt: skip
        device = Decimal(0)
    amount = rate
    if wage_index is not None and procedure.adjusted in ("yes", "service part"):
        by = factor(wage_index)
        kept = device if procedure.adjusted == "service part" and not reading.device_adjusted else Decimal(0)
        amount = (rate - kept) * by + kept
        sum_ = f"{dollars(rate - kept)} × ({LABOUR_SHARE.value} × {wage_index} + {1 - LABOUR_SHARE.value})"
        if kept:
            sum_ += f" + {dollars(kept)}"
        steps.append(("In the area", f"{sum_} = {_exact(amount)}", LABOUR_SHARE))
    elif wage_index is not None:
        steps.append(("In the area", "not adjusted", NOT_ADJUSTED if procedure.adjusted == "no" else None))
    if procedure.modifier in ("52", "73"):
        amount *= INTERRUPTED.value
        steps.append(
            (f"Modifier {procedure.modifier}", f"× {INTERRUPTED.value} = {_exact(amount)}", INTERRUPTED)
        )
    elif procedure.modifier == "74":
        steps.append(("Modifier 74", "× 1", INTERRUPTED))
    if share != 1:
        amount *= share
        steps.append(("Multiple procedures", f"× {share} = {_exact(amount)}", MULTIPLE))
    return Paid(procedure, cents(amount), share, tuple(steps))


def _exact(amount: Decimal) -> str:
    """Cents before rounding, as dollars with what is behind the cent."""
    value = (amount / 100).normalize()
    return f"${value:,.2f}" if -value.as_tuple().exponent <= 2 else f"${value:,f}"  # pyright: ignore[reportOperatorIssue]
