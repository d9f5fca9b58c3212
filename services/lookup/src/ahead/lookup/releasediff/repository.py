"""Reads all places of an edition in one pass."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from ahead.lookup.catalog.models import NODES

_CHUNK = 10_000


class Place(NamedTuple):
    dotted: str
    kind: str
    title: str
    origin: str
    billable: bool
    file: int
    row: int


def places(connection: Connection, release_id: int) -> dict[str, Place]:
    """Categories, headings and codes by key. Chapters and sections are left out: they are
    no codes."""
    c = NODES.c
    query = (
        select(c.code, c.dotted, c.kind, c.title, c.title_origin, c.billable, c.source_file, c.source_row)
        .where(c.release_id == release_id, c.kind.not_in(("chapter", "section")))
        .execution_options(yield_per=_CHUNK)
    )
    return {code: Place(*rest) for code, *rest in connection.execute(query)}
