"""The one door to the catalogue: `Catalog`.

Published releases never change, so what is read of them is cached by (release, code) without a time limit;
only the list of releases is asked for again, every few seconds.
"""

import time
from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import quote

from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, NotFound

from . import editions, spelling
from .cache import LRU
from .repository import CatalogRepository
from .schemas import (
    CodeFacts,
    Document,
    Edition,
    Found,
    Node,
    Note,
    NoteGroup,
    Page,
    Release,
    SeventhCharacterRule,
    SystemInfo,
    Validity,
)
from .validity import judge

RELEASES_FRESH_S = 2.0
"""How long a process may go on without noticing a release that another one published."""

FACTS_CACHED = 20_000
PAGE_LIMIT = 200


class Catalog:
    """Codes, where they stand and what is said about them, for any date of service.

    Args:
        database: the service's database.
        releases_dir: folder of the releases' files (SQLite only): `<AHEAD_DATA>/lookup/releases`.
    """

    def __init__(
        self,
        database: Database,
        releases_dir: Path,
        *,
        clock: Clock | None = None,
        facts_cached: int = FACTS_CACHED,
    ) -> None:
        self._repository = CatalogRepository(database, releases_dir)
        self._clock = clock or SystemClock()
        self._facts: LRU[tuple[int, int, str], CodeFacts] = LRU(facts_cached)
        self._nodes: LRU[tuple[int, str], Node] = LRU(facts_cached)
        self._releases: tuple[Release, ...] = ()
        self._releases_until = 0.0
        self._version = 0

    async def close(self) -> None:
        """Closes the engines of the releases' files; the service's database stays open."""
        await self._repository.close()

    def today(self) -> date:
        """The default `as_of`: today in UTC."""
        return self._clock.now().date()

    # Editions

    async def releases(self, system: str | None = None) -> tuple[Release, ...]:
        """Published releases, oldest window first; of one system or of all."""
        now = time.monotonic()
        if now >= self._releases_until:
            self._releases = await self._repository.releases()
            self._version = hash(tuple(release.id for release in self._releases))
            self._releases_until = now + RELEASES_FRESH_S
        return tuple(r for r in self._releases if system is None or r.system == system)

    async def version(self) -> int:
        """Of everything held: another number once a release came or went. What was made from several releases
        is cached by it."""
        await self.releases()
        return self._version

    def forget_releases(self) -> None:
        """Makes the next call see what was published just now."""
        self._releases_until = 0.0

    async def release(self, release_id: int) -> Release:
        """Raises NotFound when no release of that id is published."""
        for release in await self.releases():
            if release.id == release_id:
                return release
        raise NotFound(f"Release {release_id} is not held.", slug="release-not-held")

    async def answering(self, system: str | None = None) -> tuple[Release, ...]:
        """The editions that answer for some date; others are held for their notes or were corrected."""
        held = await self.releases(system)
        systems = dict.fromkeys(release.system for release in held)
        return tuple(
            release
            for one in systems
            for release in editions.answering(one, (r for r in held if r.system == one))
        )

    async def _notes_for(self, release: Release) -> Release | None:
        return editions.notes_for(release, await self.releases(release.system))

    async def systems(self) -> tuple[SystemInfo, ...]:
        """Code systems of which something is held, in the order of the navigation."""
        held = await self.releases()
        found = (
            (key, name, tuple(r for r in held if r.system == key and r.kind not in editions.LISTS))
            for key, name in spelling.SYSTEMS.items()
        )
        return tuple(SystemInfo(key, name, releases) for key, name, releases in found if releases)

    async def edition_for(self, system: str, as_of: date | None = None) -> Edition:
        """Which release answers for the date of service (default today), and what must be said beside it.

        Raises:
            BadInput: there is no code system of that name.
        """
        if system not in spelling.SYSTEMS:
            raise BadInput(
                "There is no code system of that name.",
                slug="unknown-system",
                hint="Code systems here are: " + ", ".join(spelling.SYSTEMS) + ".",
            )
        return editions.choose(system, await self.releases(system), as_of or self.today())

    # One node

    async def find(self, system: str, code: str, as_of: date | None = None) -> Found:
        """Finds a node by what somebody typed ("e11.9 ", "E119", "E08-E13", "chapter 4").

        Returns a `Found` without node when no edition is held for the date.

        Raises:
            BadInput: this can't be a code of the system; `detail` says why.
            NotFound: it could be, but the edition has no such code; `extra` has `parent` (the longest part of
                it that exists), `suggestions` (codes near it), `other_editions` (that do have it) and `links`
                (all of these as a page links them).
        """
        typed = spelling.read(system, code)
        edition = await self.edition_for(system, as_of)
        if edition.release is None:
            return Found(edition)
        node = await self.node(edition.release.id, typed.key)
        if node is None:
            raise await self._not_found(edition, edition.release, typed)
        return Found(edition, node)

    async def _not_found(self, edition: Edition, release: Release, typed: spelling.Typed) -> NotFound:
        parent, near = await self._repository.nearest(release.id, typed.key)
        having = [
            other
            for other in await self.answering(release.system)
            if other.id != release.id and await self._repository.node(other.id, typed.key) is not None
        ]
        elsewhere = [other.edition for other in having]
        name = spelling.SYSTEMS[release.system]
        if elsewhere:
            hint = (
                f"It is in another edition held ({', '.join(elsewhere)}): choose a date of service in that."
            )
        elif parent is not None and parent.billable:
            hint = f"{parent.dotted} is complete as it is: {parent.title}."
        elif near:
            hint = f"It would stand near {' and '.join(n.dotted for n in (near[0], near[-1])[: len(near)])}."
        else:
            hint = "Try the search."
        said = f"{typed.dotted} is not in {name} {release.edition}."
        if release.kind in editions.PARTIAL:
            said = f"{said} That list has the numbers of the fee schedule, not all."
        return NotFound(
            said,
            slug="unknown-code",
            title=f"There is no such {name} code",
            hint=hint,
            extra={
                "system": release.system,
                "code": typed.dotted,
                "as_of": edition.as_of.isoformat(),
                "edition": release.edition,
                "edition_note": edition.message,
                "parent": parent and {"code": parent.dotted, "title": parent.title},
                "suggestions": [{"code": n.dotted, "title": n.title} for n in near],
                "other_editions": elsewhere,
                "links": self._links(
                    edition, release.system, typed, having, [parent, *near] if parent else near
                ),
            },
        )

    def _links(
        self,
        edition: Edition,
        system: str,
        typed: spelling.Typed,
        having: Sequence[Release],
        nodes: Sequence[Node],
    ) -> list[dict[str, str]]:
        """Ways on from a code that isn't there: other editions that have it, and what stands near it here."""
        links = [
            {
                "code": typed.dotted,
                "title": f"as it is in {other.edition}",
                "href": f"/codes/{system}/{quote(typed.dotted)}?as_of={other.window_from.isoformat()}",
            }
            for other in having
        ]
        date_asked = "" if edition.as_of == self.today() else f"?as_of={edition.as_of.isoformat()}"
        for node in dict.fromkeys(nodes):
            href = f"/codes/{system}/{quote(node.dotted)}{date_asked}"
            links.append({"code": node.dotted, "title": node.title, "href": href})
        return links

    async def node(self, release_id: int, code: str) -> Node | None:
        """One node by its key, or None."""
        if (node := self._nodes.get((release_id, code))) is None:
            node = await self._repository.node(release_id, code)
            if node is not None:
                self._nodes.put((release_id, code), node)
        return node

    async def facts(self, release_id: int, code: str) -> CodeFacts:
        """Everything that is held of one node (by its key) for a release, from the cache when it was asked for
        before. A release of codes has the notes of the tabular list that goes with it.

        Raises:
            NotFound: the release has no such node.
        """
        release = await self.release(release_id)
        notes_from = await self._notes_for(release)
        key = (release_id, notes_from.id if notes_from else 0, code)
        if (facts := self._facts.get(key)) is not None:
            return facts
        facts = await self._repository.facts(release, code, notes_from)
        if facts is None:
            raise NotFound(f"{code} is not in this release.", slug="unknown-code")
        self._facts.put(key, facts)
        return facts

    async def ancestors(self, release_id: int, code: str) -> tuple[Node, ...]:
        """Chapter first, parent last."""
        return (await self.facts(release_id, code)).ancestors

    async def own_notes(self, release_id: int, code: str) -> tuple[Note, ...]:
        return (await self.facts(release_id, code)).own_notes

    async def inherited_notes(self, release_id: int, code: str) -> tuple[NoteGroup, ...]:
        """Notes of the places above that hold here too, chapter first; inclusion terms hold only where they
        stand (and for the 7th-character codes made from that code)."""
        return (await self.facts(release_id, code)).inherited

    async def seventh_character_rule(self, release_id: int, code: str) -> SeventhCharacterRule | None:
        return (await self.facts(release_id, code)).seventh_character

    async def validity(self, found: Found) -> Validity:
        """Whether the code is billable on the date, as far as the edition held says."""
        if found.node is None or found.edition.release is None:
            return judge(found.edition, None)
        return judge(found.edition, await self.facts(found.edition.release.id, found.node.code))

    # Lists

    async def chapters(self, release_id: int) -> tuple[Node, ...]:
        """The top of the hierarchy."""
        return (await self._repository.children(release_id, None, limit=100, offset=0)).nodes

    async def children(self, release_id: int, code: str | None, *, limit: int = 50, offset: int = 0) -> Page:
        """Nodes directly below `code` (None: chapters), in the order of the tabular list. `limit` ≤ 200."""
        limit, offset = min(max(limit, 1), PAGE_LIMIT), max(offset, 0)
        return await self._repository.children(release_id, code, limit=limit, offset=offset)

    async def codes(self, release_id: int, *, limit: int, offset: int) -> Page:
        """Categories and codes of a release in order, a page of them; chapters and sections are left out."""
        return await self._repository.codes(release_id, limit=limit, offset=offset)

    async def siblings(self, release_id: int, code: str) -> tuple[Node, ...]:
        """Nodes of the same parent around this one, itself included."""
        return (await self.facts(release_id, code)).siblings

    async def billable_below(self, release_id: int, code: str, *, limit: int = 50, offset: int = 0) -> Page:
        """Billable codes anywhere below a header, in order."""
        limit, offset = min(max(limit, 1), PAGE_LIMIT), max(offset, 0)
        return await self._repository.billable_below(release_id, code, limit=limit, offset=offset)

    async def stretch(self, release_id: int, start: int, limit: int) -> tuple[Node, ...]:
        """`limit` nodes of the tabular list in order, from the place `start` (0 is the first)."""
        return await self._repository.stretch(release_id, start, limit)

    async def documents(self, release_id: int) -> AsyncIterator[Document]:
        """Every category, header and code of a release for the search index, in order; chapters and sections
        come too (`kind` tells)."""
        notes_from = await self._notes_for(await self.release(release_id))
        async for document in self._repository.documents(release_id, notes_from.id if notes_from else None):
            yield document
