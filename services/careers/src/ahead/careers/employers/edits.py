"""The history of a job for people: what was done, and of an edit what became what."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from ahead.careers.board.showing import rows_of
from ahead.careers.jobs.cleaning import plain
from ahead.careers.jobs.schemas import JobFacts, parse
from ahead.careers.models import History

ACTIONS = {
    "create": "Written", "submit": "Posted", "approve": "Approved", "hold": "Held back", "reject": "Rejected",
    "pause": "Paused", "resume": "Shown again", "confirm": "Confirmed open", "renew": "Opened again",
    "close": "Closed", "edit": "Changed", "appeal": "Another look asked for", "dismiss": "Reports looked at",
}  # fmt: skip


class Told(msgspec.Struct, frozen=True):
    """`changes`: (name, before, after) of what an edit changed."""

    at: datetime
    action: str
    by: str
    note: str
    changes: Sequence[tuple[str, str, str]]


def told(history: Sequence[History]) -> list[Told]:
    """In the order of the history, the oldest first."""
    made: list[Told] = []
    held: JobFacts | None = None
    for row in history:
        facts = parse(row.facts) if row.facts else None
        changes = changes_of(held, facts) if held is not None and facts is not None else []
        made.append(Told(row.at, ACTIONS.get(row.action, row.action), row.by, row.note, changes))
        held = facts or held
    return made


def changes_of(before: JobFacts, after: JobFacts) -> list[tuple[str, str, str]]:
    """What a reader of the page would see changed."""
    one = {"Title": before.title, **dict(rows_of(before))}
    other = {"Title": after.title, **dict(rows_of(after))}
    names = [*one, *(name for name in other if name not in one)]
    changes = [
        (name, one.get(name, "nothing"), other.get(name, "nothing"))
        for name in names
        if one.get(name) != other.get(name)
    ]
    if before.description != after.description:
        old, new = len(plain(before.description).split()), len(plain(after.description).split())
        changes.append(("Description", f"{old:,} words", f"{new:,} words"))
    if before.questions != after.questions:
        changes.append(
            ("Questions", "; ".join(before.questions) or "none", "; ".join(after.questions) or "none")
        )
    if before.apply_url != after.apply_url:
        changes.append(("Applications", before.apply_url or "here", after.apply_url or "here"))
    return changes
