"""Which modifiers go with a procedure code, on its page: judged one by one, each with what decided."""

from collections.abc import Iterable, Sequence
from datetime import date

from ahead.lookup.codes.panels import (
    Cell,
    Contribution,
    Panel,
    PanelRow,
    PanelTable,
    SectionKey,
    Subject,
)
from ahead.lookup.hcpcs.schemas import HcpcsModifiers
from ahead.lookup.hcpcs.service import Hcpcs
from ahead.lookup.ncci.service import Ncci
from ahead.lookup.pfs.schemas import Indicators
from ahead.lookup.pfs.service import Pfs

from .applying import Applied, Standing, applied, kind_of
from .rules import load_meta

DRUGS = "51"
"""Pricing indicator of a drug."""
_COLUMNS = ("Modifier", "What it says", "Why", "Bypasses NCCI edits")
_TITLES: dict[Standing, tuple[str, str]] = {
    "may": ("May be used", "The sources that are held allow these with the code."),
    "depends": (
        "Depends on the case",
        "Documents, the contractor, the place of the body or a list that is not held decides.",
    ),
    "not": ("Not used with this code", "Each with the reason."),
}
# Categories of the official list that go with a kind of code.
_CATEGORIES = {
    "anesthesia": ("Anesthesia",),
    "drug": ("Drugs and Biologicals Administration", "Drugs and Biologicals Disposal"),
    "ambulance": ("Ambulance Origin Destination",),
    "therapy": ("Therapy",),
    "visit": ("Telehealth",),
}
_NOTICES = "Advance Beneficiary Notice of Noncoverage ABN"


class ModifiersSection:
    section: SectionKey = "modifiers"
    systems = frozenset({"cpt", "hcpcs"})

    def __init__(self, hcpcs: Hcpcs, pfs: Pfs, ncci: Ncci) -> None:
        self._hcpcs, self._pfs, self._ncci = hcpcs, pfs, ncci

    async def contribute(self, subject: Subject) -> Contribution:
        found = await self._pfs.indicators(subject.code, subject.as_of)
        listed = await self._hcpcs.modifiers(subject.as_of)
        drug = await self._is_drug(subject)
        row = found.row() or next(iter(found.rows), None)
        indicators = {one.heading: one.value for one in row.indicators} if row is not None else None
        bypassed = await self._bypassed(subject)
        judged = applied(subject.code, subject.as_of, indicators, drug=drug, bypassed=bypassed)
        panels = [_judged_panel(subject, found, judged, standing) for standing in _TITLES]
        therapy = indicators is not None and indicators.get("MULT PROC") == "5"
        panels += _official(subject, listed, _kinds(subject.code, drug, therapy))
        missing: list[str] = []
        if found.edition.release is None:
            missing.append(f"Physician Fee Schedule relative values (PPRRVU): {found.edition.message}")
        if listed.edition.release is None:
            missing.append(f"HCPCS Level II modifiers: {listed.edition.message}")
        if bypassed is None:
            missing.append("NCCI PTP edits, practitioner: which modifiers have an edit to bypass")
        return Contribution(tuple(panel for panel in panels if panel.table or panel.note), tuple(missing))

    async def _is_drug(self, subject: Subject) -> bool:
        if subject.system != "hcpcs":
            return False
        code = await self._hcpcs.code(subject.code, subject.as_of)
        return code is not None and any(one.value == DRUGS for one in code.pricing)

    async def _bypassed(self, subject: Subject) -> int | None:
        """Practitioner edits of the code in force that a modifier may bypass, in both columns."""
        pages = [
            await self._ncci.edits_of("practitioner", subject.code, role, subject.as_of, limit=1)
            for role in ("column1", "column2")
        ]
        if any(page.edition.release is None for page in pages):
            return None
        return sum(page.by_indicator.get(1, 0) for page in pages)


def _judged_panel(
    subject: Subject, found: Indicators, judged: Sequence[Applied], standing: Standing
) -> Panel:
    title, note = _TITLES[standing]
    row = found.row() or next(iter(found.rows), None)
    rows: list[PanelRow] = []
    for group in _grouped([one for one in judged if one.standing == standing]):
        one = group[0]
        decided = f"{one.field} {one.value}: {one.why}" if one.field else one.why
        names = [each.rule.modifier for each in group]
        what = one.rule.name if len(group) == 1 else f"{one.rule.name} to {group[-1].rule.name.lower()}"
        rows.append(
            PanelRow(
                (
                    Cell(names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}", code=True),
                    Cell(f"{what}. {_dated(one, subject.as_of)}".strip()),
                    Cell(decided),
                    Cell("Yes" if one.rule.ncci_associated else "No"),
                ),
                row.receipt if one.field and row is not None else None,
            )
        )
    if not rows:
        return Panel(title)
    if standing == "may":
        note = (
            f"{note} The rules are our own words for Medicare's public ones, compiled {load_meta().compiled}."
        )
    table = PanelTable(title, _COLUMNS, tuple(rows), len(rows))
    marked = found.edition.message if found.edition.marked and any(one.field for one in judged) else ""
    return Panel(title, note=note, table=table, edition=f"Indicators are {marked}." if marked else "")


def _grouped(judged: Iterable[Applied]) -> list[list[Applied]]:
    """Fingers, toes, eyelids and arteries share one line where they are judged alike."""
    groups: list[list[Applied]] = []
    for one in judged:
        last = groups[-1] if groups else None
        alike = (
            last is not None and one.rule.kind == "anatomical" == last[0].rule.kind and one.why == last[0].why
        )
        if last is not None and alike and one.rule.use_when == last[0].rule.use_when:
            last.append(one)
        else:
            groups.append([one])
    return groups


def _dated(one: Applied, as_of: date) -> str:
    rule = one.rule
    if rule.required_from is not None and as_of >= rule.required_from:
        return f"Medicare has required it since {rule.required_from.isoformat()}."
    if rule.required_from is not None:
        return f"Medicare requires it from {rule.required_from.isoformat()}."
    return ""


def _kinds(code: str, drug: bool, therapy: bool) -> tuple[str, ...]:
    kinds = [kind_of(code, drug=drug).family]
    found: list[str] = [str(kinds[0])]
    if "A0021" <= code <= "A0999":
        found.append("ambulance")
    if therapy:
        found.append("therapy")
    return tuple(found)


def _official(subject: Subject, listed: HcpcsModifiers, kinds: tuple[str, ...]) -> list[Panel]:
    """Modifiers of the official list whose category goes with this kind of code."""
    if listed.edition.release is None:
        return []
    wanted = {category for kind in kinds for category in _CATEGORIES.get(kind, ())} | {_NOTICES}
    ended = [m for m in listed.modifiers if m.ended is not None and m.ended < subject.as_of]
    rows = [m for m in listed.modifiers if m.category in wanted and m not in ended]
    title = "From the official list of HCPCS modifiers"
    note = f"{len(listed.modifiers):,} modifiers are in the list ({listed.edition.release.edition})."
    if rows:
        note += " Those whose category goes with this kind of code:"
    table = None
    if rows:
        cells = tuple(
            PanelRow((Cell(m.modifier, code=True), Cell(m.title), Cell(m.category)), m.receipt) for m in rows
        )
        table = PanelTable(title, ("Modifier", "Official wording", "Category"), cells, len(cells))
    marked = listed.edition.message if listed.edition.marked else ""
    return [Panel(title, note=note, table=table, edition=f"The list is {marked}." if marked else "")]
