"""Is a code valid and billable on a date? Said in full, never guessed."""

from .schemas import CodeFacts, Edition, Validity


def judge(edition: Edition, facts: CodeFacts | None) -> Validity:
    """`facts` is None exactly when no edition is held for the date."""
    if facts is None or edition.release is None:
        return Validity("not_held", edition.as_of, edition.message, marked=False)
    node = facts.node
    marked = edition.marked
    when = (
        f"by the edition {edition.message}"
        if marked
        else f"on {edition.as_of.isoformat()} ({edition.release.edition} edition)"
    )
    if node.billable:
        return Validity("billable", edition.as_of, f"Valid and billable {when}.", marked)
    if node.kind in ("chapter", "section"):
        text = f"This is a {node.kind} of the code system, not a code."
    elif facts.seventh_character is not None and any(n.kind == "extension" for n in facts.children):
        text = f"Not billable: needs a 7th character. A valid header {when}."
    else:
        text = f"Not billable: needs more characters. A valid header {when}."
    return Validity("not_billable", edition.as_of, text, marked, facts.billable_below, node.codes_below)
