"""Says in plain words what an ICD-9-CM code stands for, from its title.

Nothing is said that the title doesn't hold: side, trimester and severity are its own words, explained.
"""

import re

from ahead.lookup.catalog.schemas import CodeFacts
from ahead.lookup.descriptions import choice, details
from ahead.lookup.descriptions.words import Term, glossary

_LAST_DAY = "September 30, 2015"
_GUARDED = re.compile(
    r"\b(right|left|bilateral(?:ly)?|both|(?:first|second|third) trimester|mild|moderate|severe|profound|"
    r"initial encounter|subsequent encounter)\b",
    re.IGNORECASE,
)
_MOST_TERMS = 3
_KINDS = {
    "E": "It says how harm came about and only accompanies the code of the injury or illness, never first.",
    "V": "It names a reason for care other than an illness or injury, such as a history, a check or aftercare.",
}


def describe(facts: CodeFacts) -> tuple[str, ...]:
    """Paragraphs on a code or heading."""
    node = facts.node
    if node.kind == "section":
        return (f"These are codes of ICD-9-CM, {node.codes_below:,} of them.",)
    first = [f"The {'code' if node.billable else 'heading'} stands for “{node.title}”."]
    if meaning := _meaning(node.title):
        first.append(meaning)
    if kind := _KINDS.get(node.code[0]):
        first.append(kind)
    more = [details.side(node.title), details.trimester(node.title), details.severity(node.title)]
    more.append(choice.sentence(node.title))
    if not node.billable:
        codes = "code" if node.codes_below == 1 else "codes"
        more.append(
            f"It is a heading: it needs more digits, and {node.codes_below:,} complete {codes} stand below it."
        )
    more.append(f"ICD-9-CM was used for dates of service to {_LAST_DAY}; later ones have codes of ICD-10-CM.")
    return " ".join(first), " ".join(text for text in more if text)


def _meaning(title: str) -> str:
    """What words in the title mean; nothing that is bound to a place in ICD-10-CM."""
    terms = [term for term in glossary().find(title, "") if _agrees(term, title)]
    chosen = sorted(terms, key=lambda term: (term.rank, term.position))[:_MOST_TERMS]
    clauses = [term.meaning for term in sorted(chosen, key=lambda term: term.position) if term.rank <= 3]
    if not clauses:
        return ""
    text = "; ".join(clauses)
    return f"{text[0].upper()}{text[1:]}."


def _agrees(term: Term, title: str) -> bool:
    said = {match[0].lower() for match in _GUARDED.finditer(term.meaning)}
    return all(re.search(rf"\b{re.escape(word)}\b", title, re.IGNORECASE) for word in said)
