"""Calls of tools, and the codes of a question by kind."""

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from ahead.assistant.reading.codes import systems_of
from ahead.assistant.reading.question import Question
from ahead.assistant.reading.topics import words_of
from ahead.assistant.reading.wordlists import wordlists
from ahead.assistant.tools import codes
from ahead.assistant.tools.desk import Desk
from ahead.assistant.tools.results import Result

Run = Callable[[Desk], Awaitable[Result]]

MOST_CODES = 4
# What is asked of a procedure: then its name and validity are not what is asked.
OF_PROCEDURES = frozenset({"mue", "addon", "ptp", "global", "work", "fee", "lab"})
_OF_DIAGNOSES = frozenset(
    {"poa", "severity", "hcc", "drg", "gem", "seventh", "excludes", "notes", "guideline"}
)
_ASKING = {
    name: re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
    for name, words in wordlists("asking").items()
}


@dataclass(frozen=True)
class Call:
    """`label`: what it does, for people. `lean`: asked only where the calls before it tell nothing."""

    tool: str
    label: str
    run: Run
    lean: bool = False


@dataclass(frozen=True)
class Subjects:
    """The codes of a question by kind, diagnoses with their dots."""

    procedures: tuple[str, ...]
    diagnoses: tuple[str, ...]
    inpatient: tuple[str, ...]


def subjects_of(question: Question) -> Subjects:
    wants_diagnoses = bool(_OF_DIAGNOSES & set(question.topics)) and not OF_PROCEDURES & set(question.topics)
    found: tuple[list[str], list[str], list[str]] = ([], [], [])
    for code in question.codes:
        systems = systems_of(code)
        first = systems[-1] if wants_diagnoses and systems == ("hcpcs", "icd10cm") else systems[0]
        if first in ("cpt", "hcpcs"):
            found[0].append(code)
        elif first == "icd10pcs":
            found[2].append(code)
        else:
            found[1].append(dotted(code))
    return Subjects(*(tuple(each) for each in found))


def dotted(code: str) -> str:
    return code if "." in code or len(code) <= 3 else f"{code[:3]}.{code[3:]}"


def each(
    codes_: Sequence[str], tool: str, label: str, make: Callable[[Desk, str], Awaitable[Result]]
) -> Iterator[Call]:
    for code in codes_[:MOST_CODES]:
        yield Call(tool, f"{label} of {code}", lambda desk, code=code: make(desk, code))


def suffixes(question: Question, code: str) -> tuple[str, ...]:
    """Modifiers written on the code itself: "99213-25"."""
    found = re.search(rf"{re.escape(code)}((?:-[0-9A-Z]{{2}})+)\b", question.text, re.I)
    return tuple(found[1].strip("-").upper().split("-")) if found else ()


def left(question: Question, topic: str) -> str:
    """What is left of the question to look up, without the words that ask of this topic."""
    return words_of(_ASKING[topic].sub(" ", question.words))


def search(question: Question) -> Call:
    """For the words of the question; where they lead nowhere, for those before its first comma."""

    async def run(desk: Desk) -> Result:
        found = await codes.find(desk, question.words, question.system)
        first = words_of(question.text.partition(",")[0])
        if found.told or not first or first == question.words:
            return found
        return await codes.find(desk, first, question.system)

    return Call("search", f"Searching for “{question.words}”", run)
