"""Composes a description from a code's place, wording and notes.

The text is never the title in other words: it says what the words mean, what the condition is part of, what
the details of this very code stand for, and what decides whether it is the right one.
"""

import re
from collections.abc import Callable

from ahead.lookup.catalog.schemas import CodeFacts, Node

from . import choice, details, notes
from .words import Term, glossary, places

MOST_SENTENCES = 6
SHORT = 3
"""A text of fewer sentences also says that the code is complete."""
_GUARDED = re.compile(
    r"\b(right|left|bilateral(?:ly)?|both|(?:first|second|third) trimester|mild|moderate|severe|profound|"
    r"initial encounter|subsequent encounter)\b",
    re.IGNORECASE,
)


def compose(facts: CodeFacts) -> tuple[str, ...]:
    """Paragraphs of a composed description: what it is, then what this code says of it."""
    base = details.base_title(facts)
    title = facts.node.title

    def agrees(text: str) -> bool:
        """A text may name a side, trimester, severity or encounter only if this code's own title does."""
        said = {match[0].lower() for match in _GUARDED.finditer(text)}
        return all(re.search(rf"\b{re.escape(word)}\b", title, re.IGNORECASE) for word in said)

    what = [_meaning(facts, base, agrees), _place(facts, agrees)]
    rule = facts.seventh_character
    exact = [
        details.side(base),
        details.trimester(base),
        details.intent(facts.node),
        details.severity(base),
        details.seventh(rule.chosen) if rule is not None and rule.chosen is not None else "",
    ]
    decides = [choice.sentence(base), _use(facts)]
    more = [text for text in (notes.elsewhere(facts, agrees), notes.inclusion(facts, base)) if agrees(text)]
    if facts.node.billable and sum(map(bool, (*what, *exact, *decides, *more))) < SHORT:
        more.append("It is complete as it stands: no further characters are needed to bill it.")
    return _assemble(what, exact, decides, more)


def _assemble(what: list[str], exact: list[str], decides: list[str], more: list[str]) -> tuple[str, ...]:
    """At most six sentences; what is least needed to read the code right is left out first."""
    first = [text for text in what if text]
    second = [text for text in exact if text]
    room = MOST_SENTENCES - len(first) - len(second)
    second += [text for text in (*decides, *more) if text][: max(room, 0)]
    return tuple(" ".join(part) for part in (first, second) if part)


def _meaning(facts: CodeFacts, base: str, agrees: Callable[[str], bool]) -> str:
    """What the words in the title mean; where none is known, those of the nearest place above."""
    above = [n.title for n in reversed(facts.ancestors) if n.kind not in ("chapter", "section")]
    best: list[Term] = []
    for text in (base, *above):
        terms = [term for term in glossary().find(text, facts.node.code) if agrees(term.meaning)]
        chosen = _choose(terms)
        if any(term.rank <= 2 for term in chosen):
            best = chosen
            break
        best = best or chosen
    return _sentence(_joined([term.meaning for term in best])) if best else ""


def _choose(terms: list[Term]) -> list[Term]:
    """Two conditions and a body part or quality say most; general words only where nothing else is."""
    first = [t for t in terms if t.rank == 1][:2]
    parts = [t for t in terms if t.rank == 2][: 2 if len(first) < 2 else 1]
    qualities = [t for t in terms if t.rank == 3][: 1 if len(first) + len(parts) < 3 else 0]
    chosen = first + parts + qualities or [t for t in terms if t.rank == 4][:1]
    return sorted(chosen, key=lambda t: t.position)


def _joined(clauses: list[str]) -> str:
    if len(clauses) < 3:
        return ", and ".join(clauses)
    return "; ".join(clauses)


def _place(facts: CodeFacts, agrees: Callable[[str], bool]) -> str:
    """What it is part of: its category, section and chapter."""
    node = facts.node
    category = _first(facts, "category")
    section = next((n for n in reversed(facts.ancestors) if n.kind == "section"), None)
    chapter = next((n for n in facts.ancestors if n.kind == "chapter"), None)
    among = _about(section)
    if category is not None and agrees(category.title):
        if among:
            return f"The code belongs to “{category.title}” ({category.dotted}), among the codes for {among}."
        return f"The code belongs to “{category.title}” ({category.dotted})."
    of = _about(chapter)
    thing = "code" if node.billable else "heading"
    if among and of and of != among:
        return f"The {thing} stands among the codes for {among}, in the chapter on {of}."
    if among or of:
        return f"The {thing} stands among the codes for {among or of}."
    return ""


def _first(facts: CodeFacts, kind: str) -> Node | None:
    return next((n for n in facts.ancestors if n.kind == kind), None)


def _about(place: Node | None) -> str:
    if place is None:
        return ""
    known = places().get(place.code)
    if known is not None:
        return known
    return re.sub(r" \([A-Z0-9]{3}(?:-[A-Z0-9]{3})?\)$", "", place.title).lower()


def _use(facts: CodeFacts) -> str:
    """How the code may be used at all: headers, external causes, agents."""
    node = facts.node
    if node.kind in ("chapter", "section"):
        return ""
    if not node.billable:
        count = f"{node.codes_below:,} complete codes" if node.codes_below != 1 else "one complete code"
        lacks = "a 7th character" if any(n.kind == "extension" for n in facts.children) else "more characters"
        return (
            f"It is a heading and needs {lacks} before it can be billed: there {_are(node)} {count} below it."
        )
    if node.code[0] in "VWXY":
        return (
            "It says how harm came about and only accompanies the code of the injury or illness, never first."
        )
    rule = facts.seventh_character
    if rule is not None and rule.chosen is not None and rule.chosen.meaning.startswith("sequela"):
        return LATE_EFFECT
    if "T36" <= node.code[:3] <= "T50" and (text := _SEQUENCE.get(node.title.split(" ", 1)[0].lower())):
        return text
    if node.code[:3] in ("B95", "B96", "B97"):
        return "It names the germ and only accompanies the code of the disease, never first."
    return ""


LATE_EFFECT = "The code of the late effect itself goes first, followed by this one."
"""By the official guidelines (I.B.10 and I.C.19.a)."""
_SEQUENCE = {
    "poisoning": "This code goes first, followed by the codes of the harm that was done.",
    "adverse": "The code of the harm that was done goes first, followed by this one.",
    "underdosing": "It never goes first: the condition that went untreated is coded before it.",
}
"""The order that the official guidelines (I.C.19.e.5) lay down for codes of T36-T50."""


def _are(node: Node) -> str:
    return "is" if node.codes_below == 1 else "are"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
