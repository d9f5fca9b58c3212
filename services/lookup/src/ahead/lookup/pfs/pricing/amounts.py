"""The fee-schedule amount of one row in one place and setting.

(work x index + practice expense x index + malpractice x index) x conversion factor, rounded to the cent, half up. The
technical part of imaging is paid at the hospital outpatient rate where that is lower (Social Security Act, section
1848(b)(4); 42 CFR 414.22 names the relative values, 414.26 the indices).
"""

from dataclasses import dataclass
from decimal import Decimal

from ..kinds import Setting
from ..repository import RvuRow
from .lines import Indices, Ref, Step, cents, plain

FORMULA = "42 CFR 414.20 to 414.26"
CAP = "Social Security Act, section 1848(b)(4)"


@dataclass(frozen=True)
class Fee:
    """`exact` and `cap` before rounding; `cap` is None where no cap is published."""

    exact: Decimal
    cap: Decimal | None

    @property
    def capped(self) -> bool:
        return self.cap is not None and cents(self.cap) < cents(self.exact)

    @property
    def paid(self) -> Decimal:
        """The lower of the two, before rounding."""
        return self.exact if self.cap is None else min(self.exact, self.cap)

    @property
    def amount(self) -> Decimal:
        return cents(self.paid)

    def reduced(self, share: Decimal) -> Decimal:
        """A part of it, before rounding: first reduced, then held against the cap."""
        return self.exact * share if self.cap is None else min(self.exact * share, self.cap)


def formula(row: RvuRow, setting: Setting, at: Indices, pe: Decimal, mp: Decimal) -> Decimal:
    return (row.work * at.work + pe * at.pe + mp * at.mp) * row.conversion_factor


def fee_of(row: RvuRow, setting: Setting, at: Indices) -> Fee:
    cap = formula(row, setting, at, row.opps_pe(setting), row.opps_mp) if row.has_cap else None
    return Fee(formula(row, setting, at, row.pe(setting), row.mp), cap)


def cap_of(rows: dict[str, RvuRow], modifier: str, setting: Setting, at: Indices) -> Decimal | None:
    """The published ceiling of imaging, to the cent, as the OPPSCAP file has it.

    Where the contractor sets the price of the technical part, the whole test's ceiling is the capped technical part
    and the professional part, added up before rounding once.
    """
    row = rows.get(modifier)
    if row is None or not row.has_cap:
        return None
    if row.status == "C" and not modifier:
        technical, professional = rows.get("TC"), rows.get("26")
        if technical is None or professional is None:
            return None
        return cents(
            formula(technical, setting, at, technical.opps_pe(setting), technical.opps_mp)
            + formula(professional, setting, at, professional.pe(setting), professional.mp)
        )
    return cents(formula(row, setting, at, row.opps_pe(setting), row.opps_mp))


def fee_steps(row: RvuRow, setting: Setting, at: Indices, fee: Fee) -> list[Step]:
    refs = (Ref("pfs", row.source_row), *((at.ref,) if at.ref else ()))
    told = _written(row, at, row.pe(setting), row.mp)
    of = f"{row.code}{f'-{row.modifier}' if row.modifier else ''}"
    name = "facility" if setting == "facility" else "non-facility"
    steps = [Step(f"Fee-schedule amount of {of}, {name}", told, cents(fee.exact), FORMULA, refs)]
    if fee.cap is not None:
        told = _written(row, at, row.opps_pe(setting), row.opps_mp)
        if fee.capped:
            steps.append(
                Step("The hospital outpatient rate is lower: it caps imaging", told, fee.amount, CAP, refs)
            )
        else:
            text = f"The hospital outpatient rate, {cents(fee.cap)}, is not lower: no cap"
            steps.append(Step(text, told, fee.amount, CAP, refs))
    return steps


def _written(row: RvuRow, at: Indices, pe: Decimal, mp: Decimal) -> str:
    return (
        f"({row.work} work × {plain(at.work)} + {pe} practice expense × {plain(at.pe)} + {mp} malpractice × "
        f"{plain(at.mp)}) × {row.conversion_factor}"
    )
