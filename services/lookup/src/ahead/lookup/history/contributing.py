"""The history section of a code's page: the editions held, side by side."""

from datetime import date

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
from ahead.lookup.gems.service import Crosswalks

from .schemas import EditionOfCode, History
from .service import Histories


class HistorySection:
    section: SectionKey = "history"
    systems = frozenset({"icd10cm", "icd10pcs", "icd9cm", "hcpcs", "msdrg"})

    def __init__(self, histories: Histories, crosswalks: Crosswalks) -> None:
        self._histories = histories
        self._crosswalks = crosswalks

    async def contribute(self, subject: Subject) -> Contribution:
        history = await self._histories.of(subject.system, subject.code)
        panels = [_panel(history, subject)]
        if subject.system == "icd10cm" and (panel := await self._conversions(subject)) is not None:
            panels.append(panel)
        return Contribution(tuple(panels))

    async def _conversions(self, subject: Subject) -> Panel | None:
        """When the code came, and what came after it, where the conversion table says so."""
        edition, own, later = await self._crosswalks.conversions(subject.code, subject.as_of)
        facts = [
            Fact(
                "New since",
                one.effective.isoformat(),
                f"Before it: {one.previous or 'none'}.",
                receipt=one.receipt,
            )
            for one in own
        ]
        facts += [
            Fact("Followed by", one.code, f"Since {one.effective.isoformat()}.", receipt=one.receipt)
            for one in later
        ]
        if not facts:
            return None
        marked = (
            f"The table of {edition.release.edition}, {edition.message}."
            if edition.marked and edition.release
            else ""
        )
        return Panel("What the conversion table says", facts=tuple(facts), edition=marked)


def _panel(history: History, subject: Subject) -> Panel:
    editions = history.editions
    pairs = list(zip(editions, (None, *editions), strict=False))
    rows = tuple(_row(one, before, subject) for one, before in reversed(pairs))
    if len(editions) < 2:
        note = "One edition is held: there is nothing to compare it with."
    else:
        first, last = editions[0], editions[-1]
        note = (
            f"{len(editions)} editions are held, from {first.window_from.isoformat()}"
            f" to {last.window_to.isoformat() if last.window_to else 'further notice'}. What happened before the "
            "first of them is not known here. Titles are compared where both are as printed."
        )
    table = PanelTable(
        "Editions held, the newest first",
        ("Edition", "In force", "Title", "Billable", "Change", "Compare"),
        rows,
        len(rows),
    )
    return Panel("Editions", note=note, table=table)


def _row(one: EditionOfCode, before: EditionOfCode | None, subject: Subject) -> PanelRow:
    until = one.window_to.isoformat() if one.window_to else "further notice"
    change = "; ".join(f"{c.text} Was: “{c.before}”." if c.kind == "revised" else c.text for c in one.changes)
    day = max(one.window_from, min(subject.as_of, one.window_to or date.max))
    address = f"/codes/{subject.system}/{subject.dotted}?as_of={day.isoformat()}" if one.held else ""
    compare = _comparison(one, before, subject)
    return PanelRow(
        (
            Cell(one.edition, href=address),
            Cell(f"{one.window_from.isoformat()} to {until}"),
            Cell(one.title if one.held else "not in it"),
            Cell(("Yes" if one.billable else "No") if one.held else "–"),
            Cell(change),
            Cell("Both pages" if compare else "", href=compare),
        ),
        one.receipt,
    )


def _comparison(one: EditionOfCode, before: EditionOfCode | None, subject: Subject) -> str:
    """Where the whole page is compared between the last day of an edition and the first of the next."""
    if before is None or not (one.held and before.held):
        return ""
    day = before.window_to or before.window_from
    if day >= one.window_from:
        return ""
    return f"/codes/{subject.system}/{subject.dotted}/diff?from={day.isoformat()}&to={one.window_from.isoformat()}"
