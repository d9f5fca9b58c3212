"""Makes an edition of ICD-10-CM from the official text files: order file, list of codes, addenda."""

from dataclasses import dataclass, replace
from datetime import timedelta

from .held import Before
from .icd10cm_groups import Group, Window
from .icd10cm_headings import rows_with_headings
from .icd10cm_lists import Addenda, ListedCode, read_addenda, read_codes, read_order
from .icd10cm_tree import Row
from .recognise import Source
from .refusal import Refused


@dataclass(frozen=True)
class Files:
    """The files of an edition; a row's `file` counts into `sources`."""

    order: Source | None
    codes: Source | None
    addenda: Source | None
    order_addenda: Source | None

    @classmethod
    def of(cls, group: Group) -> "Files":
        found = cls(
            group.only("icd10cm-order"),
            group.only("icd10cm-codes"),
            group.only("icd10cm-addenda"),
            group.only("icd10cm-order-addenda"),
        )
        if found.order is None and found.codes is None and found.addenda is None:
            raise Refused(group.sources[0].name, "changes headings only: the list of codes is missing")
        return found

    @property
    def sources(self) -> tuple[Source, ...]:
        """Always in this order, so that the same files have the same hash however they are given."""
        return tuple(s for s in (self.order, self.codes, self.addenda, self.order_addenda) if s is not None)

    def place(self, source: Source) -> int:
        return self.sources.index(source)


def read_rows(files: Files, window: Window, before: Before | None) -> list[Row]:
    """Every heading and code of the edition, headings before the codes below them.

    Args:
        before: the edition before; needed when there is no order file.

    Raises:
        Refused: a file has another form, or the files don't belong together.
    """
    addenda = read_addenda(files.addenda) if files.addenda else None
    listed = read_codes(files.codes) if files.codes else None
    headings = read_addenda(files.order_addenda) if files.order_addenda else None
    if files.order is not None:
        order = read_order(files.order)
        _same_codes([row for row in order if row.billable], files.order, listed, files.codes, addenda)
        if listed is None and addenda is not None:
            _same_count(len([row for row in order if row.billable]), addenda, files.addenda)
        return [
            Row(r.code, r.billable, r.short_title, r.title, "official", files.place(files.order), r.line)
            for r in order
        ]
    if before is None:
        raise Refused(
            files.sources[0].name,
            "comes without an order file, so that it needs the edition before it: load that first",
        )
    adjoins = before.window_to is not None and before.window_to + timedelta(days=1) == window.start
    codes = _codes(files, listed, addenda, before, adjoins)
    added: dict[str, Row] = {}
    if headings is not None and files.order_addenda is not None:
        place = files.place(files.order_addenda)
        for change in headings.changes:
            if change.action in ("add", "revise to") and not change.billable:
                added[change.code] = Row(change.code, False, "", change.title, "official", place, change.line)
    return _keep_files(rows_with_headings(codes, 0, before.rows, added), files, listed, addenda, before)


def _codes(
    files: Files,
    listed: list[ListedCode] | None,
    addenda: Addenda | None,
    before: Before,
    adjoins: bool,
) -> list[ListedCode]:
    """The billable codes: as listed, else those before with the changes."""
    changed = None
    if addenda is not None and files.addenda is not None and adjoins and before.official:
        changed = _changed(addenda, files.addenda, before)
    if listed is not None:
        if changed is not None and changed.keys() != {code.code for code in listed}:
            differing = sorted(changed.keys() ^ {code.code for code in listed})
            raise Refused(
                files.sources[0].name,
                f"does not follow from {before.edition} by its addenda: {len(differing)} codes differ "
                f"({', '.join(differing[:4])}, ...)",
            )
        if addenda is not None:
            _same_count(len(listed), addenda, files.addenda)
        return listed
    if changed is None:
        raise Refused(
            files.sources[0].name,
            "has changes only: they need the official edition that ends on the day before",
        )
    return [changed[code] for code in sorted(changed)]


def _changed(addenda: Addenda, source: Source, before: Before) -> dict[str, ListedCode]:
    codes = {
        row.code: ListedCode(row.code, True, row.short_title, row.title, 0)
        for row in before.rows.values()
        if row.billable
    }
    for change in addenda.changes:
        held = change.code in codes
        if (change.action == "add") == held:
            what = "adds" if held else f"{change.action}s".replace("revise froms", "revises")
            state = f"{before.edition} has already" if held else f"{before.edition} hasn't"
            raise Refused(source.name, f"{what} {change.code}, which {state}", line=change.line)
        if change.action == "delete":
            del codes[change.code]
        elif change.action != "revise from":
            codes[change.code] = ListedCode(change.code, True, "", change.title, change.line)
    _same_count(len(codes), addenda, source)
    return codes


def _keep_files(
    rows: list[Row],
    files: Files,
    listed: list[ListedCode] | None,
    addenda: Addenda | None,
    before: Before,
) -> list[Row]:
    """Says of each code in which file it stands: an unchanged one of addenda-only releases, in the edition
    before."""
    if listed is not None and files.codes is not None:
        place = files.place(files.codes)
        shorts = {code: row.short_title for code, row in before.rows.items()}
        return [
            replace(row, file=place, short_title=_short(row, shorts, before))
            if row.billable or row.origin == "derived"
            else row
            for row in rows
        ]
    assert addenda is not None, "checked before"
    assert files.addenda is not None, "checked before"
    place = files.place(files.addenda)
    changed = {change.code for change in addenda.changes if change.action != "delete"}
    return [
        replace(row, file=place)
        if row.code in changed or row.origin == "derived"
        else (before.rows[row.code] if row.billable else row)
        for row in rows
    ]


def _short(row: Row, shorts: dict[str, str], before: Before) -> str:
    """A short title carries over with an unchanged long one."""
    known = before.rows.get(row.code)
    return shorts[row.code] if known is not None and known.title == row.title else ""


def _same_codes(
    order: list[ListedCode],
    order_file: Source,
    listed: list[ListedCode] | None,
    codes_file: Source | None,
    addenda: Addenda | None,
) -> None:
    """The list of codes repeats the billable lines of the order file, long titles included."""
    if listed is None or codes_file is None:
        return
    titles = {row.code: row.title for row in order}
    for row in listed:
        if titles.get(row.code) != row.title:
            what = "another title" if row.code in titles else "no billable line"
            raise Refused(codes_file.name, f"{order_file.name} has {what} for {row.code}", line=row.line)
    if len(listed) != len(order):
        missing = sorted(titles.keys() - {row.code for row in listed})
        raise Refused(
            codes_file.name,
            f"lacks {len(missing)} codes that are billable in {order_file.name} ({', '.join(missing[:3])}, ...)",
        )


def _same_count(codes: int, addenda: Addenda, source: Source | None) -> None:
    if source is not None and addenda.codes is not None and addenda.codes != codes:
        raise Refused(source.name, f"counts {addenda.codes:,} codes; there are {codes:,}")
