"""What holds at a code because of where it stands."""

from collections.abc import Sequence
from datetime import date

from .schemas import (
    CHILDREN_SHOWN,
    SIBLINGS_SHOWN,
    CodeFacts,
    Node,
    Note,
    NoteGroup,
    Receipt,
    Release,
    SeventhCharacter,
    SeventhCharacterRule,
)

INHERITED = frozenset(
    {"includes", "excludes1", "excludes2", "code_first", "use_additional", "code_also", "note"}
)
"""An inclusion term names what is coded right there, so it goes no further than to the codes made from that
code by a 7th character. The 7th-character rule is told apart, as a rule."""


def receipt(release: Release, node: Node) -> Receipt:
    """Where a node was read: a heading that was carried over, in another edition's file."""
    return file_receipt(release, node.source_file, node.source_row)


def note_receipt(notes_from: Release, note: Note) -> Receipt:
    """Where a note was read: the first file of a tabular list carries the text."""
    return file_receipt(notes_from, 0, note.source_row)


def file_receipt(release: Release, source_file: int, row: int) -> Receipt:
    source = release.files[min(source_file, len(release.files) - 1)]
    own = source.window_from is None
    return Receipt(
        source.name,
        source.edition or release.edition,
        release.source,
        source.sha256,
        row,
        source.window_from or release.window_from,
        release.window_to if own else source.window_to,
        release.window_origin,
    )


def assemble(
    release: Release,
    node: Node,
    *,
    ancestors: tuple[Node, ...],
    children: tuple[Node, ...],
    family: tuple[Node, ...],
    notes: Sequence[Note],
    billable_below: tuple[Node, ...],
    notes_from: Release | None,
    days: tuple[date | None, date | None] = (None, None),
) -> CodeFacts:
    """Puts together what the tables say of one node.

    Args:
        ancestors: chapter first.
        family: all children of the node's parent, in order.
        notes: of the node and of all its ancestors.
        notes_from: the tabular list that the notes are of.
        days: first and last day of the code itself, where its list says them.
    """
    by_code: dict[str, list[Note]] = {}
    for note in notes:
        by_code.setdefault(note.code, []).append(note)
    rule = _seventh_character(node, ancestors, children, family, by_code)
    own = [n for n in by_code.get(node.code, []) if not n.key and not n.kind.startswith("seventh")]
    if rule is not None and rule.chosen is not None:
        own += [
            n
            for n in by_code.get(rule.at.code, [])
            if n.kind == "inclusion_term" and n.key == rule.chosen.character
        ]
    inherited: list[NoteGroup] = []
    for place in ancestors:
        made_from = node.kind == "extension" and place.code == node.parent
        held = tuple(
            n
            for n in by_code.get(place.code, [])
            if n.kind in INHERITED or (made_from and n.kind == "inclusion_term" and not n.key)
        )
        if held:
            inherited.append(NoteGroup(place, held))
    return CodeFacts(
        release,
        node,
        receipt(release, node),
        ancestors,
        children[:CHILDREN_SHOWN],
        _around(family, node),
        tuple(own),
        tuple(inherited),
        rule,
        billable_below,
        notes_from,
        *days,
    )


def _seventh_character(
    node: Node,
    ancestors: tuple[Node, ...],
    children: tuple[Node, ...],
    family: tuple[Node, ...],
    notes: dict[str, list[Note]],
) -> SeventhCharacterRule | None:
    """The nearest definition from here upwards; a code that is complete without a 7th character has none."""
    if node.kind == "code":
        return None
    for place in (node, *reversed(ancestors)):
        here = notes.get(place.code, [])
        values = tuple(SeventhCharacter(n.key, n.text) for n in here if n.kind == "seventh_character_value")
        if not values:
            continue
        extensions = family if node.kind == "extension" else children
        allowed = tuple(n.code[6] for n in extensions if n.kind == "extension")
        chosen = None
        if node.kind == "extension":
            chosen = next((v for v in values if v.character == node.code[6]), None)
        text = next((n.text for n in here if n.kind == "seventh_character_note"), "")
        return SeventhCharacterRule(place, text, values, chosen, allowed)
    return None


def _around(family: tuple[Node, ...], node: Node) -> tuple[Node, ...]:
    if len(family) <= SIBLINGS_SHOWN:
        return family
    at = next((i for i, n in enumerate(family) if n.code == node.code), 0)
    start = max(0, min(at - SIBLINGS_SHOWN // 2, len(family) - SIBLINGS_SHOWN))
    return family[start : start + SIBLINGS_SHOWN]
