"""HCCs on the page of a diagnosis."""

from ahead.lookup.codes.panels import Cell, Contribution, Panel, PanelRow, PanelTable, SectionKey, Subject

from .service import Hcc

TITLE = "HCC (risk adjustment)"


class HccSection:
    section: SectionKey = "crosswalks"
    systems = frozenset({"icd10cm"})

    def __init__(self, hcc: Hcc) -> None:
        self._hcc = hcc

    async def contribute(self, subject: Subject) -> Contribution:
        if not subject.billable:
            return Contribution()
        told = await self._hcc.of(subject.code, subject.as_of)
        if not told.categories:
            receipts = (told.receipt,) if told.receipt is not None else ()
            return Contribution((Panel(TITLE, note=told.why, receipts=receipts),))
        rows = tuple(
            PanelRow((Cell(one.model), Cell(f"HCC {one.category}"), Cell(one.label)), one.receipt)
            for one in told.categories
        )
        note = told.why
        if told.without:
            note += f" Without a category in: {', '.join(told.without)}."
        title = f"HCCs of {subject.dotted}, payment year {told.payment_year}"
        table = PanelTable(title, ("Model", "Category", "Name"), rows, len(rows))
        return Contribution((Panel(TITLE, note=note, table=table),))
