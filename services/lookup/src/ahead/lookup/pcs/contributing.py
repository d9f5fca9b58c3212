"""What ICD-10-PCS says on a code's page: its table row, what each character means, and the index."""

from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Receipt
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

from .loading.nodes import SECTIONS
from .schemas import Chosen, Meaning, Value
from .service import Pcs, PcsTable
from .words import has_derived, named

_TABLES_FILE = "ICD-10-PCS tables (XML): the names of values"
_DEFINITIONS_FILE = "ICD-10-PCS definitions (XML): what each value means"
_INDEX_FILE = "ICD-10-PCS index (XML): the terms that lead here"
_DERIVED = "* read from the titles of the codes: the tables held don't have this value yet."
_ROWS_SHOWN = 40


class PcsGuidelines:
    section: SectionKey = "guidelines"
    systems = frozenset({"icd10pcs"})

    def __init__(self, pcs: Pcs) -> None:
        self._pcs = pcs

    async def contribute(self, subject: Subject) -> Contribution:
        release = subject.facts.release
        table = await self._pcs.table(release, subject.code[:3])
        if table is None:
            return Contribution()
        panels: list[Panel] = []
        missing: list[str] = [] if table.names_from else [_TABLES_FILE]
        if subject.billable:
            panels.append(_row_panel(table, subject.code))
        else:
            panels.append(_rows_panel(table))
        chosen = _chosen(table, subject.code)
        wanted = [(one.position, one.value.name) for one in chosen if one.value.name]
        meanings = await self._pcs.meanings(release, subject.code[0], wanted)
        if not meanings:
            missing.append(_DEFINITIONS_FILE)
        panels.append(_meanings_panel(table, subject, chosen, meanings))
        if (aggregates := await self._aggregates(table, subject)) is not None:
            panels.append(aggregates)
        if (index := await self._index(table, subject)) is not None:
            panels.append(index)
        else:
            missing.append(_INDEX_FILE)
        return Contribution(tuple(panels), tuple(missing))

    async def _aggregates(self, table: PcsTable, subject: Subject) -> Panel | None:
        """Where the code's device goes by another name, in its own body system."""
        if not subject.billable or table.axes[5] != "Device":
            return None
        device = table.value(subject.code, 6).name
        system = subject.facts.ancestors[-2].title if len(subject.facts.ancestors) > 1 else ""
        found = [
            one for one in await self._pcs.aggregates(table.release, device) if system in one.body_systems
        ]
        if not found:
            return None
        rows = tuple(
            PanelRow(
                (Cell(one.device), Cell(one.operation), Cell(f"{one.parent_value} {one.parent}")), one.receipt
            )
            for one in found
        )
        return Panel(
            "Device in other operations",
            "A device may have its own value where it is put in, and a general one where it is removed or revised.",
            table=PanelTable(
                "Devices", ("Device", "Named so in", "General value elsewhere"), rows, len(rows)
            ),
        )

    async def _index(self, table: PcsTable, subject: Subject) -> Panel | None:
        found = await self._pcs.index_entries(table.release, subject.code)
        if found is None:
            return None
        entries, total = found
        rows = tuple(
            PanelRow(
                (Cell(one.text), Cell("; ".join(one.words)), Cell(", ".join(one.targets), code=True)),
                one.receipt,
            )
            for one in entries
        )
        note = (
            f"Terms of the index of {entries[0].receipt.release}."
            if entries
            else ("No term of the index held leads here. Its table can be reached by the operation's name.")
        )
        if not entries:
            return Panel("Index", note)
        return Panel(
            "Index",
            note,
            table=PanelTable("Index entries that lead here", ("Term", "Says", "Leads to"), rows, total),
            edition=_marked(entries[0].receipt, subject),
        )


def _chosen(table: PcsTable, code: str) -> list[Chosen]:
    """The characters that a code, or the beginning that a table is, has."""
    section = SECTIONS[code[0]]
    system = table.title.removeprefix(f"{section}, ").removesuffix(table.operation).removesuffix(", ")
    heads = [section, system or section, table.operation]
    found = [
        Chosen(
            position,
            table.axes[position - 1],
            Value(code[position - 1], name, "official" if name else "not_held"),
        )
        for position, name in enumerate(heads, 1)
    ]
    if len(code) == 7:
        found += [Chosen(p, table.axes[p - 1], table.value(code, p)) for p in range(4, 8)]
    return found


def _row_panel(table: PcsTable, code: str) -> Panel:
    row = table.row_of(code)
    cells = tuple(Cell("; ".join(map(named, axis))) for axis in row.axes)
    note = f"Any combination of these values is a code: {row.codes:,} in this row, {len(table.titles):,} in the table."
    note += f" The row is made from the list of codes of {table.release.edition}"
    if table.names_from is not None:
        note += f", its names from the tables of {table.names_from.edition}"
    note += "."
    if has_derived(row):
        note += f" {_DERIVED}"
    return Panel(
        f"Row of table {table.code}: {table.title}",
        note,
        table=PanelTable(
            f"Row of table {table.code}",
            table.axes[3:],
            (PanelRow(cells, receipt_of(table.release, table.lines[code])),),
            1,
            more=f"/codes/icd10pcs/{table.code}",
        ),
    )


def _rows_panel(table: PcsTable) -> Panel:
    rows = tuple(
        PanelRow(
            tuple(Cell("; ".join(map(named, axis))) for axis in row.axes),
            receipt_of(table.release, table.line),
        )
        for row in table.rows[:_ROWS_SHOWN]
    )
    note = f"{len(table.titles):,} codes in {len(table.rows):,} rows; in each row the values combine freely."
    if any(has_derived(row) for row in table.rows):
        note += f" {_DERIVED}"
    return Panel(
        f"Table {table.code}: {table.title}",
        note,
        table=PanelTable(
            f"Rows of table {table.code}",
            table.axes[3:],
            rows,
            len(table.rows),
            more=f"/tools/pcs-builder?begins={table.code}",
        ),
    )


def _meanings_panel(
    table: PcsTable, subject: Subject, chosen: list[Chosen], meanings: dict[tuple[int, str], Meaning]
) -> Panel:
    rows: list[PanelRow] = []
    for one in chosen:
        meaning = meanings.get((one.position, one.value.name))
        said = _said(meaning)
        if not said and one.position == 3 and table.definition:
            said = table.definition
        name = one.value.name or "name not held: see the title"
        if one.value.origin == "derived":
            name += " (read from the title)"
        receipt = meaning.receipt if meaning else _own_receipt(table, subject.code, one)
        rows.append(
            PanelRow(
                (
                    Cell(f"{one.position} {one.axis}"),
                    Cell(one.value.value, code=True),
                    Cell(name),
                    Cell(said),
                ),
                receipt,
            )
        )
    source = next((meaning.receipt for meaning in meanings.values()), None)
    note = f"Definitions of {source.release}." if source else "No definitions are loaded."
    return Panel(
        "What each character means",
        note,
        table=PanelTable(
            "Characters",
            ("Character", "Value", "Name", "Definition and inclusion terms"),
            tuple(rows),
            len(rows),
        ),
        edition=_marked(source, subject),
    )


def _marked(receipt: Receipt | None, subject: Subject) -> str:
    """What has to be said of a book whose year has ended before the date; "" inside it."""
    if receipt is None or receipt.window_to is None or subject.as_of <= receipt.window_to:
        return ""
    return f"published to {receipt.window_to.isoformat()}; a later edition is not loaded"


def _said(meaning: Meaning | None) -> str:
    if meaning is None:
        return ""
    parts = [meaning.definition, meaning.explanation]
    if meaning.includes:
        parts.append(f"Includes: {'; '.join(meaning.includes)}")
    return ". ".join(part.rstrip(".") for part in parts if part)


def _own_receipt(table: PcsTable, code: str, one: Chosen) -> Receipt:
    """Of a name: its line in the tables, or the title that it was read from."""
    if one.position > 3 and one.value.origin == "official" and table.names_from is not None:
        return receipt_of(table.names_from, table.names[code][one.position - 4].row)
    return receipt_of(table.release, table.lines.get(code, table.line))


class PcsCompliance:
    """Seven characters, each of them a value of its table."""

    section: SectionKey = "compliance"
    systems = frozenset({"icd10pcs"})

    def __init__(self, pcs: Pcs) -> None:
        self._pcs = pcs

    async def contribute(self, subject: Subject) -> Contribution:
        release = subject.facts.release
        if subject.billable:
            length = Fact(
                "Length",
                "7 of 7 characters",
                "An ICD-10-PCS code always has seven.",
                "good",
                subject.facts.receipt,
            )
        else:
            more = f"Build it: /tools/pcs-builder?begins={subject.code}"
            length = Fact(
                "Length", f"{len(subject.code)} of 7 characters", more, "bad", subject.facts.receipt
            )
        setting = Fact(
            "Where it is reported",
            "Hospital inpatient claims",
            "Outpatient and professional claims have CPT and HCPCS codes.",
        )
        facts = [length, setting]
        facts += [
            Fact("New", f"Added with {release.edition}", receipt=change.receipt)
            for change in await self._pcs.changes(release, subject.code)
            if change.action == "add"
        ]
        return Contribution((Panel("ICD-10-PCS code", facts=tuple(facts)),))
