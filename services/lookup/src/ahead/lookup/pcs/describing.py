"""Says in plain words what a procedure code stands for, from the words of its own title.

Official titles are put together from the names of a code's characters, so that nothing is said here that the title
doesn't hold: side, approach, device and qualifier are the title's own words, explained.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ahead.lookup.catalog.schemas import CodeFacts

from .loading.nodes import SECTIONS

_PUNCTURE = "a puncture or a tiny cut through the skin"
_OPENING = "through an opening that the body has, or that was made before"
_APPROACHES = {
    "Open": "The surgeon cuts through skin and other layers to reach and see the place.",
    "Percutaneous": f"The place is reached by {_PUNCTURE}, such as with a needle or catheter.",
    "Percutaneous Endoscopic": f"The place is reached and seen with a scope, through {_PUNCTURE} (keyhole surgery).",
    "Via Natural or Artificial Opening": f"Instruments go in {_OPENING}.",
    "Via Natural or Artificial Opening Endoscopic": f"A scope goes in {_OPENING}, to reach and see the place.",
    "Via Natural or Artificial Opening with Percutaneous Endoscopic Assistance": (
        f"Instruments go in {_OPENING}; a scope through the skin helps to see."
    ),
    "External": (
        "It is done on the skin or a lining from outside, without cutting or puncturing, or by force through them."
    ),
}
"""By the name of the approach, the longest that fits a title."""

_WITH_APPROACH = frozenset("01234789X")
"""Sections whose fifth character is the approach."""
_APPROACH = re.compile(
    r", (" + "|".join(sorted(map(re.escape, _APPROACHES), key=len, reverse=True)) + r")(?: Approach)?(?=,|$)"
)
_GROUP = re.compile(r", New Technology Group (\d+)$")
_DIAGNOSTIC = re.compile(r", Diagnostic(?=,|$)")
_SIDES = re.compile(r"\b(right|left)\b", re.IGNORECASE)
_PLAIN = re.compile(r"(?<![\w-])[A-Z][a-z]+(?![\w'’])")
_KEPT = frozenset({"Fallopian", "Eustachian", "Doppler", "English"})
"""Names of people keep their capital letter, as the letters of abbreviations do."""
_MOST_DETAILS = 3


@dataclass(frozen=True, slots=True)
class Operation:
    meaning: str
    lead: str


def describe(facts: CodeFacts) -> tuple[str, ...]:
    """Paragraphs on a code or a table."""
    node = facts.node
    if len(node.code) < 3:
        return (f"{node.title} is a part of ICD-10-PCS with {node.codes_below:,} codes.",)
    table = node.title if len(node.code) == 3 else facts.ancestors[-1].title
    operation = _operation(node.code, table)
    if len(node.code) == 3:
        count = f"{node.codes_below:,} code{'' if node.codes_below == 1 else 's'}"
        meaning = (
            operation.meaning
            if operation
            else f"These are procedures of the section “{SECTIONS[node.code[0]]}”."
        )
        return (f"{meaning} {_place(facts)} This is a table of {count}: four more characters make a code.",)
    return _code(node.code, node.title, table, operation, facts)


def _code(
    code: str, title: str, table: str, operation: Operation | None, facts: CodeFacts
) -> tuple[str, ...]:
    rest = _GROUP.sub("", title)
    rest = _DIAGNOSTIC.sub("", rest)
    approaches = _APPROACH.findall(rest)
    rest = _APPROACH.sub("", rest)
    if operation is not None:
        name = next(one for one in _names(code[0]) if table.endswith(one))
        what = re.sub(rf"^{re.escape(name)}(?: (?:of|at|in|with|for)\b)?,? ?", "", rest)
        lead = f" {operation.lead}: {_small(what)}." if what else ""
        first = f"{operation.meaning}{lead}"
    else:
        first = f"A procedure of the section “{SECTIONS[code[0]]}”: {_small(rest)}."
    details = [
        *_sides(title),
        *_approach(code, approaches),
        *_explained(rest),
    ]
    if ", Diagnostic" in title:
        details.append("“Diagnostic” means that it is done to find out what is wrong, as a biopsy is.")
    if group := _GROUP.search(title):
        details.append(
            f"It is a code for new technology; “group {group[1]}” only tells in which round of additions it came."
        )
    details.append("Hospitals report it for inpatients.")
    return first, " ".join(details)


def _place(facts: CodeFacts) -> str:
    above = facts.ancestors[-1].title if facts.ancestors else ""
    return f"They concern: {_small(above)}." if above else ""


def _operation(code: str, table: str) -> Operation | None:
    name = next((one for one in _names(code[0]) if table.endswith(one)), None)
    return None if name is None else operations()[code[0], name]


@cache
def _names(section: str) -> tuple[str, ...]:
    """Operations of a section, the longest first."""
    return tuple(sorted((name for s, name in operations() if s == section), key=len, reverse=True))


def _sides(title: str) -> list[str]:
    named = list(dict.fromkeys(match[1].lower() for match in _SIDES.finditer(title)))
    if not named:
        return []
    if len(named) == 2:
        return ["“Right” and “left” are meant as seen from the patient."]
    return [f"“{named[0].capitalize()}” is meant as seen from the patient."]


def _approach(code: str, said: list[str]) -> list[str]:
    """By the title; where it doesn't say it, by the fifth character."""
    if said:
        return [_APPROACHES[said[-1]]]
    if code[0] in _WITH_APPROACH and code[4] == "X":
        return [_APPROACHES["External"]]
    return []


def _explained(text: str) -> list[str]:
    """Words of the title that need it, in their order."""
    found: list[tuple[int, str]] = []
    taken: list[tuple[int, int]] = []
    for pattern, explanation in details():
        match = pattern.search(text)
        if match is None or any(start < match.end() and match.start() < end for start, end in taken):
            continue
        taken.append(match.span())
        found.append((match.start(), explanation))
    return [explanation for _, explanation in sorted(found)][:_MOST_DETAILS]


def _small(text: str) -> str:
    """Without the capitals of a title: "Kidney, Right" as "kidney, right"; "MRI" stays."""
    return _PLAIN.sub(lambda match: match[0] if match[0] in _KEPT else match[0].lower(), text)


def _rows(name: str) -> list[list[str]]:
    text = (files(__package__ or "") / "data" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [line.split("\t") for line in lines[1:]]


@cache
def operations() -> dict[tuple[str, str], Operation]:
    """By section and name."""
    return {
        (section, name): Operation(meaning, lead) for section, name, meaning, lead in _rows("operations.tsv")
    }


@cache
def details() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), text) for pattern, text in _rows("details.tsv"))
