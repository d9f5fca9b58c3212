"""The one door to comparisons: `ReleaseDiff`."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ahead.lookup.catalog import editions, spelling
from ahead.lookup.catalog.cache import LRU
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Receipt, Release
from ahead.shared.errors import BadInput, NotFound

from .repository import Place, places
from .schemas import Change, ChangeKind, Difference, EditionRef

KINDS: tuple[ChangeKind, ...] = ("added", "deleted", "revised", "billable", "not_compared")
MOST = 1_000
_CACHED = 8
_LICENSED = frozenset({"cpt"})
"""Systems whose titles are their owner's: comparisons name codes only."""


@dataclass(frozen=True, slots=True)
class _Found:
    kind: ChangeKind
    old: Place | None
    new: Place | None

    @property
    def place(self) -> Place:
        place = self.new or self.old
        assert place is not None, "a change has a place in one of the editions"
        return place


class ReleaseDiff:
    """Compares the editions held of a code system. Editions never change, so that a comparison is kept."""

    def __init__(self, sources: SourceReader) -> None:
        self._sources = sources
        self._found: LRU[tuple[int, int], tuple[_Found, ...]] = LRU(_CACHED)

    async def systems(self) -> dict[str, tuple[Release, ...]]:
        """Code systems of which two editions or more are held, with their editions, oldest first."""
        found: dict[str, tuple[Release, ...]] = {}
        for system in spelling.SYSTEMS:
            held = await self.held(system)
            if len(held) > 1:
                found[system] = held
        return found

    async def held(self, system: str) -> tuple[Release, ...]:
        """The editions of a system that answer for some date, oldest first."""
        return editions.answering(system, await self._sources.releases(system))

    async def difference(
        self,
        system: str,
        old: str = "",
        new: str = "",
        *,
        kinds: Sequence[str] = (),
        offset: int = 0,
        limit: int = MOST,
        as_of: date | None = None,
    ) -> Difference:
        """
        Args:
            old, new: names of editions ("FY2026") or their ids; empty: the two newest.
            as_of: where no edition is named: the one in force on that day, and the one before it.
            kinds: of the changes; all where none is named.

        Raises:
            BadInput: no such system or kind of change, or the same edition twice.
            NotFound: no such edition, or only one is held.
        """
        wanted = _kinds(kinds)
        before, after = await self._pair(system, old, new, as_of)
        changes = await self._changes(before, after)
        counted = Counter(one.kind for one in changes)
        billable = Counter(one.kind for one in changes if one.place.billable)
        shown = [one for one in changes if one.kind in wanted]
        offset = max(offset, 0)
        part = shown[offset : offset + min(max(limit, 1), MOST)]
        return Difference(
            system,
            EditionRef.of(before),
            EditionRef.of(after),
            {kind: counted[kind] for kind in KINDS},
            {kind: billable[kind] for kind in KINDS},
            len(shown),
            offset,
            tuple(_change(one, before, after) for one in part),
            _note(before, after),
        )

    async def all_changes(
        self, system: str, old: str, new: str, kinds: Sequence[str]
    ) -> tuple[Difference, list[Change]]:
        """The comparison with every change of the kinds, for a download."""
        wanted = _kinds(kinds)
        head = await self.difference(system, old, new, kinds=kinds, limit=1)
        before, after = await self._pair(system, str(head.old.id), str(head.new.id))
        changes = await self._changes(before, after)
        return head, [_change(one, before, after) for one in changes if one.kind in wanted]

    async def _pair(
        self, system: str, old: str, new: str, as_of: date | None = None
    ) -> tuple[Release, Release]:
        if system not in spelling.SYSTEMS:
            raise BadInput(
                "There is no code system of that name.",
                slug="unknown-system",
                hint="Code systems here are: " + ", ".join(spelling.SYSTEMS) + ".",
            )
        held = await self.held(system)
        if len(held) < 2:
            raise NotFound(
                f"Of {spelling.SYSTEMS[system]} {'one edition is' if held else 'no edition is'} held: "
                "two are needed to compare.",
                slug="no-edition-held",
                hint="Load another edition: ahead catalog load FILE",
            )
        if as_of is not None and not old.strip() and not new.strip():
            return _in_force(system, held, as_of)
        before = _named(system, held, old) if old.strip() else held[-2]
        after = _named(system, held, new) if new.strip() else held[-1]
        if before.id == after.id:
            raise BadInput(
                "That is the same edition twice.", slug="same-edition", hint="Choose two editions."
            )
        return before, after

    async def _changes(self, before: Release, after: Release) -> tuple[_Found, ...]:
        key = (before.id, after.id)
        if (found := self._found.get(key)) is None:
            old = await self._sources.read(before.id, lambda connection: places(connection, before.id))
            # The comparison itself runs beside the event loop too.
            found = await self._sources.read(
                after.id, lambda connection: _compared(old, places(connection, after.id))
            )
            self._found.put(key, found)
        return found


def _in_force(system: str, held: Sequence[Release], day: date) -> tuple[Release, Release]:
    """The edition in force on a day, and the one before it. Raises NotFound."""
    for before, after in pairwise(held):
        if after.window_from <= day <= (after.window_to or date.max):
            return before, after
    raise NotFound(
        f"No edition of {spelling.SYSTEMS[system]} that has one before it is held for {day.isoformat()}: the newest "
        f"one held is {held[-1].edition}.",
        slug="no-edition-held",
        hint="Choose a date inside the window of an edition that is held.",
    )


def _kinds(kinds: Sequence[str]) -> frozenset[str]:
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise BadInput(
            f"{unknown[0][:20]!r} is no kind of change.",
            slug="unknown-kind",
            hint=f"Kinds are: {', '.join(KINDS)}.",
        )
    return frozenset(kinds or KINDS)


def _named(system: str, held: Sequence[Release], name: str) -> Release:
    wanted = name.strip().lower()
    for release in reversed(held):
        if wanted in (release.edition.lower(), str(release.id)):
            return release
    raise NotFound(
        f"No edition {name.strip()[:40]!r} of {spelling.SYSTEMS[system]} is held.",
        slug="no-edition-held",
        hint="Editions held: " + ", ".join(release.edition for release in held) + ".",
    )


def _compared(old: dict[str, Place], new: dict[str, Place]) -> tuple[_Found, ...]:
    """Changes in the order of codes."""
    found: list[tuple[str, _Found]] = []
    for code, after in new.items():
        before = old.get(code)
        if before is None:
            found.append((code, _Found("added", None, after)))
            continue
        if before.billable != after.billable:
            found.append((code, _Found("billable", before, after)))
        if before.title != after.title:
            own = before.origin == after.origin == "official"
            found.append((code, _Found("revised" if own else "not_compared", before, after)))
    found += [(code, _Found("deleted", before, None)) for code, before in old.items() if code not in new]
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))


def _change(one: _Found, before: Release, after: Release) -> Change:
    old, new, place = one.old, one.new, one.place
    titles = before.system not in _LICENSED
    return Change(
        one.kind,
        place.dotted,
        place.kind,
        old.title if old and titles else "",
        new.title if new and titles else "",
        old.billable if old else None,
        new.billable if new else None,
        _receipt(before, old),
        _receipt(after, new),
    )


def _receipt(release: Release, place: Place | None) -> Receipt | None:
    return None if place is None else receipt_of(release, place.row, place.file)


def _note(before: Release, after: Release) -> str:
    if before.window_from > after.window_from:
        return "The first edition is the later one: what reads as added was deleted, and the other way."
    if before.kind != after.kind:
        return "The editions were made from different kinds of files, which may show in their headings."
    return ""
