"""Is each code of a list valid and billable on a date? Judged by the same rules as a code page."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ahead.lookup.catalog import spelling
from ahead.lookup.catalog.editions import PARTIAL
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition
from ahead.lookup.catalog.validity import JUDGED_AFTER, complete
from ahead.lookup.tools.schemas import Status
from ahead.shared.errors import BadInput

from .repository import CodeRow, code_rows
from .schemas import MOST, ListAnswer, ListAsked, ListResult

_BETWEEN = re.compile(r"[\s,;|]+")
_MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class _Held:
    """One code system for the date: its edition, and those of the wanted codes that it has."""

    system: str
    edition: Edition
    rows: dict[str, CodeRow]


class CodeLists:
    def __init__(self, sources: SourceReader) -> None:
        self._sources = sources

    async def check(self, asked: ListAsked, as_of: date | None) -> ListAnswer:
        """Every code of the list in its order, each by itself, also when it stands twice.

        Raises:
            BadInput: no code, more than `MOST`, or there is no such code system.
        """
        typed = read_list(asked)
        systems = _systems(asked.system)
        keys = {system: _keys(system, typed) for system in systems}
        held = [await self._held(system, keys[system].values(), as_of) for system in systems]
        results = tuple(
            _judged(number, text, [(one, keys[one.system].get(text)) for one in held])
            for number, text in enumerate(typed, start=1)
        )
        day = as_of or self._sources.today()
        counts = {
            status: sum(r.status == status for r in results) for status in ("pass", "fail", "not_checked")
        }
        return ListAnswer(day, len(results), counts["pass"], counts["fail"], counts["not_checked"], results)

    async def _held(self, system: str, keys: Iterable[str], as_of: date | None) -> _Held:
        edition = await self._sources.edition(system, as_of)
        release = edition.release
        wanted = list(dict.fromkeys(keys))
        if release is None or not wanted:
            return _Held(system, edition, {})
        rows = await self._sources.read(release.id, lambda c: code_rows(c, release.id, system, wanted))
        return _Held(system, edition, rows)


def read_list(asked: ListAsked) -> list[str]:
    """The codes as typed, without what stands between them."""
    if len(asked.text) > _MAX_TEXT:
        raise BadInput(f"The list has more than {_MAX_TEXT:,} characters.", slug="bad-list")
    typed = [code.strip() for code in (*asked.codes, *_BETWEEN.split(asked.text)) if code.strip()]
    if not typed:
        raise BadInput("No code was given.", slug="bad-list", hint="Paste codes, one a line.")
    if len(typed) > MOST:
        raise BadInput(f"The list has {len(typed):,} codes; at most {MOST:,} are taken.", slug="bad-list")
    return typed


def _systems(system: str) -> tuple[str, ...]:
    if not system:
        return tuple(spelling.SYSTEMS)
    if system not in spelling.SYSTEMS:
        raise BadInput(
            "There is no code system of that name.",
            slug="unknown-system",
            hint="Code systems here are: " + ", ".join(spelling.SYSTEMS) + ".",
        )
    return (system,)


def _keys(system: str, typed: Iterable[str]) -> dict[str, str]:
    """Typed → key, of what can be a code of the system."""
    found: dict[str, str] = {}
    for text in typed:
        try:
            found[text] = spelling.read(system, text).key
        except BadInput:
            continue
    return found


def _judged(number: int, typed: str, answers: list[tuple[_Held, str | None]]) -> ListResult:
    able = [(held, key) for held, key in answers if key is not None]
    has = [(held, held.rows[key]) for held, key in able if key in held.rows]
    if has:
        held, row = has[0]
        status, why, fix = _verdict(held, row)
        release = held.edition.release
        receipts = (receipt_of(release, row.source_row, row.source_file),) if release is not None else ()
        title = "" if row.title_origin == "not_held" else row.title
        also = tuple(other.system for other, _ in has[1:])
        return ListResult(
            "validity", status, (number,), why, fix, receipts, typed, held.system, row.dotted, title, also
        )
    if not able:
        why = f"{typed[:40]!r} can't be a code of {_named([held for held, _ in answers])}."
        return ListResult(
            "validity", "fail", (number,), why, "Check how it is written.", (), typed, "", "", ""
        )
    silent = [held for held, _ in able if held.edition.status != "held" and held.system not in JUDGED_AFTER]
    silent += [held for held, _ in able if held.edition.release is None and held.system in JUDGED_AFTER]
    some = [held for held, _ in able if (release := held.edition.release) and release.kind in PARTIAL]
    if silent or some:
        said = [f"{spelling.SYSTEMS[held.system]}: {held.edition.message}" for held in silent]
        said += [
            f"{spelling.SYSTEMS[held.system]}: the list held has some numbers, not all"
            for held in some
            if held not in silent
        ]
        fix = "Check the number against the CPT book of that year." if some else ""
        why = f"Not checked. {'; '.join(one.rstrip('.') for one in said)}."
        return ListResult("validity", "not_checked", (number,), why, fix, (), typed, "", "", "")
    why = f"There is no such code in {_named([held for held, _ in able])} on this date."
    return ListResult("validity", "fail", (number,), why, "Look for it in the search.", (), typed, "", "", "")


def _verdict(held: _Held, row: CodeRow) -> tuple[Status, str, str]:
    edition, name = held.edition, spelling.SYSTEMS[held.system]
    assert edition.release is not None, "it has a row"
    if edition.marked and held.system not in JUDGED_AFTER:
        return (
            "not_checked",
            f"Not checked: {edition.message}. The code is in {name} {edition.release.edition}.",
            "",
        )
    day = edition.as_of.year * 10_000 + edition.as_of.month * 100 + edition.as_of.day
    by = f"{name} {edition.release.edition}" + (f", {edition.message}" if edition.marked else "")
    if row.first_day is not None and day < row.first_day:
        return "fail", f"Not valid yet: added on {_iso(row.first_day)} ({by}).", "Use a code of that time."
    if row.last_day is not None and day > row.last_day:
        return (
            "fail",
            f"Not valid: it ended on {_iso(row.last_day)} ({by}).",
            "See the code's page for what it refers to.",
        )
    if row.billable:
        return "pass", f"{complete(held.system)} ({by}).", ""
    if row.kind in ("chapter", "section"):
        return "fail", f"A {row.kind} of {by}, not a code.", "Choose a code below it."
    plural = "" if row.codes_below == 1 else "s"
    return (
        "fail",
        f"Not billable: a heading in {by}.",
        f"Choose one of the {row.codes_below:,} code{plural} below it.",
    )


def _iso(number: int) -> str:
    return date(number // 10_000, number // 100 % 100, number % 100).isoformat()


def _named(held: list[_Held]) -> str:
    names = [spelling.SYSTEMS[one.system] for one in held]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


COLUMNS = ("line", "typed", "system", "code", "title", "status", "why", "fix", "file", "row")


def as_csv(answer: ListAnswer) -> str:
    """The answer as a table for a spreadsheet. A cell that a spreadsheet would take for a formula gets a quote."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in answer.results:
        receipt = one.receipts[0] if one.receipts else None
        cells = (
            str(one.lines[0]), one.typed, one.system, one.code, one.title, one.status, one.why, one.fix,
            receipt.file_name if receipt else "", str(receipt.row) if receipt else "",
        )  # fmt: skip
        writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell for cell in cells])
    return out.getvalue()
