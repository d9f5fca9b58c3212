"""What the files of HCPCS Level II say of a code on its page."""

from datetime import date

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.codes.panels import (
    Cell,
    Contribution,
    Fact,
    Grouped,
    Panel,
    PanelRow,
    PanelTable,
    SectionKey,
    Subject,
)

from .describing import is_noc
from .schemas import HcpcsCode, Meaning, Rbcs
from .service import Hcpcs
from .units import unit_of

FILE = "HCPCS Level II quarterly file (ANWEB): coverage, pricing, dates and references"


class ComplianceSection:
    """What stands instead of a code, and what the administrative data mean. CPT: the category."""

    section: SectionKey = "compliance"
    systems = frozenset({"cpt", "hcpcs"})

    def __init__(self, hcpcs: Hcpcs, sources: SourceReader) -> None:
        self._hcpcs, self._sources = hcpcs, sources

    async def contribute(self, subject: Subject) -> Contribution:
        edition = await self._sources.edition(subject.system, subject.as_of)
        rbcs = await self._hcpcs.rbcs(subject.code, subject.as_of)
        if subject.system == "cpt":
            category = tuple(_category(rbcs))
            return Contribution((Panel("Category", facts=category),) if category else ())
        code = await self._hcpcs.code(subject.code, subject.as_of)
        if code is None:
            return Contribution(would_fill=(FILE,))
        noc = await self._hcpcs.noc(subject.code, subject.as_of)
        marked = f"Shown from the newest edition, {edition.message}." if edition.marked else ""
        panels = [
            Panel(
                "Dates and kind", facts=(*_days(code), _noc(code, noc.receipt is not None)), edition=marked
            ),
            _instead(code, subject.as_of),
            Panel("Coverage and pricing", facts=(*_pricing(code), *_category(rbcs)), edition=marked),
        ]
        return Contribution(tuple(panel for panel in panels if panel.facts or panel.table))


class CoverageSection:
    section: SectionKey = "medicare-coverage"
    systems = frozenset({"hcpcs"})

    def __init__(self, hcpcs: Hcpcs) -> None:
        self._hcpcs = hcpcs

    async def contribute(self, subject: Subject) -> Contribution:
        code = await self._hcpcs.code(subject.code, subject.as_of)
        if code is None:
            return Contribution(would_fill=(FILE,))
        facts = [Fact("Coverage code", _said(code.coverage), receipt=code.receipt)]
        for label, text in (
            ("Coverage Issues Manual", code.coverage_issues_manual),
            ("Medicare Carriers Manual", code.carriers_manual),
            ("Statute", code.statute),
        ):
            if text:
                facts.append(
                    Fact(
                        label,
                        text,
                        "As the file refers to it; the manual itself is not held.",
                        receipt=code.receipt,
                    )
                )
        edition = code.edition
        marked = f"Shown from the newest edition, {edition.message}." if edition.marked else ""
        return Contribution((Panel("Coverage by HCPCS Level II", facts=tuple(facts), edition=marked),))


class HistorySection:
    section: SectionKey = "history"
    systems = frozenset({"hcpcs"})

    def __init__(self, hcpcs: Hcpcs) -> None:
        self._hcpcs = hcpcs

    async def contribute(self, subject: Subject) -> Contribution:
        code = await self._hcpcs.code(subject.code, subject.as_of)
        if code is None:
            return Contribution()
        facts = [Fact("Added", _day(code.added), receipt=code.receipt)]
        if code.action.value:
            since = f"With effect from {code.acted.isoformat()}." if code.acted else ""
            facts.append(Fact("Last change", _said(code.action), since, receipt=code.receipt))
        if code.ended is not None:
            facts.append(Fact("Last day", code.ended.isoformat(), receipt=code.receipt))
        change = await self._hcpcs.change(subject.code, subject.as_of)
        if change.receipt is not None and change.edition.release is not None:
            facts.append(
                Fact(f"Change in {change.edition.release.edition}", change.text, receipt=change.receipt)
            )
        return Contribution((Panel("HCPCS Level II", facts=tuple(facts)),))


def _days(code: HcpcsCode) -> list[Fact]:
    facts = [Fact("Added", _day(code.added), receipt=code.receipt)]
    if code.ended is not None:
        facts.append(
            Fact(
                "Last day",
                code.ended.isoformat(),
                "It may be used to this day, inclusive.",
                "bad",
                code.receipt,
            )
        )
    return facts


def _instead(code: HcpcsCode, as_of: date) -> Panel:
    if not code.cross_references:
        return Panel("")
    ended = code.ended is not None and code.ended < as_of
    note = (
        "The code has ended: the file refers to these instead. Check that they were valid on the date."
        if ended
        else "The file refers to these; a reference stands for a code that ended or that Medicare doesn't take."
    )
    rows = tuple(PanelRow((_linked(other),), code.receipt) for other in code.cross_references)
    return Panel(
        "Codes referred to", note=note, table=PanelTable("Codes referred to", ("Code",), rows, len(rows))
    )


def _linked(code: str) -> Cell:
    if len(code) != 5:
        return Cell(f"Modifier {code}")
    return Cell(code, f"/codes/{'hcpcs' if code[0].isalpha() else 'cpt'}/{code}", code=True)


def _noc(code: HcpcsCode, listed: bool) -> Fact:
    if listed or is_noc(code.long_description):
        why = "It stands in the publisher's list of such codes." if listed else "Its description says so."
        return Fact(
            "Not otherwise classified",
            "Yes: it is for what has no code of its own, so the claim must say what was given or done.",
            why,
            receipt=code.receipt,
        )
    return Fact("Not otherwise classified", "No", "Neither its description nor the publisher's list says so.")


def _pricing(code: HcpcsCode) -> list[Fact]:
    receipt = code.receipt
    facts = [Fact("Coverage code", _said(code.coverage), receipt=receipt)]
    facts += [Fact("Pricing", _said(one), receipt=receipt) for one in code.pricing]
    if code.multiple_pricing.value not in ("", "A", "9"):
        facts.append(Fact("Several methods of pricing", _said(code.multiple_pricing), receipt=receipt))
    if (unit := unit_of(code.long_description)) is not None:
        facts.append(Fact("One unit", unit.text, "Read from the official description.", receipt=receipt))
    if code.surgical_center:
        since = f"Since {code.surgical_center_from.isoformat()}." if code.surgical_center_from else ""
        facts.append(
            Fact(
                "Surgical centers",
                "On Medicare's list for ambulatory surgical centers.",
                since,
                receipt=receipt,
            )
        )
    if code.outpatient_group and code.outpatient_group != "000":
        facts.append(Fact("Medicare outpatient group", code.outpatient_group, receipt=receipt))
    if code.laboratory:
        facts.append(
            Fact("Laboratory certification", "; ".join(map(_said, code.laboratory)),
                 "A laboratory certified for a main group may do the tests of its subgroups.", receipt=receipt)
        )  # fmt: skip
    facts.append(
        Fact("Type of service", "; ".join(map(_said, code.types_of_service)) or "None", receipt=receipt)
    )
    facts.append(Fact("BETOS category", _said(code.betos), receipt=receipt))
    if code.anesthesia_units:
        facts.append(Fact("Anesthesia base units", str(code.anesthesia_units), receipt=receipt))
    if code.processing_note:
        facts.append(
            Fact(
                "Processing note",
                f"Number {code.processing_note}",
                "The notes' text is not held.",
                receipt=receipt,
            )
        )
    return facts


class Groups:
    """Medicare's own groups (RBCS) as a name for codes whose titles are their owner's."""

    def __init__(self, hcpcs: Hcpcs) -> None:
        self._hcpcs = hcpcs

    async def group(self, code: str, as_of: date | None = None) -> Grouped | None:
        rbcs = await self._hcpcs.rbcs(code, as_of)
        if rbcs is None:
            return None
        kind = {
            "Major": "a major procedure",
            "Other": "another procedure",
            "Non-Procedure": "not a procedure",
        }
        kept = f", {kind[rbcs.procedure]}" if rbcs.procedure in kind else ""
        held = rbcs.edition.release
        groups = (
            f"Medicare's groups of codes (RBCS, {held.edition})" if held else "Medicare's groups of codes"
        )
        family = f"in “{rbcs.family}”, " if rbcs.family else ""
        return Grouped(
            rbcs.family, f"{groups} have it {family}under {rbcs.category}, {rbcs.subcategory}{kept}."
        )


def _category(rbcs: Rbcs | None) -> list[Fact]:
    if rbcs is None:
        return []
    parts = [rbcs.category, rbcs.subcategory, *([rbcs.family] if rbcs.family else [])]
    kind = {"Major": "Major procedure.", "Other": "Other procedure.", "Non-Procedure": "Not a procedure."}
    return [Fact("RBCS category", " > ".join(parts), kind.get(rbcs.procedure, ""), receipt=rbcs.receipt)]


def _said(one: Meaning) -> str:
    if not one.value:
        return "None is given."
    return f"{one.value}: {one.meaning}" if one.meaning else f"{one.value} (its meaning is not known here)"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "The file gives no date."
