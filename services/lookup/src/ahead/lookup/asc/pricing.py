"""Puts what a quarter says of a code together with the rules: one code, or the lines of a session.

Pure: no reading, no clock. `Facts` is what was read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Receipt, Release

from . import rules
from .indicators import explained
from .repository import DeviceRow, Held, RateRow
from .rules import Paid, Procedure, Reading
from .schemas import Area, AscFee, AscSession, Choice, FeeStatus, Hospital, SessionLine, Step

PRICED_MODIFIERS = ("52", "73", "74")
_MARKS = {
    "*": "The office-based designation is temporary (marked * in the addendum).",
    "**": "A preventive service: the patient pays no coinsurance (marked ** in the addendum).",
    "***": "A qualifying non-opioid alternative; its separate payment is limited to 18 % of the hospital outpatient "
    "rate of the service that it goes with (marked *** in the addendum).",
}


@dataclass(frozen=True)
class Line:
    """A line of a session as typed. Modifiers that change an ASC's payment here: 52, 73, 74."""

    code: str
    units: int = 1
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What is held of one code. `areas`: the lines of the area that was asked for; `area` the one that is meant."""

    code: str
    edition: Edition
    held: Held
    wages: Edition | None = None
    areas: tuple[Area, ...] = ()
    area: Area | None = None

    @property
    def row(self) -> RateRow | None:
        return self.held.rates[0] if self.held.rates else None

    @property
    def device(self) -> DeviceRow | None:
        return self.held.devices[0] if self.held.devices else None


def readings(facts: Sequence[Facts], lines: int = 1) -> Iterator[Reading]:
    """The readings that make a difference: none, two or four."""
    local = any(one.area is not None for one in facts)
    device = local and any(
        one.row is not None and explained(one.row.indicator).adjusted == "service part" for one in facts
    )
    exempt = lines > 1 and _exempt_may_lead(facts)
    for second in (False, True) if exempt else (False,):
        for first in (False, True) if device else (False,):
            yield Reading(first, second)


def _exempt_may_lead(facts: Sequence[Facts]) -> bool:
    surgical = [one.row for one in facts if one.row is not None and one.row.addendum == "AA" and one.row.rate]
    discounted = [row.rate or 0 for row in surgical if row.discounted == "Y"]
    exempt = [row.rate or 0 for row in surgical if row.discounted == "N"]
    return bool(discounted and exempt) and max(exempt) > max(discounted)


def fee(facts: Facts, modifier: str = "") -> AscFee:
    """One unit of one code, alone."""
    row, device, release = facts.row, facts.device, facts.edition.release
    status, why = judged(facts)
    amount, steps, choices, coinsurance = None, (), (), None
    procedure = _procedure(facts, 1, modifier) if status == "priced" else None
    if procedure is not None:
        index = _index(facts.area)
        found = [(reading, rules.priced([procedure], index, reading)[0]) for reading in readings([facts])]
        steps = _steps(facts, found[0][1])
        if len({paid.amount for _, paid in found}) == 1:
            amount = found[0][1].amount
            coinsurance = (
                0 if row is not None and row.mark == "**" else rules.cents(amount * rules.COINSURANCE.value)
            )
        else:
            status, why = "not_checked", rules.DEVICE_PORTION.text
            choices = tuple(Choice(r.words(), money(p.amount), _steps(facts, p)) for r, p in found)
            steps = ()
    indicator = row or device
    return AscFee(
        code=facts.code,
        as_of=facts.edition.as_of,
        status=status,
        why=why,
        addendum=row.addendum if row else "EE" if facts.held.excluded else "",
        indicator=indicator.indicator.upper() if indicator else "",
        indicator_text=explained(indicator.indicator).text if indicator else "",
        discounted=row is not None and row.discounted == "Y",
        weight=row.weight if row else None,
        national=money(row.rate) if row and row.rate is not None else None,
        local=facts.area is not None and amount is not None,
        amount=money(amount) if amount is not None else None,
        coinsurance=money(coinsurance) if coinsurance is not None else None,
        steps=steps,
        choices=choices,
        area=facts.area,
        areas=facts.areas if facts.area is None else (),
        hospital=_hospital(release, device) if release and device else None,
        notes=_notes(facts),
        receipts=_receipts(facts),
        edition=facts.edition,
        wage_edition=facts.wages,
    )  # fmt: skip


def judged(facts: Facts) -> tuple[FeeStatus, str]:
    """Whether there is a price on the date, and why not."""
    edition, row = facts.edition, facts.row
    if edition.release is None:
        return "not_checked", f"Not checked. {edition.message}"
    mark = f"Not checked: {edition.message}. " if edition.marked else ""
    name = edition.release.edition
    status: FeeStatus
    if row is None and facts.held.excluded:
        status, why = (
            "excluded",
            (
                f"{facts.code} is excluded from payment in surgical centers (Addendum EE, {name}): CMS does not cover "
                "the procedure there."
            ),
        )
    elif row is None:
        status, why = (
            "not_listed",
            (
                f"{facts.code} is in none of the addenda of {name}: it is no covered surgical procedure or ancillary "
                "service of a surgical center."
            ),
        )
    else:
        status, why = _of(facts, row)
    if mark:
        return "not_checked", f"{mark}{why}"
    if status == "priced" and (stopped := _stopped(facts)):
        return "not_checked", stopped
    return status, why


def _of(facts: Facts, row: RateRow) -> tuple[FeeStatus, str]:
    meaning = explained(row.indicator)
    said = f"Payment indicator {meaning.code}: {meaning.text}"
    if meaning.paid == "packaged" or meaning.paid == "none":
        return "not_paid_separately", said
    if meaning.paid in ("contractor", "cost", "special"):
        return "priced_elsewhere", said
    if row.rate is None:
        return "priced_elsewhere", f"{said} The addendum lists no rate."
    return "priced", said


def _stopped(facts: Facts) -> str:
    """Why a listed rate is not priced in the area that was asked for; "" where it is."""
    if facts.wages is None:
        return ""
    if facts.wages.status != "held":
        return f"Not checked in the area: the wage indices are {facts.wages.message or 'not held'}."
    if facts.area is None:
        listed = "; ".join(f"{one.wage_index or 'none'} (row {one.row})" for one in facts.areas)
        first = facts.areas[0]
        return (
            f"{first.area} {first.name} has several wage indices: {listed}. The file doesn't say which place has "
            "which: choose one."
        )
    if facts.area.wage_index is None:
        return f"The file has no wage index for {facts.area.area} {facts.area.name}: choose another area."
    if facts.row is not None and explained(facts.row.indicator).adjusted == "unknown":
        return (
            f"Not checked in the area: {explained(facts.row.indicator).text} Its national rate is "
            f"{rules.dollars(facts.row.rate or 0)}."
        )
    return ""


def session(lines: Sequence[Line], facts: Sequence[Facts]) -> AscSession:
    """Lines of one session: each unit is a procedure of its own in the ranking."""
    fees = [fee(one, _modifier(line)) for line, one in zip(lines, facts, strict=True)]
    procedures: list[Procedure] = []
    missing: list[str] = []
    for number, (line, one, alone) in enumerate(zip(lines, facts, fees, strict=True), 1):
        if alone.status in ("not_paid_separately",):
            continue
        if alone.status != "priced" and not alone.choices:
            missing.append(f"Line {number}: {alone.why}")
            continue
        if left := [m for m in line.modifiers if m not in PRICED_MODIFIERS]:
            missing.append(
                f"Line {number}: what {', '.join(left)} does to an ASC's payment is not priced here."
            )
        procedures += [_procedure(one, number, _modifier(line))] * line.units
    if len({p.line for p in procedures if p.ranks}) > 1 and any(
        p.modifier in ("52", "73") for p in procedures
    ):
        missing.append(
            "How modifier 52 or 73 goes together with multiple procedures is not decided by a source held."
        )
    index = _index(facts[0].area) if facts else None
    found = [(r, rules.priced(procedures, index, r)) for r in readings(facts, len(procedures))]
    totals = {sum(paid.amount for paid in paids) for _, paids in found}
    one_way = not missing and len(totals) == 1
    shown = found[0][1]
    result = tuple(
        SessionLine(
            number, alone.code, line.units, alone,
            _line_amount(shown, number, alone) if one_way else None,
            tuple(step for paid in shown if paid.procedure.line == number for step in _steps(one, paid)),
        )
        for number, (line, one, alone) in enumerate(zip(lines, facts, fees, strict=True), 1)
    )  # fmt: skip
    choices: tuple[Choice, ...] = ()
    if not missing and len(totals) > 1:
        choices = tuple(Choice(r.words(), money(sum(p.amount for p in paids)), ()) for r, paids in found)
        missing.append(
            "The rules can be read in more than one way, and no source held decides: all are shown."
        )
    return AscSession(
        facts[0].edition.as_of, "priced" if one_way else "not_checked", " ".join(missing), result,
        money(totals.pop()) if one_way else None, choices,
    )  # fmt: skip


def _line_amount(paids: Sequence[Paid], number: int, alone: AscFee) -> str | None:
    if alone.status == "not_paid_separately":
        return None
    return money(sum(paid.amount for paid in paids if paid.procedure.line == number))


def _modifier(line: Line) -> str:
    return next((m for m in line.modifiers if m in PRICED_MODIFIERS), "")


def _procedure(facts: Facts, line: int, modifier: str) -> Procedure:
    row, device = facts.row, facts.device
    assert row is not None, "a row"
    assert row.rate is not None, "a listed rate"
    adjusted = explained(row.indicator).adjusted
    portion = device.device_amount or 0 if device is not None and adjusted == "service part" else 0
    return Procedure(
        line, facts.code, row.rate, adjusted, portion, row.addendum == "AA", row.discounted == "Y", modifier
    )


def _index(area: Area | None) -> Decimal | None:
    return Decimal(area.wage_index) if area is not None and area.wage_index is not None else None


def _steps(facts: Facts, paid: Paid) -> tuple[Step, ...]:
    """Steps with the receipts of the figures that enter in them."""
    release, row = facts.edition.release, facts.row
    assert release is not None, "a quarter"
    assert row is not None, "priced from a row"
    found: list[Step] = []
    for label, sum_, rule in paid.steps:
        receipt = None
        if label == "National rate":
            receipt = receipt_of(release, row.source_row, row.source_file)
        elif label == "In the area" and facts.area is not None:
            receipt = facts.area.receipt
        elif label == "Without the device portion" and facts.device is not None:
            receipt = receipt_of(release, facts.device.source_row, facts.device.source_file)
        found.append(Step(label, sum_, rule.text if rule else "", rule.source if rule else "", receipt))
    found.append(Step("Payment", rules.dollars(paid.amount)))
    return tuple(found)


def _hospital(release: Release, row: DeviceRow) -> Hospital:
    return Hospital(
        row.apc,
        money(row.opps_rate) if row.opps_rate is not None else None,
        row.apc_offset,
        row.device_offset,
        money(row.device_amount) if row.device_amount is not None else None,
        receipt_of(release, row.source_row, row.source_file),
    )


def _notes(facts: Facts) -> tuple[str, ...]:
    said: list[str] = []
    row = facts.row
    if row is not None:
        said += [_MARKS[row.mark]] if row.mark else []
        if row.expires:
            said.append("Its pass-through status ends during the year (marked in Addendum BB).")
        if row.copayment is not None:
            said.append(
                f"Coinsurance adjusted under the Inflation Reduction Act: {rules.dollars(row.copayment)}."
            )
        if len(facts.held.rates) > 1:
            said.append(
                f"The code stands in {len(facts.held.rates)} rows of the addenda; the first is priced."
            )
        if row.rate is not None:
            said.append("The rate is for a center that meets the quality reporting requirements.")
    return tuple(said)


def _receipts(facts: Facts) -> tuple[Receipt, ...]:
    release = facts.edition.release
    if release is None:
        return ()
    places = [(row.source_row, row.source_file) for row in facts.held.rates]
    places += [(line, file) for file, line in facts.held.excluded]
    places += [(row.source_row, row.source_file) for row in facts.held.devices]
    return tuple(receipt_of(release, line, file) for line, file in places)


def money(amount: int) -> str:
    """Cents as "1579.16"."""
    return f"{Decimal(amount) / 100:.2f}"
