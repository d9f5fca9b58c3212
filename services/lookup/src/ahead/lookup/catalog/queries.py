"""The catalogue's queries: plain functions of a connection, for a release's own file and PostgreSQL alike."""

import string
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from .inheritance import assemble
from .models import CODE_DATES, DATED_SYSTEMS, FLAT_SYSTEMS, NODES, NOTES
from .schemas import VALIDITY_CHOICES, CodeFacts, CodeReference, Node, Note, Page, Release

_NODE_COLUMNS = [NODES.c[name] for name in Node.__struct_fields__]
_NOTE_COLUMNS = [NOTES.c[name] for name in ("code", "kind", "ordinal", "text", "refs", "key", "source_row")]


def read_nodes(rows: Any) -> tuple[Node, ...]:
    return tuple(Node(*row) for row in rows)


def node(connection: Connection, release_id: int, code: str) -> Node | None:
    query = select(*_NODE_COLUMNS).where(NODES.c.release_id == release_id, NODES.c.code == code)
    row = connection.execute(query).one_or_none()
    return None if row is None else Node(*row)


def after(connection: Connection, release_id: int, ordinal: int, limit: int) -> tuple[Node, ...]:
    query = (
        select(*_NODE_COLUMNS)
        .where(NODES.c.release_id == release_id, NODES.c.ordinal > ordinal)
        .order_by(NODES.c.ordinal)
        .limit(limit)
    )
    return read_nodes(connection.execute(query))


def children(connection: Connection, release_id: int, code: str | None, limit: int, offset: int) -> Page:
    below = NODES.c.parent.is_(None) if code is None else NODES.c.parent == code
    where = (NODES.c.release_id == release_id, below)
    query = select(*_NODE_COLUMNS).where(*where).order_by(NODES.c.ordinal).limit(limit).offset(offset)
    nodes = read_nodes(connection.execute(query))
    if offset == 0 and len(nodes) < limit:
        total = len(nodes)
    else:
        total = connection.execute(select(func.count()).select_from(NODES).where(*where)).scalar_one()
    return Page(nodes, total, offset, limit)


def codes(connection: Connection, release_id: int, limit: int, offset: int) -> Page:
    """Everything but chapters and sections, in order."""
    where = (NODES.c.release_id == release_id, NODES.c.kind.not_in(("chapter", "section")))
    query = select(*_NODE_COLUMNS).where(*where).order_by(NODES.c.ordinal).limit(limit).offset(offset)
    total = connection.execute(select(func.count()).select_from(NODES).where(*where)).scalar_one()
    return Page(read_nodes(connection.execute(query)), total, offset, limit)


def billable_below(connection: Connection, release_id: int, code: str, limit: int, offset: int) -> Page:
    span = connection.execute(
        select(NODES.c.ordinal, NODES.c.last_ordinal, NODES.c.codes_below).where(
            NODES.c.release_id == release_id, NODES.c.code == code
        )
    ).one_or_none()
    if span is None or not span.codes_below:
        return Page((), 0, offset, limit)
    query = (
        select(*_NODE_COLUMNS)
        .where(
            NODES.c.release_id == release_id,
            NODES.c.ordinal > span.ordinal,
            NODES.c.ordinal <= span.last_ordinal,
            NODES.c.billable,
        )
        .order_by(NODES.c.ordinal)
        .limit(limit)
        .offset(offset)
    )
    return Page(read_nodes(connection.execute(query)), span.codes_below, offset, limit)


# A page's statements are built once: building them took half of the time of reading a page.
_IN_RELEASE = NODES.c.release_id == bindparam("release")
_WITH_PATH = select(*_NODE_COLUMNS, NODES.c.path).where(_IN_RELEASE, NODES.c.code == bindparam("code"))
_ABOVE = select(*_NODE_COLUMNS).where(_IN_RELEASE, NODES.c.code.in_(bindparam("codes", expanding=True)))
_BELOW = (
    select(*_NODE_COLUMNS).where(_IN_RELEASE, NODES.c.parent == bindparam("parent")).order_by(NODES.c.ordinal)
)
_TOP = select(*_NODE_COLUMNS).where(_IN_RELEASE, NODES.c.parent.is_(None)).order_by(NODES.c.ordinal)
_NOTES_OF = (
    select(*_NOTE_COLUMNS)
    .where(NOTES.c.release_id == bindparam("release"), NOTES.c.code.in_(bindparam("codes", expanding=True)))
    .order_by(NOTES.c.code, NOTES.c.ordinal)
)


def path(connection: Connection, release_id: int, code: str) -> list[str] | None:
    query = select(NODES.c.path).where(NODES.c.release_id == release_id, NODES.c.code == code)
    path = connection.execute(query).scalar_one_or_none()
    return None if path is None else path.split("/") if path else []


def notes(connection: Connection, release_id: int, codes: list[str]) -> list[Note]:
    rows = connection.execute(_NOTES_OF, {"release": release_id, "codes": codes})
    return [note(row) for row in rows]


def facts(
    connection: Connection,
    release: Release,
    code: str,
    notes_from: Release | None,
    notes_of: Callable[[list[str]], list[Note]],
) -> CodeFacts | None:
    row = connection.execute(_WITH_PATH, {"release": release.id, "code": code}).one_or_none()
    if row is None:
        return None
    *values, path = row
    node = Node(*values)
    above = path.split("/") if path else []
    ancestors: tuple[Node, ...] = ()
    if above:
        found = read_nodes(connection.execute(_ABOVE, {"release": release.id, "codes": above}))
        ancestors = tuple(sorted(found, key=lambda n: n.depth))
    notes = notes_of([*above, code])
    family = _TOP if node.parent is None else _BELOW
    siblings = read_nodes(connection.execute(family, {"release": release.id, "parent": node.parent}))
    children: tuple[Node, ...] = ()
    billable: tuple[Node, ...] = ()
    if node.children:
        children = read_nodes(connection.execute(_BELOW, {"release": release.id, "parent": code}))
        if node.kind in ("category", "subcategory"):
            billable = billable_below(connection, release.id, code, VALIDITY_CHOICES, 0).nodes
    return assemble(
        release,
        node,
        ancestors=ancestors,
        children=children,
        family=siblings,
        notes=notes,
        billable_below=billable,
        notes_from=notes_from,
        days=_days(connection, release, code),
    )


def _days(connection: Connection, release: Release, code: str) -> tuple[date | None, date | None]:
    if release.system not in DATED_SYSTEMS:
        return None, None
    query = select(CODE_DATES.c.first_day, CODE_DATES.c.last_day).where(
        CODE_DATES.c.release_id == release.id, CODE_DATES.c.code == code
    )
    row = connection.execute(query).one_or_none()
    return (None, None) if row is None else (_day(row.first_day), _day(row.last_day))


def _day(number: int | None) -> date | None:
    return None if number is None else date(number // 10_000, number // 100 % 100, number % 100)


_references = msgspec.json.Decoder(list[tuple[str, str, str, bool]])


def note(row: Any) -> Note:
    code, kind, ordinal, text, refs, key, source_row = row
    references = () if refs == "[]" else tuple(CodeReference(*r) for r in _references.decode(refs))
    return Note(code, kind, ordinal, text, references, key, source_row)


def terms(connection: Connection, release_id: int) -> list[tuple[str, str, str, str]]:
    """(code, kind, 7th character or "", text) of inclusion terms and includes notes."""
    query = (
        select(NOTES.c.code, NOTES.c.kind, NOTES.c.key, NOTES.c.text)
        .where(NOTES.c.release_id == release_id, NOTES.c.kind.in_(("inclusion_term", "includes")))
        .order_by(NOTES.c.code, NOTES.c.ordinal)
    )
    return [(row.code, row.kind, row.key, row.text) for row in connection.execute(query)]


def nearest(connection: Connection, release_id: int, key: str) -> tuple[Node | None, tuple[Node, ...]]:
    parts = [key[:n] for n in range(len(key) - 1, 2, -1)]
    parent: Node | None = None
    if parts and key[0].isalpha():
        query = select(*_NODE_COLUMNS).where(NODES.c.release_id == release_id, NODES.c.code.in_(parts))
        found = sorted(read_nodes(connection.execute(query)), key=lambda n: -len(n.code))
        parent = found[0] if found else None
    if parent is not None and parent.children:
        return parent, children(connection, release_id, parent.code, 8, 0).nodes
    if parent is not None:
        # A code that is complete as it is: itself and what stands around it.
        query = (
            select(*_NODE_COLUMNS)
            .where(NODES.c.release_id == release_id, NODES.c.parent == parent.parent)
            .order_by(func.abs(NODES.c.ordinal - parent.ordinal), NODES.c.ordinal)
            .limit(8)
        )
        return parent, read_nodes(connection.execute(query))
    # Categories that begin alike: a list of keys finds them by the primary key on both databases.
    alike = [key[:2] + last for last in string.digits + string.ascii_uppercase]
    query = (
        select(*_NODE_COLUMNS)
        .where(NODES.c.release_id == release_id, NODES.c.code.in_(alike))
        .order_by(NODES.c.ordinal)
        .limit(8)
    )
    return None, read_nodes(connection.execute(query)) or _around(connection, release_id, key)


def _around(connection: Connection, release_id: int, key: str) -> tuple[Node, ...]:
    """Of code systems without headings inside their codes: the codes on both sides of where the key would be."""
    flat = (NODES.c.release_id == release_id, NODES.c.system.in_(FLAT_SYSTEMS), NODES.c.kind == "code")
    code = NODES.c.code
    before = select(*_NODE_COLUMNS).where(*flat, code < key).order_by(code.desc()).limit(3)
    after = select(*_NODE_COLUMNS).where(*flat, code > key).order_by(code).limit(3)
    found = [*reversed(read_nodes(connection.execute(before))), *read_nodes(connection.execute(after))]
    return tuple(node for node in found if node.code[:1] == key[:1])
