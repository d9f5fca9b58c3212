"""CC or MCC and its exclusions, and weights, on the page of a code."""

from ahead.lookup.catalog.receipts import whole_list
from ahead.lookup.catalog.schemas import Edition
from ahead.lookup.catalog.spelling import dotted
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

from .schemas import CcInfo, DrgWeight
from .service import Ipps

WOULD_FILL = (
    "IPPS final rule Tables 6I and 6J: complete lists of MCC and CC codes",
    "IPPS final rule Table 6K: CC exclusions",
)
WEIGHTS_FILE = "IPPS final rule Table 5: MS-DRG weights and lengths of stay"
BASE_RATE = "The payment is the weight times the hospital's own base rate, which is not held here."


class CcSection:
    section: SectionKey = "crosswalks"
    systems = frozenset({"icd10cm"})

    def __init__(self, ipps: Ipps) -> None:
        self._ipps = ipps

    async def contribute(self, subject: Subject) -> Contribution:
        if not subject.billable:
            return Contribution()
        told = await self._ipps.cc(subject.code, subject.as_of)
        if told.lists.release is None:
            return Contribution(would_fill=tuple(f"{file}: {told.lists.message}" for file in WOULD_FILL))
        return Contribution((_panel(subject, told),), () if told.exclusions.release else WOULD_FILL[1:])


def _panel(subject: Subject, told: CcInfo) -> Panel:
    assert told.lists.release is not None, "the lists are held"
    edition = told.lists.release.edition
    if told.level is None:
        value = f"Neither CC nor MCC in {edition}."
    else:
        value = f"{told.level} as a secondary diagnosis of an inpatient stay ({edition})."
    facts = [Fact("Level", value, receipt=told.receipt or whole_list(told.lists.release))]
    if told.level is not None and told.exclusions.release is not None:
        facts += _exclusions(told)
    if told.excludes_as_principal:
        facts.append(
            Fact(
                "As principal diagnosis",
                f"It excludes {told.excludes_as_principal:,} CC and MCC codes: beside it they don't count.",
            )
        )
    table = None
    if told.excluders:
        rows = tuple(
            PanelRow(
                (Cell(dotted("icd10cm", one.code), f"/codes/icd10cm/{one.code}", code=True),), one.receipt
            )
            for one in told.excluders
        )
        title = f"Principal diagnoses that exclude {subject.dotted}"
        table = PanelTable(title, ("Principal diagnosis",), rows, told.collection_size)
    return Panel("CC or MCC", facts=tuple(facts), table=table, edition=marked(told.lists))


def _exclusions(told: CcInfo) -> list[Fact]:
    facts: list[Fact] = []
    if told.collection_size:
        value = f"It doesn't count beside {told.collection_size:,} principal diagnoses (collection {told.collection})."
        facts.append(Fact("Exclusions", value, receipt=told.collection_receipt))
    elif told.collection_receipt is not None:
        facts.append(
            Fact("Exclusions", "No principal diagnosis excludes it.", receipt=told.collection_receipt)
        )
    if told.alive_only is not None:
        value = f"{told.level} only if the patient is discharged alive."
        facts.append(Fact("Patients who died", value, receipt=told.alive_only))
    facts += [
        Fact(
            f"MS-DRGs {one.first_drg}–{one.last_drg}",
            "It doesn't raise the severity within these.",
            f"{one.title}.",
            receipt=one.receipt,
        )
        for one in told.drg_exclusions
    ]
    return facts


def marked(edition: Edition) -> str:
    return f"Shown from the newest edition, {edition.message}." if edition.marked else ""


def weight_rows(weights: dict[str, DrgWeight]) -> PanelTable:
    """Weights and lengths of stay as printed, a row for each MS-DRG."""
    rows = tuple(
        PanelRow(
            (
                Cell(one.drg, f"/codes/msdrg/{one.drg}", code=True),
                Cell(one.title),
                Cell(one.weight or "none"),
                Cell(one.gmlos or "none"),
                Cell(one.amlos or "none"),
            ),
            one.receipt,
        )
        for one in weights.values()
    )
    columns = (
        "MS-DRG",
        "Title",
        "Relative weight",
        "Geometric mean stay, days",
        "Arithmetic mean stay, days",
    )
    return PanelTable("MS-DRG weights and lengths of stay", columns, rows, len(rows))


class DrgFeesSection:
    """Weight and lengths of stay on the page of an MS-DRG."""

    section: SectionKey = "fees"
    systems = frozenset({"msdrg"})

    def __init__(self, ipps: Ipps) -> None:
        self._ipps = ipps

    async def contribute(self, subject: Subject) -> Contribution:
        if not subject.billable:
            return Contribution()
        told = await self._ipps.weights([subject.code], subject.as_of)
        if told.edition.release is None:
            return Contribution(would_fill=(f"{WEIGHTS_FILE}: {told.edition.message}",))
        if told.edition.status != "held":
            note = f"Not checked: no edition of Table 5 is held for this date ({told.edition.message})."
            return Contribution((Panel("Weight and length of stay", note=note),))
        row = told.found.get(subject.code)
        if row is None:
            note = f"{subject.code} is not in Table 5 of {told.edition.release.edition}."
            return Contribution((Panel("Weight and length of stay", note=note),))
        return Contribution((_weight_panel(row),))


def _weight_panel(row: DrgWeight) -> Panel:
    if row.weight is None:
        note = "Table 5 gives it no weight: stays that can't be grouped aren't paid by one."
        return Panel("Weight and length of stay", note=note, receipts=(row.receipt,))
    detail = "After the 10 % cap on decreases" if row.weight_before_cap else ""
    if row.weight_before_cap and row.weight_before_cap != row.weight:
        detail += f"; before it {row.weight_before_cap}"
    facts = [
        Fact("Relative weight", row.weight, f"{detail}." if detail else "", receipt=row.receipt),
        Fact("Geometric mean length of stay", f"{row.gmlos} days"),
        Fact("Arithmetic mean length of stay", f"{row.amlos} days"),
        Fact(
            "Post-acute transfer",
            "Yes: a transfer to post-acute care before the geometric mean stay is paid by the day."
            if row.post_acute
            else "No.",
            "With the special pay rule." if row.special_pay else "",
        ),
    ]
    return Panel("Weight and length of stay", note=BASE_RATE, facts=tuple(facts))
