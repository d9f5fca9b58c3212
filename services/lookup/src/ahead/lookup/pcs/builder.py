"""Builds a code character by character: every value that is offered leads to at least one valid code of the date."""

import re
from collections.abc import Sequence
from datetime import date

import msgspec

from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Receipt, Release
from ahead.shared.errors import BadInput

from .loading.nodes import SECTIONS
from .schemas import Built, Choice, Chosen, IndexEntry, NextCharacter, TermFound, Value
from .service import AXES, Pcs, PcsTable

_BEGINS = re.compile(r"(?:[0-9BCDFGHX][0-9A-HJ-NP-Z]{0,6})?")
_TERMS = 60
_SHORTEST_TERM = 3
_HEADS = ("section", "body system", "operation")


class Asked(msgspec.Struct, frozen=True):
    """`begins`: the characters chosen so far, none to seven; `term`: a word of the index to begin from."""

    begins: str = ""
    term: str = ""
    as_of: str | None = None


async def build(pcs: Pcs, begins: str, term: str, as_of: date | None) -> Built:
    """Where a code stands that begins so, and what can be chosen next.

    Raises:
        BadInput: that is no beginning of a code, or of none in the edition.
    """
    begins = re.sub(r"[\s.-]", "", begins).upper()
    if not _BEGINS.fullmatch(begins):
        raise BadInput(
            f"{begins[:10]!r} is no beginning of an ICD-10-PCS code.",
            slug="malformed-code",
            hint="Codes have seven digits and letters, without I and O: 0DTJ4ZZ begins with 0DT.",
        )
    edition = await pcs.edition(as_of)
    if edition.release is None:
        return Built(edition.as_of, edition, "", (), 0, None, "", "", "", notes=(edition.message,))
    release = edition.release
    terms, more = await _terms(pcs, release, term)
    notes: list[str] = []
    if more:
        notes.append(
            f"The first {_TERMS} entries of the index are shown: type more words, such as a body part."
        )
    if edition.marked:
        notes.append(f"Codes of the newest edition held, {edition.message}.")
    if term.strip() and not terms:
        notes.append(await _no_term(pcs, release, term))
    if len(begins) < 3:
        return await _in_headings(pcs, edition, release, begins, terms, notes)
    table = await pcs.table(release, begins[:3])
    if table is None:
        raise _unknown(begins, release)
    return await _in_table(pcs, edition, table, begins, terms, notes)


async def _in_headings(
    pcs: Pcs, edition: Edition, release: Release, begins: str, terms: tuple[TermFound, ...], notes: list[str]
) -> Built:
    """Section, body system and operation, from the headings of the list of codes."""
    below = await pcs.below(release, begins)
    if not below:
        raise _unknown(begins, release)
    places = await pcs.places(release, [begins[:length] for length in range(1, len(begins) + 1)])
    above = places[begins][0] if begins else ""
    section = f"{SECTIONS[begins[0]]}, " if begins else ""
    choices: list[Choice] = []
    for code, title, count in below:
        name = title.removeprefix(section)
        name = "" if name == above else name.removeprefix(f"{above}, ")
        choices.append(Choice(code[-1], name, "official" if name else "not_held", count, code))
    chosen = tuple(
        Chosen(length, AXES[length - 1], Value(begins[length - 1], places[begins[:length]][0], "official"))
        for length in range(1, len(begins) + 1)
    )
    step = NextCharacter(len(begins) + 1, AXES[len(begins)], tuple(choices))
    total = sum(choice.codes for choice in choices)
    return Built(edition.as_of, edition, begins, chosen, total, step, "", "", "", terms, tuple(notes))


async def _in_table(
    pcs: Pcs, edition: Edition, table: PcsTable, begins: str, terms: tuple[TermFound, ...], notes: list[str]
) -> Built:
    codes = [code for code in table.titles if code.startswith(begins)]
    if not codes:
        raise _unknown(begins, table.release)
    chosen = list(_heads(table, await pcs.places(table.release, [begins[0], begins[:2]])))
    chosen += [
        Chosen(position, table.axes[position - 1], _shared(table, codes, position))
        for position in range(4, len(begins) + 1)
    ]
    definition, receipts = await _definition(pcs, table)
    if len(begins) == 7:
        receipts = (*receipts, *pcs.receipts(table, begins))
        return Built(
            edition.as_of, edition, begins, tuple(chosen), 1, None, begins, table.titles[begins], definition,
            terms, tuple(notes), receipts,
        )  # fmt: skip
    step = _next(table, codes, begins)
    if any(choice.origin == "derived" for choice in step.choices):
        notes.append(
            "Names marked * are read from the titles of the codes: the tables held don't have them yet."
        )
    return Built(
        edition.as_of,
        edition,
        begins,
        tuple(chosen),
        len(codes),
        step,
        "",
        "",
        definition,
        terms,
        tuple(notes),
        receipts,
    )


def _heads(table: PcsTable, places: dict[str, tuple[str, int]]) -> Sequence[Chosen]:
    names = (places[table.code[0]][0], places[table.code[:2]][0], table.operation)
    return [
        Chosen(
            position,
            table.axes[position - 1],
            Value(table.code[position - 1], name, "official" if name else "not_held"),
        )
        for position, name in enumerate(names, 1)
    ]


def _next(table: PcsTable, codes: Sequence[str], begins: str) -> NextCharacter:
    """The values of the next character over the codes that begin so."""
    position = len(begins) + 1
    by_value: dict[str, list[str]] = {}
    for code in codes:
        by_value.setdefault(code[len(begins)], []).append(code)
    choices = tuple(
        Choice(value, shared.name, shared.origin, len(found), begins + value)
        for value, found in sorted(by_value.items())
        for shared in [_shared(table, found, position)]
    )
    return NextCharacter(position, table.axes[position - 1], choices)


def _shared(table: PcsTable, codes: Sequence[str], position: int) -> Value:
    """A character's value over several codes. In New Technology one value may have several names, told apart by
    the qualifier."""
    values = list(dict.fromkeys(table.value(code, position) for code in codes))
    if len(values) == 1:
        return values[0]
    names = " / ".join(dict.fromkeys(value.name for value in values if value.name))
    derived = any(value.origin == "derived" for value in values)
    return Value(values[0].value, names, "derived" if derived else values[0].origin)


async def _definition(pcs: Pcs, table: PcsTable) -> tuple[str, tuple[Receipt, ...]]:
    found = await pcs.meanings(table.release, table.code[0], [(3, table.operation)])
    if meaning := found.get((3, table.operation)):
        return meaning.definition, (meaning.receipt, receipt_of(table.release, table.line))
    return table.definition, (receipt_of(table.release, table.line),)


async def _terms(pcs: Pcs, release: Release, typed: str) -> tuple[tuple[TermFound, ...], bool]:
    """Terms of the index that begin as typed, with the beginnings among them that the edition's codes have; and
    whether there are more."""
    if len(typed.strip()) < _SHORTEST_TERM:
        return (), False
    entries = await pcs.terms(release, typed[:100], _TERMS + 1)
    more, entries = len(entries) > _TERMS, entries[:_TERMS]
    there = await pcs.existing(release, {target for one in entries for target in one.targets})
    found = tuple(
        TermFound(one.text, one.words, tuple(target for target in one.targets if target in there))
        for one in entries
        if one.words or any(target in there for target in one.targets)
    )
    return found, more


async def _no_term(pcs: Pcs, release: Release, typed: str) -> str:
    if len(typed.strip()) < _SHORTEST_TERM:
        return f"Type at least {_SHORTEST_TERM} letters of a term."
    known: IndexEntry | None = next(iter(await pcs.terms(release, typed[:_SHORTEST_TERM], 1)), None)
    near = (
        f" The index has {known.path[0]!r}." if known else " Try another word for it, or choose the section."
    )
    return f"No term of the index begins with {typed.strip()[:40]!r}.{near}"


def _unknown(begins: str, release: Release) -> BadInput:
    return BadInput(
        f"No code of ICD-10-PCS {release.edition} begins with {begins}.",
        slug="unknown-code",
        hint="Go back a character, or begin anew.",
    )
