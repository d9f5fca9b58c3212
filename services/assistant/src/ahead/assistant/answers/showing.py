"""What the pages show of questions and answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from ahead.assistant.answers.repository import decoded
from ahead.assistant.answers.schemas import Answer
from ahead.assistant.conversations.exports import as_lines
from ahead.assistant.conversations.service import REASONS
from ahead.assistant.gate.patterns import codes_in

SYSTEMS = {
    "icd10cm": "ICD-10-CM",
    "icd10pcs": "ICD-10-PCS",
    "hcpcs": "HCPCS",
    "cpt": "CPT",
    "icd9cm": "ICD-9-CM",
    "msdrg": "MS-DRG",
}
_DOTTED = re.compile(r"[A-Z]\d[0-9A-Z]\.")
_ADDRESS = re.compile(r"^/codes/(\w+)/([^?#]+)")


@dataclass(frozen=True)
class Topic:
    key: str
    title: str
    examples: tuple[str, ...]


TOPICS = (
    Topic(
        "cpt",
        "CPT Codes",
        (
            "How many global days does 29881 have?",
            "Is 99417 an add-on code?",
            "What is the MUE of 20610?",
        ),
    ),
    Topic(
        "guidelines",
        "Guidelines",
        (
            "What do the guidelines say about sequencing sepsis?",
            "What do the guidelines say about Z codes as the first-listed diagnosis?",
            "Which 7th characters does S52.501 take?",
        ),
    ),
    Topic(
        "modifiers",
        "Modifiers",
        (
            "What does modifier 59 mean?",
            "Can 27447 be billed with modifier 50?",
            "Is an assistant at surgery paid for 29827?",
        ),
    ),
    Topic(
        "crosswalks",
        "Crosswalks",
        (
            "Which ICD-9 code corresponds to E11.9?",
            "Which HCC does I50.22 have?",
            "Is N17.9 a CC or an MCC?",
        ),
    ),
    Topic(
        "ncci",
        "NCCI Edits",
        (
            "Is there an NCCI edit between 29881 and 29877?",
            "May a modifier bypass the edit of 11042 with 97597?",
            "How many units of J1885 does the MUE allow?",
        ),
    ),
    Topic(
        "compliance",
        "Compliance",
        (
            "Is E11.65 billable?",
            "What does J44.9 exclude?",
            "Is Z38.00 exempt from present on admission?",
        ),
    ),
    Topic(
        "coverage",
        "Medicare Coverage",
        (
            "What is the coverage status of G0105?",
            "Which LCD covers epidural steroid injections?",
            "Is A0428 covered by Medicare?",
        ),
    ),
)


def topic_of(key: str) -> Topic | None:
    return next((topic for topic in TOPICS if topic.key == key), None)


@dataclass(frozen=True)
class Shown:
    """A turn as its template needs it; `answer` is None while it is made."""

    id: str
    question: str
    as_of: date
    asked_at: datetime
    about: str
    working: bool
    answer: Answer | None
    rating: str
    reason: str
    text: str
    sentences: tuple[tuple[Markup, tuple[int, ...]], ...]


def shown(row: Any) -> Shown:
    answer = decoded(row) if row.answer and row.state == "done" else None
    addresses = _addresses(answer, row.as_of) if answer else {}
    return Shown(
        id=row.id,
        question=row.question,
        as_of=row.as_of,
        asked_at=row.asked_at,
        about=f"{SYSTEMS.get(row.system, row.system)} {row.code}" if row.code else "",
        working=row.state == "working",
        answer=answer,
        rating=row.rating,
        reason=REASONS.get(row.reason, ""),
        text="\n".join(as_lines(answer)) if answer else "",
        sentences=tuple((linked(one.text, addresses), one.citations) for one in answer.sentences)
        if answer
        else (),
    )


def all_shown(rows: Sequence[Any]) -> list[Shown]:
    return [shown(row) for row in rows]


def _addresses(answer: Answer, as_of: date) -> dict[str, str]:
    """Where the page of each code is that the answer is about, cites, or names as only ICD-10-CM spells codes: the
    gate has let no code through that no result of the turn holds.
    """
    found = [
        ("icd10cm", code) for one in answer.sentences for code in codes_in(one.text) if _DOTTED.match(code)
    ]
    found += [match.groups() for one in answer.citations if (match := _ADDRESS.match(one.url))]
    found += [(code.system, code.code) for code in answer.codes]
    return {code.upper(): f"/codes/{system}/{code}?as_of={as_of.isoformat()}" for system, code in found}


def linked(text: str, addresses: dict[str, str]) -> Markup:
    """The sentence with its codes as links to their pages."""
    parts, last = list[Markup](), 0
    if addresses:
        # The longest first: E11 stands in E11.65, too.
        codes = "|".join(re.escape(code) for code in sorted(addresses, key=len, reverse=True))
        for found in re.finditer(rf"(?<![\w.$])(?:{codes})(?!\w|\.\w)", text, re.I):
            parts.append(Markup.escape(text[last : found.start()]))
            link = Markup('<a class="code" href="{}">{}</a>')
            parts.append(link.format(addresses[found.group().upper()], found.group()))
            last = found.end()
    return Markup("").join([*parts, Markup.escape(text[last:])])
