"""What the ASC payment system says of a code on its page: the surgical center's price and the hospital's."""

from ahead.lookup.catalog.schemas import Edition
from ahead.lookup.codes.panels import (
    Cell,
    Contribution,
    Fact,
    Panel,
    PanelRow,
    PanelTable,
    SectionKey,
    Subject,
)

from .schemas import AscFee
from .service import Asc

FILES = "ASC Addenda AA, BB, EE and FF of a quarter"
_STATUS = {
    "not_paid_separately": "No separate payment",
    "priced_elsewhere": "No rate in the addendum",
    "excluded": "Not covered in a surgical center",
    "not_listed": "Not in the addenda",
}


class AscSection:
    section: SectionKey = "fees"
    systems = frozenset({"cpt", "hcpcs"})

    def __init__(self, asc: Asc) -> None:
        self._asc = asc

    async def contribute(self, subject: Subject) -> Contribution:
        fee = await self._asc.fee(subject.code, subject.as_of)
        if fee.edition.release is None:
            return Contribution(would_fill=(f"{FILES}: {fee.edition.message}",))
        panels = [_center(fee)]
        if fee.hospital is not None:
            panels.append(_hospital(fee))
        return Contribution(tuple(panels))


def _center(fee: AscFee) -> Panel:
    facts: list[Fact] = []
    receipt = fee.receipts[0] if fee.receipts else None
    if fee.national is not None:
        label = "Rate listed" if fee.amount is None else "National rate"
        detail = "Not a price on this date. " if fee.edition.marked else ""
        facts.append(
            Fact(label, _dollars(fee.national), f"{detail}Before the wage index of an area.", receipt=receipt)
        )
    elif fee.status in _STATUS:
        facts.append(Fact("Payment", _STATUS[fee.status], fee.why, receipt=receipt))
    if fee.indicator:
        facts.append(Fact("Payment indicator", fee.indicator, fee.indicator_text, receipt=receipt))
    if fee.weight is not None:
        facts.append(Fact("Payment weight", fee.weight, receipt=receipt))
    if fee.addendum == "AA":
        half = (
            "At half after the highest-paid one of a session."
            if fee.discounted
            else "Not reduced beside others."
        )
        facts.append(Fact("Multiple procedures", "Discounted" if fee.discounted else "Not discounted", half,
                          receipt=receipt))  # fmt: skip
    if fee.coinsurance is not None:
        facts.append(
            Fact("Patient's coinsurance", _dollars(fee.coinsurance), "Of the national rate.", receipt=receipt)
        )
    facts += [Fact("Note", note, receipt=receipt) for note in fee.notes]
    table = None
    if fee.national is not None and not fee.edition.marked:
        address = f"/tools/asc-fee?lines={fee.code}&as_of={fee.as_of.isoformat()}"
        table = PanelTable(
            "In an area", ("Price with a wage index",),
            (PanelRow((Cell(f"Choose the area of the center for {fee.code}", address),)),), 1,
        )  # fmt: skip
    return Panel(
        "In an ambulatory surgical center", facts=tuple(facts), table=table, edition=_marked(fee.edition)
    )


def _hospital(fee: AscFee) -> Panel:
    hospital = fee.hospital
    assert hospital is not None, "asked only where there is one"
    receipt = hospital.receipt
    facts: list[Fact] = []
    if hospital.rate is not None:
        facts.append(
            Fact(
                "OPPS payment rate",
                _dollars(hospital.rate),
                "National, not adjusted: the wage indices of hospitals are not held. As Addendum FF lists it; for a "
                "procedure in a low-volume APC it may be recalculated for surgical centers.",
                receipt=receipt,
            )
        )
    if hospital.apc:
        facts.append(Fact("APC", hospital.apc, receipt=receipt))
    if hospital.device_amount is not None:
        share = (
            f"{hospital.device_offset} % of the rate of the {_base(fee)}." if hospital.device_offset else ""
        )
        facts.append(Fact("Device portion", _dollars(hospital.device_amount), share, receipt=receipt))
    if hospital.apc_offset is not None:
        facts.append(Fact("Device offset of the APC", f"{hospital.apc_offset} %", receipt=receipt))
    if not facts:
        facts.append(Fact("OPPS payment rate", "None listed", "Addendum FF lists the code without a rate.",
                          receipt=receipt))  # fmt: skip
    return Panel("In a hospital's outpatient department", facts=tuple(facts), edition=_marked(fee.edition))


def _base(fee: AscFee) -> str:
    """Which rate the portion is of, by Note 2 below Addendum FF."""
    return "hospital" if fee.indicator == "J8" else "surgical center"


def _dollars(amount: str) -> str:
    whole, _, part = amount.partition(".")
    return f"${int(whole):,}.{part}"


def _marked(edition: Edition) -> str:
    return f"Shown from the newest quarter, {edition.message}." if edition.marked else ""
