"""Is a code valid and billable on a date? Said in full, never guessed."""

from datetime import date

from .schemas import CodeFacts, Edition, Validity

JUDGED_AFTER = frozenset({"icd10cm"})
"""Code systems whose newest edition still judges after its window, marked; of the others nothing is said then."""


def judge(edition: Edition, facts: CodeFacts | None) -> Validity:
    """`facts` is None exactly when no edition is held for the date."""
    if facts is None or edition.release is None or not edition.judges:
        return Validity("not_held", edition.as_of, edition.message, marked=False)
    node = facts.node
    marked = edition.marked
    if marked and edition.system not in JUDGED_AFTER:
        return Validity("not_held", edition.as_of, _not_checked(edition, facts), marked)
    when = (
        f"by the edition {edition.message}"
        if marked
        else f"on {edition.as_of.isoformat()} ({edition.release.edition} edition)"
    )
    if days := _outside(edition.as_of, facts):
        return Validity("not_billable", edition.as_of, f"Not valid {when}: {days}.", marked)
    if node.billable:
        return Validity("billable", edition.as_of, f"{complete(edition.system)} {when}.", marked)
    if node.kind in ("chapter", "section"):
        text = f"This is a {node.kind} of the code system, not a code."
    elif facts.seventh_character is not None and any(n.kind == "extension" for n in facts.children):
        text = f"Not billable: needs a 7th character. A valid header {when}."
    else:
        text = f"Not billable: needs more characters. A valid header {when}."
    return Validity("not_billable", edition.as_of, text, marked, facts.billable_below, node.codes_below)


def complete(system: str) -> str:
    """What a complete code of a system is: nobody bills an MS-DRG, it is what a stay is grouped to."""
    return "Valid" if system == "msdrg" else "Valid and billable"


def _outside(as_of: date, facts: CodeFacts) -> str:
    """Why the date is not one of the code's own days, where its list has codes that ended or come later; or ""."""
    if facts.first_day is not None and as_of < facts.first_day:
        return f"it was added on {facts.first_day.isoformat()}"
    if facts.last_day is not None and as_of > facts.last_day:
        return f"it ended on {facts.last_day.isoformat()}"
    return ""


def _not_checked(edition: Edition, facts: CodeFacts) -> str:
    assert edition.release is not None, "an edition that ran out is held"
    text = f"Not checked: no edition is held for {edition.as_of.isoformat()} ({edition.message})."
    if facts.last_day is not None:
        return f"{text} The code ended on {facts.last_day.isoformat()}."
    if facts.node.billable:
        return f"{text} It was valid in {edition.release.edition}."
    return text
