"""Puts together a part of the hierarchy."""

from datetime import date
from urllib.parse import quote

from ahead.lookup.catalog.schemas import Edition, Node
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.catalog.spelling import SYSTEMS
from ahead.shared.errors import NotFound

from .schemas import BrowseEdition, BrowseNode, BrowsePage

PER_PAGE = 100
"""The longest list in ICD-10-CM has fewer; a page of more is for other systems."""


def browse_address(system: str, code: str = "", as_of: date | None = None) -> str:
    """Where a place is browsed; a date of service goes along."""
    below = f"/{quote(code)}" if code else ""
    query = f"?as_of={as_of.isoformat()}" if as_of else ""
    return f"/browse/{system}{below}{query}"


async def browse(
    catalog: Catalog, system: str, code: str | None, as_of: date | None, page: int = 1
) -> BrowsePage:
    """A place (None: the top) and what is directly below it.

    Raises:
        BadInput: no such system, or this can't be a code.
        NotFound: no such place, no edition held for the date, or no such page of the list.
    """
    if code is None:
        edition = await catalog.edition_for(system, as_of)
        node = None
    else:
        found = await catalog.find(system, code, as_of)
        edition, node = found.edition, found.node
    if edition.release is None:
        raise _not_held(edition)
    release_id = edition.release.id
    key = node.code if node is not None else None
    part = await catalog.children(release_id, key, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    pages = max(1, -(-part.total // PER_PAGE))
    if page > pages:
        raise NotFound(f"The list has {pages} page{'' if pages == 1 else 's'}.", slug="no-such-page")
    ancestors: tuple[Node, ...] = ()
    siblings: tuple[Node, ...] = ()
    if node is not None:
        ancestors = await catalog.ancestors(release_id, node.code)
        if not node.children:
            siblings = await catalog.siblings(release_id, node.code)
    return BrowsePage(
        system,
        SYSTEMS[system],
        _edition(edition),
        None if node is None else _row(node, as_of),
        tuple(_row(n, as_of) for n in ancestors),
        tuple(_row(n, as_of) for n in part.nodes),
        tuple(_row(n, as_of) for n in siblings),
        part.total,
        page,
        pages,
    )


def _not_held(edition: Edition) -> NotFound:
    return NotFound(
        edition.message,
        slug="no-edition-held",
        title="No edition held for this date",
        hint="Choose another date of service, or load the edition: ahead catalog load",
        extra={"system": edition.system, "as_of": edition.as_of.isoformat(), "status": edition.status},
    )


def _edition(edition: Edition) -> BrowseEdition:
    release = edition.release
    assert release is not None, "asked after it was found"
    return BrowseEdition(
        edition.as_of,
        edition.status,
        edition.message,
        release.edition,
        release.window_from,
        release.window_to,
    )


def _row(node: Node, as_of: date | None) -> BrowseNode:
    page = None
    if node.kind not in ("chapter", "section"):
        page = f"/codes/{node.system}/{quote(node.dotted)}" + (f"?as_of={as_of.isoformat()}" if as_of else "")
    return BrowseNode(
        node.dotted,
        node.kind,
        node.title,
        node.title_origin,
        node.billable,
        node.children,
        node.codes_below,
        browse_address(node.system, node.dotted, as_of),
        page,
    )
