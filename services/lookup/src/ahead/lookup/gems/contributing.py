"""Crosswalks on a code's page: ICD-9-CM to ICD-10-CM and back, and what replaced what inside ICD-10-CM."""

from collections.abc import Sequence
from typing import cast
from urllib.parse import quote

from ahead.lookup.codes.panels import Cell, Contribution, Panel, PanelRow, PanelTable, SectionKey, Subject

from . import telling
from .schemas import Conversion, Crosswalk, System, Target
from .service import OTHER, Crosswalks

_FILES: dict[System, str] = {
    "icd9cm": "General Equivalence Mapping (dxgem), ICD-9-CM to ICD-10-CM",
    "icd10cm": "General Equivalence Mapping (dxgem), ICD-10-CM to ICD-9-CM",
}
_SHOWN = 60


class GemSection:
    section: SectionKey = "crosswalks"
    systems = frozenset({"icd10cm", "icd9cm"})

    def __init__(self, crosswalks: Crosswalks) -> None:
        self._crosswalks = crosswalks

    async def contribute(self, subject: Subject) -> Contribution:
        system = cast("System", subject.system)
        found = await self._crosswalks.of(system, subject.code, subject.as_of)
        edition = found.edition
        if edition is None or edition.release is None:
            return Contribution((), (f"{_FILES[system]}: {edition.message if edition else ''}".rstrip(": "),))
        panels = [_forward(found)]
        if found.named_by:
            panels.append(_backward(found))
        return Contribution(tuple(panels))


class ConversionSection:
    section: SectionKey = "crosswalks"
    systems = frozenset({"icd10cm"})

    def __init__(self, crosswalks: Crosswalks) -> None:
        self._crosswalks = crosswalks

    async def contribute(self, subject: Subject) -> Contribution:
        edition, own, later = await self._crosswalks.conversions(subject.code, subject.as_of)
        if edition.release is None:
            return Contribution((), (f"ICD-10-CM conversion table: {edition.message}",))
        title = "Replaced by / replaces"
        marked = edition.message if edition.marked else ""
        if not own and not later:
            note = (
                f"The conversion table of {edition.release.edition} names nothing before or after this code."
            )
            return Contribution((Panel(title, note, edition=marked),))
        rows = [*_rows(own, "Replaces"), *_rows(later, "Replaced by, or divided into")]
        note = "Codes joined by “and” were needed together; of those joined by commas any one."
        table = PanelTable(
            "Conversions", ("", "New code", "Since", "Assigned before"), tuple(rows), len(rows)
        )
        return Contribution((Panel(title, note, table=table, edition=marked),))


def _rows(found: Sequence[Conversion], label: str) -> list[PanelRow]:
    return [
        PanelRow(
            (
                Cell(label),
                Cell(one.code, f"/codes/icd10cm/{quote(one.code)}", code=True),
                Cell(one.effective.isoformat()),
                Cell(one.previous or "None"),
            ),
            one.receipt,
        )
        for one in found
    ]


def _forward(found: Crosswalk) -> Panel:
    targets = [target for one in found.alternatives for each in one.lists for target in each]
    rows = tuple(
        PanelRow(
            (
                Cell(telling.step(target)),
                _code(target),
                Cell(target.title or "not in the edition held"),
                Cell(telling.exactness(target)),
            ),
            target.receipt,
        )
        for target in targets
    )
    to = telling.NAMES[found.to]
    table = (
        PanelTable(f"Equivalents in {to}", ("", to, "Title", "Equivalence"), rows, len(rows))
        if rows
        else None
    )
    return Panel(
        f"To {to} (GEM)",
        " ".join(found.words),
        table=table,
        edition=found.edition.message if found.edition and found.edition.marked else "",
    )


def _backward(found: Crosswalk) -> Panel:
    to, own = telling.NAMES[found.to], telling.NAMES[OTHER[found.to]]
    rows = tuple(
        PanelRow(
            (_code(target), Cell(target.title or "not in the edition held"), Cell(_how(target))),
            target.receipt,
        )
        for target in found.named_by[:_SHOWN]
    )
    return Panel(
        f"From {to} (GEM)",
        f"Codes of {to} whose mapping leads to {found.code}. The two directions are made apart and can differ.",
        table=PanelTable(
            f"Codes that lead here from {to}",
            (to, "Title", f"How it leads to {own}"),
            rows,
            len(found.named_by),
        ),
        edition=found.edition.message if found.edition and found.edition.marked else "",
    )


def _how(target: Target) -> str:
    if not target.combination:
        return telling.exactness(target)
    return f"Approximate, in combination: scenario {target.scenario}, list {target.choice_list}"


def _code(target: Target) -> Cell:
    return Cell(target.code, f"/codes/{target.system}/{quote(target.code)}", code=True)
