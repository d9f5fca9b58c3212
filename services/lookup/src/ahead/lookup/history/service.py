"""The one door to the history of codes: `Histories`."""

from datetime import date, timedelta

from ahead.lookup.catalog import spelling
from ahead.lookup.catalog.inheritance import receipt
from ahead.lookup.catalog.schemas import Node, Release
from ahead.lookup.catalog.service import Catalog

from .schemas import Change, EditionOfCode, Gone, History


class Histories:
    """A code over the editions held of its system."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def of(self, system: str, key: str) -> History:
        """What each edition held says of a code (by its key) and changed about it, oldest first."""
        found: list[EditionOfCode] = []
        before: tuple[Release, Node | None] | None = None
        for release in await self._catalog.answering(system):
            node = await self._catalog.node(release.id, key)
            found.append(_edition(release, node, before))
            before = (release, node)
        return History(system, spelling.dotted(system, key), tuple(found))

    async def gone(self, system: str, key: str, as_of: date) -> Gone | None:
        """Tells of a code that the edition of the date doesn't have; None if no edition held has it."""
        edition = await self._catalog.edition_for(system, as_of)
        history = await self.of(system, key)
        held = [one for one in history.editions if one.held]
        if edition.release is None or not held:
            return None
        earlier = [one for one in held if one.window_from <= as_of]
        deleted = begins = None
        if earlier:
            last = earlier[-1]
            after = history.editions.index(last) + 1
            deleted = (
                history.editions[after].window_from
                if after < len(history.editions)
                else last.window_to and last.window_to + timedelta(days=1)
            )
        else:
            last = held[0]
            begins = last.window_from
        return Gone(
            system,
            spelling.SYSTEMS[system],
            history.code,
            last.title,
            as_of,
            edition.release.edition,
            deleted,
            begins,
            last.edition,
            _day_in(last),
        )


def _day_in(edition: EditionOfCode) -> date:
    """Its last day, where it has ended: what was said of the code at the end."""
    return edition.window_to or edition.window_from


def _edition(
    release: Release, node: Node | None, before: tuple[Release, Node | None] | None
) -> EditionOfCode:
    return EditionOfCode(
        release.edition,
        release.window_from,
        release.window_to,
        node is not None,
        node.title if node else "",
        node is not None and node.title_origin == "official",
        node is not None and node.billable,
        changes(node, before),
        receipt(release, node) if node else None,
    )


def changes(node: Node | None, before: tuple[Release, Node | None] | None) -> tuple[Change, ...]:
    if before is None:
        if node is None:
            return (Change("absent", "Not in this edition."),)
        return (Change("first_held", "In the first edition held: when it was added is not known here."),)
    old, edition = before[1], before[0].edition
    if node is None:
        return (
            (Change("deleted", f"Deleted: {edition} still had it."),)
            if old
            else (Change("absent", "Not in it."),)
        )
    if old is None:
        return (Change("added", f"Added: {edition} didn't have it."),)
    found: list[Change] = []
    if old.title != node.title and old.title_origin == node.title_origin == "official":
        found.append(Change("revised", "Title revised.", old.title, node.title))
    if old.billable and not node.billable:
        found.append(Change("heading", "No longer billable: it needs more characters now."))
    elif node.billable and not old.billable:
        found.append(Change("billable", "Became a complete, billable code."))
    return tuple(found) or (Change("unchanged", "Unchanged."),)
