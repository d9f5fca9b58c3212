"""The MS-DRGs that a code leads to, their weights, and present-on-admission reporting, on the page of a code."""

from datetime import date

from ahead.lookup.catalog.receipts import receipt_of, whole_list
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
from ahead.lookup.ipps.contributing import BASE_RATE, WEIGHTS_FILE, marked, weight_rows
from ahead.lookup.ipps.service import Ipps

from .code_service import CodeGrouping
from .describing import without_severity
from .grouper import Version
from .leading import Lead, OperatedOn
from .poa import PoaList
from .telling import REASONS

TITLE = "MS-DRG of an inpatient stay"
FAMILY = "The same group by severity"
NO_VERSION = "Not checked: the grouper held has no version for this date of discharge."


class DrgSection:
    section: SectionKey = "crosswalks"
    systems = frozenset({"icd10cm", "icd10pcs"})

    def __init__(self, grouping: CodeGrouping) -> None:
        self._grouping = grouping

    async def contribute(self, subject: Subject) -> Contribution:
        if not subject.billable:
            return Contribution()
        version = self._grouping.version_for(subject.as_of)
        if version is None:
            return Contribution((Panel(TITLE, note=NO_VERSION),))
        if subject.system == "icd10pcs":
            panel = await self._as_procedure(subject, version)
        else:
            panel = await self._as_principal(subject, version)
        return Contribution((panel,))

    async def _as_principal(self, subject: Subject, version: Version) -> Panel:
        told = await self._grouping.leads(subject.code, version)
        receipts = (await self._grouping.receipt(subject.as_of),)
        if not told.leads:
            note = f"As principal diagnosis it leads to no MS-DRG in {version.name}. {REASONS.get(told.reason, '')}"
            return Panel(TITLE, note=note.strip(), receipts=receipts)
        rows = tuple(
            PanelRow(
                (
                    Cell(", ".join(lead.stays)),
                    Cell(f"{lead.mdc} {lead.mdc_title}"),
                    *(_drg_cell(drg, title, subject.as_of) for drg, title in lead.drgs),
                )
            )
            for lead in told.leads
        )
        columns = ("For", "MDC", "Without CC or MCC", "With a CC", "With an MCC")
        note = (
            f"As principal diagnosis, without a procedure, by grouper {version.name}. An operating room procedure "
            "leads to a surgical MS-DRG of the same MDC."
        )
        table = PanelTable(f"MS-DRGs of {subject.dotted} as principal diagnosis", columns, rows, len(rows))
        return Panel(TITLE, note=note, table=table, receipts=receipts)

    async def _as_procedure(self, subject: Subject, version: Version) -> Panel:
        told = await self._grouping.operated(subject.code, version, subject.as_of)
        if told is None:
            note = "Not checked: no edition of ICD-10-CM is held to take principal diagnoses from."
            return Panel(TITLE, note=note)
        receipts = (await self._grouping.receipt(subject.as_of),)
        table = None
        if told.found:
            rows = tuple(
                PanelRow(
                    (
                        _drg_cell(one.drg, one.title, subject.as_of),
                        Cell(f"{one.mdc} {one.mdc_title}"),
                        Cell(dotted("icd10cm", one.principal), f"/codes/icd10cm/{one.principal}", code=True),
                    )
                )
                for one in told.found
            )
            columns = ("MS-DRG without CC or MCC", "MDC of the principal diagnosis", "Tried with")
            table = PanelTable(f"MS-DRGs of {subject.code} as procedure", columns, rows, len(rows))
        return Panel(TITLE, note=_tried(told, version), table=table, receipts=receipts)


def _tried(told: OperatedOn, version: Version) -> str:
    note = (
        f"Tried as the only procedure with {told.tried:,} principal diagnoses, one for each medical MS-DRG family, "
        f"by grouper {version.name}."
    )
    if not told.found and not told.unrelated:
        return f"{note} It decides the MS-DRG with none of them."
    if told.unrelated:
        note += " With principal diagnoses of other body systems: 981–983 or 987–989, unrelated procedures."
    return note


def _drg_cell(drg: str, title: str, as_of: date) -> Cell:
    return Cell(f"{drg} {title}".strip(), f"/codes/msdrg/{drg}?as_of={as_of.isoformat()}")


class DiagnosisFeesSection:
    """Weights of the MS-DRGs that a principal diagnosis leads to."""

    section: SectionKey = "fees"
    systems = frozenset({"icd10cm"})

    def __init__(self, grouping: CodeGrouping, ipps: Ipps) -> None:
        self._grouping = grouping
        self._ipps = ipps

    async def contribute(self, subject: Subject) -> Contribution:
        if not subject.billable:
            note = "A heading has no MS-DRG: see the billable codes below it."
            return Contribution((Panel(TITLE, note=note),))
        version = self._grouping.version_for(subject.as_of)
        if version is None:
            return Contribution((Panel(TITLE, note=NO_VERSION),))
        told = await self._grouping.leads(subject.code, version)
        drgs = _numbers(told.leads)
        weights = await self._ipps.weights(drgs, subject.as_of)
        if weights.edition.release is None:
            return Contribution(would_fill=(f"{WEIGHTS_FILE}: {weights.edition.message}",))
        note = (
            "A diagnosis has no fee of its own: as principal diagnosis it leads to an MS-DRG, whose weight decides "
            f"the payment of the stay. {BASE_RATE}"
        )
        if weights.edition.status != "held":
            note += f" Not checked: no edition of Table 5 is held for this date ({weights.edition.message})."
            return Contribution((Panel(TITLE, note=note),))
        if not weights.found:
            note = f"As principal diagnosis it leads to no MS-DRG. {REASONS.get(told.reason, '')}".strip()
            return Contribution((Panel(TITLE, note=note),))
        return Contribution((Panel(TITLE, note=note, table=weight_rows(weights.found)),))


def _numbers(leads: tuple[Lead, ...]) -> list[str]:
    return list(dict.fromkeys(drg for lead in leads for drg, _ in reversed(lead.drgs)))


class FamilySection:
    """MS-DRGs that differ from this one in the severity only, as their titles show."""

    section: SectionKey = "crosswalks"
    systems = frozenset({"msdrg"})

    async def contribute(self, subject: Subject) -> Contribution:
        if not subject.billable:
            return Contribution()
        base = without_severity(subject.title)
        family = [one for one in subject.facts.siblings if without_severity(one.title) == base]
        if len(family) < 2:
            return Contribution(
                (Panel(FAMILY, note="No other MS-DRG differs from it in the severity only."),)
            )
        rows = tuple(
            PanelRow((_drg_cell(one.dotted, one.title, subject.as_of),), receipt_of(release, one.source_row))
            for release in (subject.facts.release,)
            for one in family
        )
        table = PanelTable(FAMILY, ("MS-DRG",), rows, len(rows))
        return Contribution((Panel(FAMILY, table=table),))


class PoaSection:
    section: SectionKey = "compliance"
    systems = frozenset({"icd10cm"})

    def __init__(self, poa: PoaList) -> None:
        self._poa = poa

    async def contribute(self, subject: Subject) -> Contribution:
        if not subject.billable:
            return Contribution()
        told = await self._poa.exempt([subject.code], subject.as_of)
        if (release := told.edition.release) is None:
            return Contribution(would_fill=(f"ICD-10-CM POA exempt list: {told.edition.message}",))
        receipt = told.codes.get(subject.code)
        if receipt is not None:
            value = f"Exempt ({release.edition}): an inpatient claim carries no indicator for it."
        else:
            value = f"Not exempt ({release.edition}): an inpatient claim needs Y, N, U or W for it."
        fact = Fact("Present on admission", value, receipt=receipt or whole_list(release))
        return Contribution((Panel("Present on admission", facts=(fact,), edition=marked(told.edition)),))
