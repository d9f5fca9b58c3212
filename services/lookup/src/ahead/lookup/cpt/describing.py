"""A plain text on a CPT code from facts alone: where its number stands. The owner's words are not used."""

from ahead.lookup.catalog.schemas import CodeFacts

from .places import places_of

_ENDINGS = {
    "F": "Codes that end in F report how good care is; they are not paid, and stand beside the code of a service.",
    "T": "Codes that end in T are temporary: they let new procedures be counted until it is clear whether they last. "
    "Whether one is paid, the payer decides.",
    "U": "Codes that end in U name one test as one laboratory or maker offers it.",
    "M": "Codes that end in M name a test whose result a formula works out from several measurements.",
    "A": "Codes that end in A are for giving a vaccine, not for the vaccine itself.",
}


def describe(facts: CodeFacts) -> tuple[str, ...]:
    """Paragraphs: the group of the number, and that the description itself is its owner's."""
    node = facts.node
    if node.kind != "code":
        about = next((p.about for p in places_of(node.code[:5]) if p.key == node.code), node.title.lower())
        return (f"This heading holds {node.codes_below:,} codes for {about}.",)
    groups = places_of(node.code)
    first = f"By its number this code belongs to the codes for {groups[-1].about}."
    ending = _ENDINGS.get(node.code[-1], "")
    return (
        f"{first} {ending}".strip(),
        "What exactly it stands for is said in the description of the American Medical Association, who own it. The "
        "sections below show what Medicare publishes about the code: its values, edits, limits and modifiers.",
    )
