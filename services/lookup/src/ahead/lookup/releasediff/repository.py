"""Reads all places of an edition in one pass."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from ahead.lookup.catalog.models import NODES

_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    dotted: str
    kind: str
    title: str
    origin: str
    billable: bool
    file: int
    row: int


def places(connection: Connection, release_id: int) -> dict[str, Place]:
    """Categories, headings and codes by key, in the order of the list. Chapters and sections are left out: they are
    no codes."""
    c = NODES.c
    query = (
        select(c.code, c.dotted, c.kind, c.title, c.title_origin, c.billable, c.source_file, c.source_row)
        .where(c.release_id == release_id, c.kind.not_in(("chapter", "section")))
        .order_by(c.ordinal)
        .execution_options(yield_per=_CHUNK)
    )
    return {
        code: Place(dotted, kind, title, origin, bool(billable), file, row)
        for code, dotted, kind, title, origin, billable, file, row in connection.execute(query)
    }
