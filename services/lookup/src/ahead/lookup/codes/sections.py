"""The eight sections of a code page, from what the catalogue holds.

A section whose source isn't loaded says which official file would fill it; one that a code system doesn't
have says why. Neither is ever an empty box.
"""

from collections.abc import Callable

import msgspec

from ahead.lookup.catalog.inheritance import note_receipt
from ahead.lookup.catalog.schemas import CodeFacts, Node, Note, Receipt, Validity, ValidityStatus
from ahead.lookup.catalog.spelling import dotted
from ahead.lookup.codes.panels import Contribution, Fact, FactStatus
from ahead.lookup.codes.schemas import Character, CodeRef, Content, NamedCode, NoteBlock, NoteLine, Section

# Key in addresses and JSON, and the title on the page, in the order of the page.
SECTIONS = {
    "guidelines": "Guidelines",
    "modifiers": "Modifiers",
    "crosswalks": "Crosswalks",
    "ncci-edits": "NCCI Edits",
    "compliance": "Compliance",
    "medicare-coverage": "Medicare Coverage",
    "fees": "Fees",
    "history": "History",
}

# Label, and what the kind of note means to a coder, in our own words.
NOTE_KINDS = {
    "includes": ("Includes", "Conditions that belong here."),
    "inclusion_term": ("Inclusion terms", "Conditions for which this code is used; the list isn't complete."),
    "excludes1": (
        "Excludes1",
        "Not coded here. The two are not reported together, unless they are clearly unrelated.",
    ),
    "excludes2": (
        "Excludes2",
        "Not part of this condition. Both codes may be reported when the patient has both.",
    ),
    "code_first": ("Code first", "The underlying condition is sequenced before this code."),
    "use_additional": ("Use additional code", "A second code completes the picture, when it is documented."),
    "code_also": ("Code also", "Two codes may be needed; which comes first depends on the encounter."),
    "seventh_character_note": ("7th character", "How the code is completed."),
    "note": ("Note", ""),
}


_STATUS: dict[ValidityStatus, FactStatus] = {
    "billable": "good",
    "not_billable": "bad",
    "not_held": "neutral",
}


def ref(node: Node) -> CodeRef:
    return CodeRef(node.dotted, node.title, node.billable, node.kind)


def all_sections(content: Content) -> tuple[Section, ...]:
    """The sections of a granted view of a registered account."""
    return tuple(section(content, key) for key in SECTIONS)


def locked_sections() -> tuple[Section, ...]:
    """Names only: what a guest may know about the sections."""
    return tuple(Section(key, title, "locked") for key, title in SECTIONS.items())


def section(content: Content, key: str) -> Section:
    """One section by its key: what the catalogue itself says, then what features contribute.

    Raises:
        KeyError: there is no section of that name.
    """
    title = SECTIONS[key]
    system = content.node.system
    given = content.contributions.get(key)
    maker = _HELD.get((system, key)) or _HELD.get(("", key))
    if maker is not None:
        made = maker(content)
        given = given or Contribution()
        return msgspec.structs.replace(
            made, panels=given.panels, would_fill=(*made.would_fill, *given.would_fill)
        )
    if given is None:
        return Section(key, title, "not_applicable", _DOES_NOT_APPLY.get((system, key), _NOTHING))
    if not given.panels:
        return Section(key, title, "not_held", _NOT_LOADED, given.would_fill)
    return Section(key, title, "held", would_fill=given.would_fill, panels=given.panels)


def _note_block(at: Node, own: bool, kind: str, notes: list[Note]) -> NoteBlock:
    label, explanation = NOTE_KINDS[kind]
    lines = tuple(NoteLine(note.text, note.source_row, _named(at, note)) for note in notes)
    return NoteBlock(kind, label, explanation, ref(at), own, lines)


def _named(at: Node, note: Note) -> tuple[NamedCode, ...]:
    single = [one for one in note.references if one.first == one.last]
    return tuple(NamedCode(one.text, dotted(at.system, one.first)) for one in single)


def _blocks(at: Node, own: bool, notes: tuple[Note, ...]) -> list[NoteBlock]:
    """Notes of one place, grouped by kind in the order a coder reads them."""
    return [
        _note_block(at, own, kind, found)
        for kind in NOTE_KINDS
        if (found := [note for note in notes if note.kind == kind])
    ]


def _guidelines(content: Content) -> Section:
    facts = content.facts
    blocks = _blocks(facts.node, True, facts.own_notes)
    for group in reversed(facts.inherited):  # the nearest place first
        blocks += _blocks(group.at, False, group.notes)
    note = _whose_notes(facts)
    if not blocks and facts.notes_from is not None:
        silent = "The tabular list has no instructional note on this code, nor on any place above it."
        note = f"{silent} {note}".rstrip()
    return Section(
        "guidelines",
        SECTIONS["guidelines"],
        "held",
        note=note,
        notes=tuple(blocks),
        characters=_characters(facts),
        characters_note=facts.seventh_character.note if facts.seventh_character else "",
        receipt=_notes_receipt(facts),
    )


def _whose_notes(facts: CodeFacts) -> str:
    """What has to be said where the notes are not of the edition shown."""
    release, source = facts.release, facts.notes_from
    if source is None:
        return (
            f"No tabular list of {release.edition} or an earlier edition is loaded: its notes are not shown."
        )
    if source.window_to is None or release.window_from <= source.window_to:
        return ""
    return (
        f"These notes are of the tabular list {source.edition}, in force to {source.window_to.isoformat()}: "
        f"that of {release.edition} is not loaded."
    )


def _notes_receipt(facts: CodeFacts) -> Receipt:
    """Of the nearest note; without any, of the code itself."""
    notes = facts.own_notes or (facts.inherited[-1].notes if facts.inherited else ())
    if facts.notes_from is None or not notes:
        return facts.receipt
    return note_receipt(facts.notes_from, notes[0])


def _characters(facts: CodeFacts) -> tuple[Character, ...]:
    rule = facts.seventh_character
    if rule is None:
        return ()
    chosen = rule.chosen.character if rule.chosen else ""
    return tuple(
        Character(
            value.character, value.meaning, value.character == chosen, value.character in rule.allowed_here
        )
        for value in rule.values
    )


def _compliance(content: Content) -> Section:
    facts, validity = content.facts, content.validity
    node = facts.node
    lines = [
        _valid(validity),
        Fact(
            "Billable",
            "Yes: this is a complete code." if node.billable else "No: this is a heading.",
            "" if node.billable else f"{validity.instead_total:,} billable codes stand below it.",
            "good" if node.billable else "bad",
        ),
    ]
    rule = facts.seventh_character
    if rule is None:
        lines.append(Fact("7th character", "None is asked for here."))
    elif rule.chosen:
        lines.append(
            Fact(
                "7th character",
                f"{rule.chosen.character}: {rule.chosen.meaning}",
                f"Asked for by the note at {rule.at.dotted}.",
            )
        )
    else:
        lines.append(
            Fact(
                "7th character",
                "Needed before this can be reported.",
                f"Asked for by the note at {rule.at.dotted}: "
                + "; ".join(f"{value.character} {value.meaning}" for value in rule.values),
                "bad",
            )
        )
    lines.append(
        Fact(
            "Length",
            f"{len(node.code)} characters",
            "X stands for an unused place." if "X" in node.code[3:] else "",
        )
    )
    return Section(
        "compliance",
        SECTIONS["compliance"],
        "held",
        facts=tuple(lines),
        instead=tuple(ref(node) for node in validity.instead),
        instead_total=validity.instead_total,
        receipt=facts.receipt,
    )


def _valid(validity: Validity) -> Fact:
    status = _STATUS[validity.status]
    return Fact("Valid on the date of service", validity.text, status=status)


def _validity(content: Content) -> Section:
    """Of systems without rules of their own in the catalogue."""
    facts, validity = content.facts, content.validity
    return Section(
        "compliance",
        SECTIONS["compliance"],
        "held",
        facts=(_valid(validity),),
        instead=tuple(ref(node) for node in validity.instead),
        instead_total=validity.instead_total,
        receipt=facts.receipt,
    )


def _history(content: Content) -> Section:
    release = content.facts.release
    until = release.window_to.isoformat() if release.window_to else "open"
    return Section(
        "history",
        SECTIONS["history"],
        "held",
        facts=(
            # What other editions say is contributed.
            Fact(
                "Edition shown",
                f"{release.edition}",
                f"In force {release.window_from.isoformat()} to {until}.",
            ),
        ),
        receipt=content.facts.receipt,
    )


# By system and section; without a system: for those that have none of their own.
_HELD: dict[tuple[str, str], Callable[[Content], Section]] = {
    ("icd10cm", "guidelines"): _guidelines,
    ("icd10cm", "compliance"): _compliance,
    ("", "compliance"): _validity,
    ("", "history"): _history,
}

_NOT_LOADED = "Nothing is held on this topic for this date."
_NOTHING = "No official source says anything on this topic for codes of this system."
_DIAGNOSIS = "A diagnosis code takes none."
_DOES_NOT_APPLY = {
    ("icd10cm", "modifiers"): f"Modifiers are added to procedure codes (CPT and HCPCS). {_DIAGNOSIS}",
    ("icd9cm", "modifiers"): f"Modifiers are added to procedure codes (CPT and HCPCS). {_DIAGNOSIS}",
    ("icd10pcs", "modifiers"): "Modifiers are added to CPT and HCPCS codes. An ICD-10-PCS code takes none.",
    ("icd10cm", "ncci-edits"): "NCCI edits pair procedure codes (CPT and HCPCS). A diagnosis code has none.",
    ("icd9cm", "ncci-edits"): "NCCI edits pair procedure codes (CPT and HCPCS). A diagnosis code has none.",
    ("icd10pcs", "ncci-edits"): "NCCI edits pair CPT and HCPCS codes. An ICD-10-PCS code has none.",
    (
        "icd10cm",
        "fees",
    ): "A diagnosis code has no fee of its own. It can decide the MS-DRG of an inpatient stay, "
    "and with it the payment.",
}
