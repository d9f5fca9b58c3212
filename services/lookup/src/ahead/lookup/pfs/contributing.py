"""What the fee schedule says of a code on its page: values and prices among the fees, indicators under compliance."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

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

from .schemas import Comparison, IndicatorRow, Indicators, LocalityPrice
from .service import Pfs

PROCEDURES = frozenset({"cpt", "hcpcs"})
FILES = (
    "Physician Fee Schedule relative values (PPRRVU): relative values, prices and payment indicators",
    "Geographic practice cost indices (GPCI): prices by locality",
)
_PARTS = {"": "Whole service", "26": "26: professional part", "TC": "TC: technical part", "53": "53: stopped"}
_LABELS = {
    "status": "Status indicator",
    "pctc": "Professional and technical parts",
    "global_days": "Global days",
    "multiple": "Several procedures",
    "bilateral": "Both sides",
    "assistant": "Assistant at surgery",
    "co_surgeons": "Two surgeons",
    "team": "Team of surgeons",
    "supervision": "Supervision of diagnostic tests",
}
_BAD = frozenset("BDEFGHIMNPX")
_NO_PRICE = "No price in this setting (NA)"


class FeesSection:
    section: SectionKey = "fees"
    systems = PROCEDURES

    def __init__(self, pfs: Pfs) -> None:
        self._pfs = pfs

    async def contribute(self, subject: Subject) -> Contribution:
        found = await self._pfs.indicators(subject.code, subject.as_of)
        if found.edition.release is None:
            return Contribution(would_fill=tuple(f"{file}. {found.edition.message}" for file in FILES[:1]))
        if not found.rows:
            return Contribution(
                (Panel("Physician Fee Schedule", note=found.why, edition=marked(found.edition)),)
            )
        panels = [_values(found)]
        everywhere = await self._pfs.compare(subject.code, "", subject.as_of)
        panels.append(_prices(found, everywhere))
        if everywhere.localities:
            panels.append(_localities(everywhere))
        missing = () if everywhere.localities or not everywhere.national else FILES[1:]
        return Contribution(tuple(panels), missing)


class PaymentIndicatorsSection:
    section: SectionKey = "compliance"
    systems = PROCEDURES

    def __init__(self, pfs: Pfs) -> None:
        self._pfs = pfs

    async def contribute(self, subject: Subject) -> Contribution:
        found = await self._pfs.indicators(subject.code, subject.as_of)
        if found.edition.release is None:
            return Contribution(would_fill=FILES[:1])
        title, edition = "Medicare payment indicators", marked(found.edition)
        if not found.rows:
            return Contribution((Panel(title, note=found.why, edition=edition),))
        row = found.row() or found.rows[0]
        facts = [
            Fact(
                _LABELS[one.field],
                f"{one.value}: {one.meaning}",
                status="bad" if one.field == "status" and one.value in _BAD else "neutral",
                receipt=row.receipt if one.field == "status" else None,
            )
            for one in row.indicators
        ]
        if row.endoscopic_base:
            base = row.endoscopic_base
            facts.append(
                Fact("Base endoscopy", base, "The others of its family are priced by what they exceed it.")
            )
        if row.intraoperative:
            shares = (row.preoperative, row.intraoperative, row.postoperative)
            told = ", ".join(f"{share * 100:.0f} %" for share in shares)
            facts.append(
                Fact("Before, in and after the operation", told, "Shares for modifiers 54, 55, 56 and 78.")
            )
        for setting, na in (("non-facility", row.na_nonfacility), ("facility", row.na_facility)):
            if na:
                facts.append(
                    Fact(f"{setting.capitalize()} NA", f"No price is published for {setting} settings.")
                )
        return Contribution((Panel(title, facts=tuple(facts), edition=edition),))


def marked(edition: Edition) -> str:
    return f"Shown from the newest edition, {edition.message}." if edition.marked else ""


def calculator(code: str, as_of: date) -> str:
    """The calculator with the code filled in."""
    return f"/tools/fees?{urlencode({'lines': code, 'as_of': as_of.isoformat()})}"


def _values(found: Indicators) -> Panel:
    columns = (
        "Part", "Work", "Practice expense, non-facility", "Practice expense, facility", "Malpractice",
        "Total, non-facility", "Total, facility",
    )  # fmt: skip
    rows = tuple(_value_row(row) for row in found.rows)
    title = "Relative value units"
    factor = found.rows[0].conversion_factor
    note = f"{found.why} Conversion factor ${factor}."
    return Panel(
        title, note, table=PanelTable(title, columns, rows, len(rows)), edition=marked(found.edition)
    )


def _value_row(row: IndicatorRow) -> PanelRow:
    cells = (
        Cell(_PARTS.get(row.modifier, row.modifier)),
        Cell(str(row.work)),
        Cell(f"{row.pe_nonfacility}{' (NA)' if row.na_nonfacility else ''}"),
        Cell(f"{row.pe_facility}{' (NA)' if row.na_facility else ''}"),
        Cell(str(row.mp)),
        Cell(str(row.total_nonfacility)),
        Cell(str(row.total_facility)),
    )
    return PanelRow(cells, row.receipt)


def _prices(found: Indicators, everywhere: Comparison) -> Panel:
    title = "National payment amount"
    link = Cell("Fee calculator", calculator(found.code, found.as_of))
    table = PanelTable(
        "With a locality, modifiers and other lines",
        ("Tool",),
        (PanelRow((link,)),),
        1,
    )
    if everywhere.national is None:
        return Panel(title, everywhere.why, table=table)
    national = everywhere.national
    facts = (
        Fact("Non-facility", _money(national.nonfacility), receipt=everywhere.receipts[0]),
        Fact("Facility", _money(national.facility), receipt=everywhere.receipts[0]),
    )
    note = "With all geographic indices at 1: what Medicare allows before deductible and coinsurance."
    return Panel(title, f"{note} {everywhere.why}".strip(), facts, table)


def _localities(everywhere: Comparison) -> Panel:
    title = "By locality"
    rows = tuple(
        PanelRow(
            (
                Cell(f"{one.place.state} {one.place.name}"),
                Cell(_money(one.nonfacility, "NA")),
                Cell(_money(one.facility, "NA")),
            ),
            one.place.receipts[-1],
        )
        for one in everywhere.localities
    )
    ranges = [_range(everywhere.localities, setting) for setting in ("nonfacility", "facility")]
    table = PanelTable(title, ("Locality", "Non-facility", "Facility"), rows, len(rows))
    return Panel(title, " ".join(one for one in ranges if one), table=table)


def _range(localities: tuple[LocalityPrice, ...], setting: str) -> str:
    priced = [(price, one.place) for one in localities if (price := getattr(one, setting)) is not None]
    if not priced:
        return ""
    lowest, highest = (pick(priced, key=lambda one: one[0]) for pick in (min, max))
    low, high = (f"{_money(amount)} ({place.name}, {place.state})" for amount, place in (lowest, highest))
    return f"{'Facility' if setting == 'facility' else 'Non-facility'}: from {low} to {high}."


def _money(amount: Decimal | None, missing: str = _NO_PRICE) -> str:
    return missing if amount is None else f"${amount:,}"
