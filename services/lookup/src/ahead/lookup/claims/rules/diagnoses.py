"""What the tabular list says of diagnoses beside each other, and of their sequence."""

from collections.abc import Iterable, Iterator
from datetime import date

from ahead.lookup.catalog.inheritance import note_receipt
from ahead.lookup.catalog.schemas import CodeReference, Node, Note, Receipt
from ahead.lookup.tools.schemas import ToolResult

from ..schemas import Claim
from .held import Coded, result

EXCLUDES1, CODE_FIRST, USE_ADDITIONAL, SEQUENCE = "excludes1", "code-first", "use-additional", "sequence"
_EXTERNAL = ("V", "W", "X", "Y")
_MANIFESTATION = ("in diseases classified elsewhere", "in other diseases classified elsewhere")
_OPTIONAL = ("if applicable", "if known", "if present", "if any", "when known", "when applicable")


def check(claim: Claim, coded: tuple[Coded, ...]) -> list[ToolResult]:
    known = [one for one in coded if one.facts is not None]
    if not known:
        return []
    results = _sequence(claim, known)
    judged, silent = _with_notes(known, claim.dates[-1])
    if silent:
        numbers = [one.number for one in silent]
        why = (
            "The tabular list of this date is not held, so that Excludes1, code first and use additional code "
            f"are not checked for {', '.join(one.dotted for one in silent)}."
        )
        for rule in (EXCLUDES1, CODE_FIRST, USE_ADDITIONAL):
            results.append(result(rule, "not_checked", why, diagnoses=numbers))
    if judged:
        results += _excludes1(judged)
        for one in judged:
            results += _first(one, judged)
            results += _additional(one, judged)
    return results


def _with_notes(coded: Iterable[Coded], day: date) -> tuple[list[Coded], list[Coded]]:
    """Those whose notes are of an edition in force on the day, and those whose are not."""
    judged: list[Coded] = []
    silent: list[Coded] = []
    for one in coded:
        source = one.facts.notes_from if one.facts else None
        inside = (
            source is not None
            and source.window_from <= day
            and (source.window_to is None or day <= source.window_to)
        )
        (judged if inside else silent).append(one)
    return judged, silent


def notes_of(coded: Coded, kind: str) -> Iterator[tuple[Node, Note]]:
    """Notes that hold at the code: its own first, then those of the places above, the nearest first."""
    facts = coded.facts
    assert facts is not None, "the code is known"
    yield from ((facts.node, note) for note in facts.own_notes if note.kind == kind)
    for group in reversed(facts.inherited):
        yield from ((group.at, note) for note in group.notes if note.kind == kind)


def names(reference: CodeReference, key: str) -> bool:
    """Whether a reference such as "E10.-" or "P35-P39" means the code, or what it stands above."""
    first, last = reference.first.replace(".", ""), reference.last.replace(".", "")
    return first <= key[: len(first)] and key[: len(last)] <= last


def _receipt(coded: Coded, note: Note) -> Receipt | None:
    source = coded.facts.notes_from if coded.facts else None
    return note_receipt(source, note) if source else None


def _excludes1(coded: list[Coded]) -> list[ToolResult]:
    """Both ways: the note may stand at either of two codes."""
    found: dict[frozenset[int], ToolResult] = {}
    for one in coded:
        for at, note in notes_of(one, "excludes1"):
            for other in coded:
                pair = frozenset({one.number, other.number})
                # A note of a place above both excludes something else than its own codes.
                if other is one or pair in found or other.code.startswith(at.code):
                    continue
                if any(names(reference, other.code) for reference in note.references):
                    found[pair] = result(
                        EXCLUDES1,
                        "fail",
                        f"{one.dotted} and {other.dotted}: Excludes1 at {at.dotted}, “{note.text}”. A conflict "
                        "unless the two are unrelated (Guideline I.A.12.a).",
                        "Query the provider: if they are one condition, report the code that describes it; if "
                        "unrelated, the record must say so.",
                        diagnoses=sorted(pair),
                        receipts=(_receipt(one, note),),
                    )
    if found:
        return list(found.values())
    numbers = [one.number for one in coded]
    if len(coded) < 2:
        return []
    return [result(EXCLUDES1, "pass", "No Excludes1 note stands between the diagnoses.", diagnoses=numbers)]


def _first(one: Coded, coded: list[Coded]) -> list[ToolResult]:
    """An underlying condition that has to come before."""
    notes = [(at, note) for at, note in notes_of(one, "code_first") if note.references]
    if not notes:
        return []
    before = [other for other in coded if other.number < one.number]
    after = [other for other in coded if other.number > one.number]
    for at, note in notes:
        if met := _named(note, before):
            why = f"{met.dotted} stands before {one.dotted}, as “code first” at {at.dotted} asks."
            return [
                result(
                    CODE_FIRST,
                    "pass",
                    why,
                    diagnoses=(met.number, one.number),
                    receipts=(_receipt(one, note),),
                )
            ]
    for at, note in notes:
        if late := _named(note, after):
            why = (
                f"{one.dotted} stands before {late.dotted}, which “code first” at {at.dotted} asks for first."
            )
            fix = f"Move {late.dotted} before {one.dotted}."
            return [
                result(
                    CODE_FIRST,
                    "fail",
                    why,
                    fix,
                    diagnoses=(one.number, late.number),
                    receipts=(_receipt(one, note),),
                )
            ]
    at, note = notes[0]
    optional = any(word in note.text.lower() for word in _OPTIONAL)
    why = f"“Code first” at {at.dotted}: {note.text}. No such code stands before {one.dotted}."
    fix = "Code the underlying condition before it, as the record documents it."
    status = "fail" if _is_manifestation(one) and not optional else "not_checked"
    return [result(CODE_FIRST, status, why, fix, diagnoses=(one.number,), receipts=(_receipt(one, note),))]


def _additional(one: Coded, coded: list[Coded]) -> list[ToolResult]:
    """A second code that completes the picture when the record has it: its absence can't be judged here."""
    results: list[ToolResult] = []
    for at, note in notes_of(one, "use_additional"):
        if not note.references:
            continue
        met = _named(note, [other for other in coded if other is not one])
        if met is not None:
            why = f"{met.dotted} is the additional code that {at.dotted} asks for."
            numbers = (one.number, met.number)
            results.append(
                result(USE_ADDITIONAL, "pass", why, diagnoses=numbers, receipts=(_receipt(one, note),))
            )
            continue
        why = f"“Use additional code” at {at.dotted}: {note.text}. None is on the claim; the record decides."
        results.append(
            result(
                USE_ADDITIONAL,
                "not_checked",
                why,
                "Add the code if the record documents it.",
                diagnoses=(one.number,),
                receipts=(_receipt(one, note),),
            )
        )
    return results


def _named(note: Note, among: Iterable[Coded]) -> Coded | None:
    return next((one for one in among if any(names(ref, one.code) for ref in note.references)), None)


def _is_manifestation(one: Coded) -> bool:
    title = one.facts.node.title.lower() if one.facts else ""
    return title.endswith(_MANIFESTATION) or any(f"{words}," in title for words in _MANIFESTATION)


def _sequence(claim: Claim, coded: list[Coded]) -> list[ToolResult]:
    """What may not come first."""
    first = coded[0]
    if first.number != 1 or first.facts is None:
        return []
    place = "the principal diagnosis" if claim.inpatient else "the first-listed diagnosis"
    receipts = (first.facts.receipt,)
    if first.code[0] in _EXTERNAL:
        why = f"{first.dotted} is an external cause: it says how an injury came about, and is never {place}."
        fix = "Put the injury or condition first."
        return [result(SEQUENCE, "fail", why, fix, diagnoses=(1,), receipts=receipts)]
    if _is_manifestation(first):
        why = f"{first.dotted} is a manifestation: its underlying disease comes first, so that it is never {place}."
        fix = "Put the underlying disease first."
        return [result(SEQUENCE, "fail", why, fix, diagnoses=(1,), receipts=receipts)]
    why = f"{first.dotted} may be {place}: it is no external cause and no manifestation."
    return [result(SEQUENCE, "pass", why, diagnoses=(1,), receipts=receipts)]
