"""Index entries on a code's page: which terms lead here."""

from ahead.lookup.codes.panels import Cell, Contribution, Panel, PanelRow, PanelTable, SectionKey, Subject

from .kinds import KINDS
from .schemas import Leading, LeadingTerms
from .service import Indexes

SHOWN = 40

_ROLES = {
    "code": "",
    "manifestation": "as the manifestation, second",
    "see_category": "see category",
    "see_subcategory": "see subcategory",
}


class IndexSection:
    """Part of the guidelines section of ICD-10-CM."""

    section: SectionKey = "guidelines"
    systems = frozenset({"icd10cm"})

    def __init__(self, indexes: Indexes) -> None:
        self._indexes = indexes

    async def contribute(self, subject: Subject) -> Contribution:
        panels: list[Panel] = []
        missing: list[str] = []
        for found in await self._indexes.leading_to(subject.code, subject.as_of, limit=SHOWN):
            if found.edition.status == "nothing_loaded":
                missing.append(f"{KINDS[found.book].name} (XML): the terms that lead here")
            elif found.edition.release is None:
                panels.append(Panel(_title(found), note=found.edition.message))
            elif found.terms:
                panels.append(_panel(found))
        return Contribution(tuple(panels), tuple(missing))


def _title(found: LeadingTerms) -> str:
    return f"Leads here: {KINDS[found.book].short}"


def _panel(found: LeadingTerms) -> Panel:
    release = found.edition.release
    assert release is not None, "it has terms"
    note = release.remark if release.remark.startswith("The file says of itself") else ""
    rows = tuple(_row(found, one) for one in found.terms)
    table = PanelTable(
        f"Terms of the {KINDS[found.book].short}, {release.edition}",
        ("Term", "Leads to", "How"),
        rows,
        found.total,
    )
    return Panel(_title(found), note=note, table=table, edition=_marked(found))


def _marked(found: LeadingTerms) -> str:
    edition = found.edition
    if not edition.marked or edition.release is None:
        return ""
    return f"The {edition.release.edition} edition, {edition.message}."


def _row(found: LeadingTerms, one: Leading) -> PanelRow:
    term = one.term
    how = _ROLES.get(one.role, one.role)
    if not one.exact:
        how = f"{how}; complete the code" if how else "complete the code"
    path = " › ".join((*term.path, term.title))
    address = f"/tools/{_tool(found)}at={term.ordinal}"
    return PanelRow((Cell(path, href=address), Cell(one.printed, code=True), Cell(how)), term.receipt)


def _tool(found: LeadingTerms) -> str:
    as_of = f"as_of={found.edition.as_of.isoformat()}&"
    if KINDS[found.book].columns:
        return f"{found.book}?{as_of}"
    return f"index-walk?index={found.book}&{as_of}"
