"""Which edition answers for a date of service.

Each source has its own window. Before its first edition and in gaps the answer is "no edition held for this
date", never "invalid" and never "none"; after its newest edition that one is shown, marked.
"""

from collections.abc import Iterable
from datetime import date

from .schemas import Edition, Release


def choose(system: str, releases: Iterable[Release], as_of: date) -> Edition:
    """The edition for `as_of` among the published releases of one system.

    Where windows overlap, the edition that began later wins (an April update over its October edition), then
    the one loaded last (a corrected file over the first).
    """
    held = sorted(releases, key=lambda r: (r.window_from, r.loaded_at, r.id))
    if not held:
        return Edition(system, as_of, "nothing_loaded", "No edition of this code system is loaded.")
    covering = [r for r in held if r.window_from <= as_of and (r.window_to is None or as_of <= r.window_to)]
    if covering:
        return Edition(system, as_of, "held", "", covering[-1])
    if as_of < held[0].window_from:
        first = min(r.window_from for r in held)
        return Edition(
            system,
            as_of,
            "before_first",
            f"No edition held for this date: the first edition held begins on {first.isoformat()}.",
        )
    # Open windows cover everything after their start, so what is left has an end.
    newest = max(held, key=lambda r: (r.window_to or date.max, r.window_from, r.loaded_at, r.id))
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
