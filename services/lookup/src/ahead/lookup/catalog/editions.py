"""Which edition answers for a date of service.

Each source has its own window. Before its first edition and in gaps the answer is "no edition held for this
date", never "invalid" and never "none"; after its newest edition that one is shown, marked.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from .schemas import Edition, Release

OFFICIAL = frozenset({"icd10cm-order", "icd10cm-codes"})
"""Editions made from official lists of codes: they win over a tabular list of the same time, whose 7th-character
titles are composed."""
WHOLE = frozenset({"cpt-ama"})
"""A list of all codes: it wins over a list of some of them, whichever began later."""
PARTIAL = frozenset({"cpt-numbers"})
"""Lists of some of a system's codes: that a code is not in one says nothing about it."""
TABULAR = "icd10cm-tabular"
LISTS = frozenset({"icd10cm-poa", "icd10cm-conversion"})
"""Lists that go with a code system and are no edition of it."""


def choose(system: str, releases: Iterable[Release], as_of: date) -> Edition:
    """The edition for `as_of` among the published releases of one system.

    Where windows overlap, the edition that began later wins (an April update over its October edition), then
    an official list of codes over a tabular list, then the one loaded last (a corrected file over the first).
    """
    held = sorted(
        (r for r in releases if r.kind not in LISTS),
        key=lambda r: (r.kind in WHOLE, r.window_from, r.kind in OFFICIAL, r.loaded_at, r.id),
    )
    if not held:
        return Edition(system, as_of, "nothing_loaded", "No edition of this code system is loaded.")
    covering = [r for r in held if r.window_from <= as_of and (r.window_to is None or as_of <= r.window_to)]
    if covering:
        return Edition(system, as_of, "held", "", covering[-1])
    first = min(r.window_from for r in held)
    if as_of < first:
        return Edition(
            system,
            as_of,
            "before_first",
            f"No edition held for this date: the first edition held begins on {first.isoformat()}.",
        )
    # Open windows cover everything after their start, so what is left has an end.
    newest = max(
        held, key=lambda r: (r.window_to or date.max, r.window_from, r.kind in OFFICIAL, r.loaded_at, r.id)
    )
    end = newest.window_to or date.max
    if as_of > end:
        return Edition(
            system,
            as_of,
            "after_newest",
            f"published to {end.isoformat()}; a later edition is not loaded",
            newest,
        )
    before = max(r.window_to for r in held if r.window_to is not None and r.window_to < as_of)
    after = min(r.window_from for r in held if r.window_from > as_of)
    return Edition(
        system,
        as_of,
        "gap",
        f"No edition held for this date: the editions held end on {before.isoformat()} and begin again on "
        f"{after.isoformat()}.",
    )


def nearest(releases: Iterable[Release], as_of: date) -> list[Release]:
    """Editions of codes by how near their windows lie to a day that none of them covers, the nearest first."""

    def days_away(release: Release) -> int:
        if as_of < release.window_from:
            return (release.window_from - as_of).days
        return (as_of - (release.window_to or as_of)).days

    return sorted((r for r in releases if r.kind not in LISTS), key=lambda r: (days_away(r), -r.id))


def answering(system: str, releases: Iterable[Release]) -> tuple[Release, ...]:
    """The releases that answer for some date, oldest first: a tabular list whose whole window an official
    edition covers gives its notes only."""
    held = [r for r in releases if r.kind not in LISTS]
    days = {r.window_from for r in held}
    days |= {r.window_to + timedelta(days=1) for r in held if r.window_to is not None}
    chosen = {choose(system, held, day).release for day in days}
    return tuple(r for r in sorted(held, key=lambda r: (r.window_from, r.id)) if r in chosen)


def notes_for(release: Release, releases: Iterable[Release]) -> Release | None:
    """The tabular list whose notes go with an edition: the latest held that isn't newer; itself if it is one.
    Code systems without a tabular list have no notes."""
    if release.kind == TABULAR:
        return release
    if release.kind not in OFFICIAL:
        return None
    earlier = [r for r in releases if r.kind == TABULAR and r.window_from <= release.window_from]
    return max(earlier, key=lambda r: (r.window_from, r.loaded_at, r.id), default=None)


def choose_list(kind: str, releases: Iterable[Release], as_of: date) -> Edition:
    """The list of that kind for a date, by the same rules as an edition of codes."""
    held = [msgspec.structs.replace(r, kind="") for r in releases if r.kind == kind]
    return choose("icd10cm", held, as_of)
