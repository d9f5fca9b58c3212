"""The one door to NCCI: `Ncci`."""

from collections.abc import Collection
from datetime import date

from ahead.lookup.catalog.procedure_codes import code_of
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Release
from ahead.shared.errors import BadInput

from . import repository as rows
from .kinds import SETTING_NAMES, Setting, Table, in_a_sentence, system_of
from .knowledge import ADD_ON_TEXTS, MAI_TEXTS, MODIFIER_TEXTS, in_force
from .loading.small import CONTRACTOR_DEFINED
from .models import day_of, number_of
from .repository import AddOnRow, MueRow, PtpRow
from .schemas import AddOn, AddOnEdit, Mue, Pair, PairStatus, PtpEdit, PtpPage, Role

PAGE_LIMIT = 500


class Ncci:
    """Edits, unit limits and add-on codes for any date of service.

    A verdict is given for dates inside the window of an edition, and for those of which a row itself tells (its
    deletion date). After the newest edition its rows are shown, marked, and the verdict is "not_checked".
    """

    def __init__(self, reader: SourceReader) -> None:
        self._reader = reader

    async def edition_for(self, system: str, as_of: date | None = None) -> Edition:
        """Which edition of one source answers for the date (default today)."""
        return await self._reader.edition(system, as_of)

    async def pair(self, setting: str, one: str, two: str, as_of: date | None = None) -> Pair:
        """The edit between two codes, whichever is Column 1.

        Raises:
            BadInput: no PTP edits are published for the setting, or that is no code.
        """
        system = _system("ptp", setting)
        first, second = code_of(one), code_of(two)
        edition = await self.edition_for(system, as_of)
        release = edition.release or await self._next_after(system, edition.as_of)
        found: tuple[PtpEdit, ...] = ()
        if release is not None:
            rid = release.id
            read = await self._reader.read(rid, lambda c: rows.pair_rows(c, rid, first, second))
            found = tuple(_edit(release, row, edition.as_of) for row in read)
        return _judged(setting, (first, second), found, edition)

    async def pairs(
        self, setting: str, codes: Collection[str], as_of: date
    ) -> tuple[Edition, dict[frozenset[str], Pair]]:
        """The edition for a date, and all pairs among the codes that have rows: one read, however many codes.

        Args:
            codes: as `code_of` gives them.
        """
        system = _system("ptp", setting)
        edition = await self.edition_for(system, as_of)
        release = edition.release or await self._next_after(system, edition.as_of)
        if release is None:
            return edition, {}
        read = await self._reader.read(release.id, lambda c: rows.pairs_among(c, release.id, codes))
        grouped: dict[tuple[str, str], list[PtpEdit]] = {}
        for row in read:
            key = (row.column1, row.column2) if row.column1 < row.column2 else (row.column2, row.column1)
            grouped.setdefault(key, []).append(_edit(release, row, edition.as_of))
        return edition, {
            frozenset(key): _judged(setting, key, tuple(found), edition) for key, found in grouped.items()
        }

    async def edits_of(
        self,
        setting: str,
        code: str,
        role: Role,
        as_of: date | None = None,
        *,
        offset: int = 0,
        limit: int = 100,
        starts: str = "",
    ) -> PtpPage:
        """Edits in force with the code in that column, by the other code. After the newest edition: those of its
        last day; where no edition is held for the date: none, and `edition.message` says so.

        Args:
            starts: only those whose other code begins so.
        """
        system, key = _system("ptp", setting), code_of(code)
        edition = await self.edition_for(system, as_of)
        offset, limit = max(offset, 0), min(max(limit, 1), PAGE_LIMIT)
        release = edition.release
        if release is None:
            return PtpPage((), 0, {}, offset, limit, edition)
        day = min(edition.as_of, release.window_to or date.max)
        found, counts = await self._reader.read(
            release.id,
            lambda c: rows.edits_of(
                c,
                release.id,
                key,
                as_column1=role == "column1",
                day=number_of(day),
                starts="".join(c for c in starts.upper() if c.isalnum()),
                offset=offset,
                limit=limit,
            ),
        )
        edits = tuple(_edit(release, row, edition.as_of) for row in found)
        return PtpPage(edits, sum(counts.values()), counts, offset, limit, edition)

    async def mue(self, code: str, setting: str, as_of: date | None = None) -> Mue:
        """The published limit of units; a code that is not listed has none published, which is not "unlimited"."""
        system, key = _system("mue", setting), code_of(code)
        edition = await self.edition_for(system, as_of)
        release = edition.release
        row = None
        if release is not None:
            row = await self._reader.read(release.id, lambda c: rows.mue_row(c, release.id, key))
        return _limit(setting, key, edition, row)

    async def mues(self, codes: Collection[str], setting: str, as_of: date) -> dict[str, Mue]:
        """`mue` of several codes in one read; codes as `code_of` gives them."""
        edition = await self.edition_for(_system("mue", setting), as_of)
        release = edition.release
        found: dict[str, MueRow] = {}
        if release is not None:
            found = await self._reader.read(release.id, lambda c: rows.mue_rows(c, release.id, codes))
        return {code: _limit(setting, code, edition, found.get(code)) for code in codes}

    async def add_on(self, code: str, as_of: date | None = None) -> AddOn:
        """Which primaries an add-on code needs, by type, and of which add-ons the code is a primary."""
        key = code_of(code)
        edition = await self.edition_for("add-on", as_of)
        release, day = edition.release, edition.as_of
        if release is None:
            why = f"Not checked. {edition.message}"
            return AddOn(key, day, "not_checked", why, (), False, (), edition)
        own, others = await self._reader.read(release.id, lambda c: rows.add_on_rows(c, release.id, key))
        return _add_on_of(key, edition, release, own, others)

    async def add_ons(self, codes: Collection[str], as_of: date) -> dict[str, AddOn]:
        """`add_on` of several codes in one read, without the codes that they are primaries of."""
        edition = await self.edition_for("add-on", as_of)
        release, day = edition.release, edition.as_of
        if release is None:
            why = f"Not checked. {edition.message}"
            return {code: AddOn(code, day, "not_checked", why, (), False, (), edition) for code in codes}
        found: dict[str, list[AddOnRow]] = {}
        for row in await self._reader.read(release.id, lambda c: rows.add_on_rows_of(c, release.id, codes)):
            found.setdefault(row.add_on, []).append(row)
        return {code: _add_on_of(code, edition, release, found.get(code, []), []) for code in codes}

    async def _next_after(self, system: str, day: date) -> Release | None:
        """Before an edition: the next one, whose deleted rows tell of single days."""
        later = [r for r in await self._reader.releases(system) if r.window_from > day]
        return min(later, key=lambda r: (r.window_from, -r.id), default=None)


def _judged(setting: str, codes: tuple[str, str], found: tuple[PtpEdit, ...], edition: Edition) -> Pair:
    """What the rows of a pair mean on the date."""
    known = next((edit for edit in found if edit.in_force), None)
    shown = known or (_last(found) if edition.marked else None)
    status: PairStatus = "edit" if known else "no_edit" if edition.status == "held" else "not_checked"
    why = _why_pair(edition, shown, known is not None, codes)
    return Pair(setting, codes, edition.as_of, status, why, shown, found, edition)


def _limit(setting: str, code: str, edition: Edition, row: MueRow | None) -> Mue:
    release, day = edition.release, edition.as_of
    name = in_a_sentence(_setting(setting))
    if release is None:
        why = f"Not checked. {edition.message}"
        return Mue(setting, code, day, "not_checked", why, None, None, "", "", None, edition)
    mark = f"Not checked: {edition.message}. " if edition.marked else ""
    if row is None:
        why = (
            f"{mark}{code} has no published limit for {name} in {release.edition}, which is not “unlimited”."
        )
        status = "not_checked" if edition.marked else "no_published_limit"
        return Mue(setting, code, day, status, why, None, None, "", "", None, edition)
    units = f"{row.units:,} unit{'' if row.units == 1 else 's'}"
    why = f"{mark}At most {units} of {code} for {name} ({release.edition})."
    receipt = receipt_of(release, row.source_row)
    status = "not_checked" if edition.marked else "published"
    return Mue(
        setting, code, day, status, why, row.units, row.mai, MAI_TEXTS[row.mai], row.rationale, receipt, edition
    )  # fmt: skip


def _add_on_of(
    code: str, edition: Edition, release: Release, own: list[AddOnRow], others: list[AddOnRow]
) -> AddOn:
    edits = tuple(_add_on(release, row) for row in own)
    primary = tuple(_add_on(release, row) for row in others)
    complete = bool(edits) and all(edit.type == 1 and edit.primary for edit in edits)
    if not edits:
        why = f"{code} is not in the add-on edits of {release.edition}."
    elif complete:
        why = f"{code} needs one of {len(edits):,} primary codes on the same claim or date."
    else:
        why = f"{code} is an add-on code whose primaries are not all listed: another primary is not checked."
    day = edition.as_of
    if edition.marked:
        why = f"Not checked: {edition.message}. {why}"
        return AddOn(code, day, "not_checked", why, edits, complete, primary, edition)
    return AddOn(code, day, "listed" if edits else "not_listed", why, edits, complete, primary, edition)


def _setting(text: str) -> Setting:
    for setting in SETTING_NAMES:
        if setting == text:
            return setting
    raise BadInput(
        f"{text[:40]!r} is no setting.", slug="unknown-setting", hint=f"Settings: {', '.join(SETTING_NAMES)}."
    )


def _system(table: Table, setting: str) -> str:
    try:
        return system_of(table, _setting(setting))
    except KeyError:
        raise BadInput(
            "No procedure-to-procedure edits are published for DME suppliers.",
            slug="unknown-setting",
            hint="Choose practitioner or outpatient_hospital.",
        ) from None


def _edit(release: Release, row: PtpRow, as_of: date) -> PtpEdit:
    return PtpEdit(
        row.column1,
        row.column2,
        row.modifier,
        MODIFIER_TEXTS[row.modifier],
        row.rationale,
        day_of(row.effective_on),
        day_of(row.deleted_on),
        in_force(row, as_of, release.window_from, release.window_to or date.max),
        receipt_of(release, row.source_row, row.source_file),
    )


def _last(edits: tuple[PtpEdit, ...]) -> PtpEdit | None:
    """Past the newest edition: the row that it leaves in force."""
    return next((edit for edit in edits if edit.in_force is None), None)


def _why_pair(edition: Edition, edit: PtpEdit | None, known: bool, codes: tuple[str, str]) -> str:
    said = ""
    if edit is not None:
        said = (
            f"{edit.column2} is Column 2 of {edit.column1} (modifier indicator {edit.modifier_indicator}): "
            f"{edit.rationale}. {edit.modifier_text}"
        )
    if known:
        return said
    if edition.status == "held":
        return f"No edit between {codes[0]} and {codes[1]} is in force on this date."
    if edition.marked:
        return f"Not checked: {edition.message}. {said or 'The newest edition has no edit between them.'}"
    return f"Not checked. {edition.message}"


def _add_on(release: Release, row: AddOnRow) -> AddOnEdit:
    primary = None if row.primary == CONTRACTOR_DEFINED else row.primary
    return AddOnEdit(
        row.add_on, primary, row.type, ADD_ON_TEXTS[row.type], receipt_of(release, row.source_row)
    )
