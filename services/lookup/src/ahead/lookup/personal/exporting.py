"""What an account keeps, as comma-separated text."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from litestar import Response

from ahead.shared.auth.principal import Principal

from .schemas import KeptCode, Overview, OwnList
from .service import Personal

Kind = Literal["favourites", "notes", "keywords", "lists", "recent"]
KINDS: tuple[Kind, ...] = ("favourites", "notes", "keywords", "lists", "recent")
COLUMNS = ("kind", "name", "place", "system", "code", "title", "note", "at")
# What a spreadsheet takes for the beginning of a formula, also in full width and after blanks.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(cell: str) -> str:
    """A cell that a spreadsheet shows as text, whatever it begins with."""
    return f"'{cell}" if cell.lstrip(" ")[:1] in _FORMULA and cell.strip(" ") else cell


async def export(
    personal: Personal, principal: Principal, kind: Kind | None = None, list_id: str | None = None
) -> Response[str]:
    """Everything, one kind of it, or one list.

    Raises:
        NotFound: the asker has no such list.
    """
    if list_id is not None:
        one = await personal.lists.one(principal.subject, list_id)
        return _answer(_of_lists([one]), "list")
    kept = await personal.overview(principal)
    lists: list[OwnList] = []
    if kind in (None, "lists"):
        lists = [await personal.lists.one(principal.subject, info.id) for info in kept.lists]
    rows = [row for row in (*_of(kept), *_of_lists(lists)) if kind is None or row[0] == kind]
    return _answer(rows, kind or "all")


Row = tuple[str, ...]


def _of(kept: Overview) -> Iterator[Row]:
    for one in kept.favourites:
        yield _row("favourites", one, at=one.at)
    for one in kept.notes:
        yield _row("notes", one, note=one.note, at=one.at)
    for keyword in kept.keywords:
        for place, one in enumerate(keyword.codes, start=1):
            yield _row("keywords", one, keyword.keyword, place)
    for one in kept.recent:
        yield _row("recent", one, at=one.at)


def _of_lists(lists: Iterable[OwnList]) -> Iterator[Row]:
    for held in lists:
        for place, one in enumerate(held.codes, start=1):
            yield _row("lists", one, held.name, place)


def _row(
    kind: Kind, one: KeptCode, name: str = "", place: int = 0, note: str = "", at: datetime | None = None
) -> Row:
    when = at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
    return kind, name, str(place or ""), one.system, one.code, one.title, note, when


def _answer(rows: Iterable[Row], name: str) -> Response[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return Response(
        out.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="my-codes-{name}.csv"'},
    )
