"""What NCCI says of a code on its page: edits as Column 1 and as Column 2 by setting, unit limits, add-on codes."""

from datetime import date

from ahead.lookup.catalog.procedure_codes import code_system_of
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

from .kinds import SETTING_NAMES, Setting, in_a_sentence
from .schemas import AddOn, Mue, PtpEdit, PtpPage, Role
from .service import Ncci

SHOWN = 100
PTP_SETTINGS: tuple[Setting, ...] = ("practitioner", "outpatient_hospital")
_COLUMNS: dict[Role, str] = {"column1": "Column 1", "column2": "Column 2"}
_INDICATORS = {0: "0: no modifier bypasses it", 1: "1: a modifier may bypass it", 9: "9: never in force"}


class NcciSection:
    section: SectionKey = "ncci-edits"
    systems = frozenset({"cpt", "hcpcs"})

    def __init__(self, ncci: Ncci) -> None:
        self._ncci = ncci

    async def contribute(self, subject: Subject) -> Contribution:
        panels: list[Panel] = []
        missing: list[str] = []
        for setting in PTP_SETTINGS:
            pages = [await self._page(subject, setting, role) for role in ("column1", "column2")]
            if pages[0].edition.release is None:
                missing.append(f"NCCI PTP edits, {in_a_sentence(setting)}: {pages[0].edition.message}")
                continue
            panels += [
                _ptp_panel(subject, setting, role, page)
                for role, page in zip(("column1", "column2"), pages, strict=True)
            ]
        limits = [await self._ncci.mue(subject.code, setting, subject.as_of) for setting in SETTING_NAMES]
        if any(limit.edition.release for limit in limits):
            panels.append(_mue_panel(limits))
        else:
            missing.append(f"NCCI medically unlikely edits (MUE): {limits[0].edition.message}")
        add_on = await self._ncci.add_on(subject.code, subject.as_of)
        if add_on.edition.release is None:
            missing.append(f"NCCI add-on code edits: {add_on.edition.message}")
        else:
            panels.append(_add_on_panel(add_on))
        return Contribution(tuple(panels), tuple(missing))

    async def _page(self, subject: Subject, setting: Setting, role: Role) -> PtpPage:
        return await self._ncci.edits_of(setting, subject.code, role, subject.as_of, limit=SHOWN)


def edits_address(code: str, setting: str, role: str, as_of: date) -> str:
    """Where all edits of a code are, with a filter."""
    return f"/codes/{code_system_of(code)}/{code}/ncci-edits?setting={setting}&role={role}&as_of={as_of.isoformat()}"


def edit_row(edit: PtpEdit, role: Role) -> PanelRow:
    """The other code, the modifier indicator of this pair in this setting, the dates known, the rationale."""
    other = edit.column2 if role == "column1" else edit.column1
    return PanelRow(
        (
            Cell(other, f"/codes/{code_system_of(other)}/{other}", code=True),
            Cell(_INDICATORS[edit.modifier_indicator]),
            Cell(_dates(edit)),
            Cell(edit.rationale),
        ),
        edit.receipt,
    )


EDIT_COLUMNS = ("Code", "Modifier indicator", "In force", "Rationale")


def _dates(edit: PtpEdit) -> str:
    since = f"since {edit.effective.isoformat()}" if edit.effective else "start not published in this form"
    return f"{since}, to {edit.deleted.isoformat()}" if edit.deleted else since


def _ptp_panel(subject: Subject, setting: Setting, role: Role, page: PtpPage) -> Panel:
    name = f"{SETTING_NAMES[setting]}: {subject.dotted} as {_COLUMNS[role]}"
    if not page.total:
        release = page.edition.release
        assert release is not None
        return Panel(
            name,
            note=f"No edit in force has {subject.dotted} in {_COLUMNS[role]} ({release.edition}).",
            edition=_marked(page.edition),
        )
    allowed, never = page.by_indicator.get(1, 0), page.by_indicator.get(0, 0)
    what = "is paid, the other is not" if role == "column1" else "is not paid when the other is reported too"
    return Panel(
        name,
        note=f"{page.total:,} edits in force: in these {subject.dotted} {what}. An NCCI-associated modifier may "
        f"bypass {allowed:,} of them (indicator 1), none may bypass {never:,} (indicator 0).",
        table=PanelTable(
            name,
            EDIT_COLUMNS,
            tuple(edit_row(edit, role) for edit in page.edits),
            page.total,
            edits_address(subject.code, setting, role, subject.as_of) if page.total > len(page.edits) else "",
        ),
        edition=_marked(page.edition),
    )


def _mue_panel(limits: list[Mue]) -> Panel:
    facts: list[Fact] = []
    for limit in limits:
        name = SETTING_NAMES[limit.setting]  # pyright: ignore[reportArgumentType]
        if limit.units is None:
            facts.append(Fact(name, limit.why))
            continue
        plural = "" if limit.units == 1 else "s"
        facts.append(
            Fact(
                name,
                f"{limit.units:,} unit{plural}, MAI {limit.mai}",
                f"{limit.mai_text} Rationale: {limit.rationale}. {_marked(limit.edition)}".strip(),
                receipt=limit.receipt,
            )
        )
    return Panel("Medically unlikely edits (MUE)", facts=tuple(facts))


def _add_on_panel(found: AddOn) -> Panel:
    rows: list[PanelRow] = []
    for edit in (*found.edits, *found.as_primary):
        own = edit.add_on == found.code
        other = edit.primary if own else edit.add_on
        rows.append(
            PanelRow(
                (
                    Cell("Needs as primary" if own else "Is a primary of"),
                    Cell(other, f"/codes/{code_system_of(other)}/{other}", code=True)
                    if other
                    else Cell("Defined by the contractor"),
                    Cell(edit.type_text),
                ),
                edit.receipt,
            )
        )
    note = found.why
    if found.as_primary:
        note += (
            f" It is a primary of {len(found.as_primary):,} add-on code{'s' * (len(found.as_primary) != 1)}."
        )
    table = None
    if rows:
        table = PanelTable("Add-on relations", ("Relation", "Code", "Type"), tuple(rows[:SHOWN]), len(rows))
    return Panel("Add-on codes", note=note, table=table, edition=_marked(found.edition))


def _marked(edition: Edition) -> str:
    return f"Shown from the newest edition, {edition.message}." if edition.marked else ""
