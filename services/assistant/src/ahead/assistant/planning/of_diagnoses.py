"""What is asked of diagnoses, of stays, and of the books of the code systems."""

import re
from collections.abc import Iterator

from ahead.assistant.reading.question import Question
from ahead.assistant.reading.visits import patient_in
from ahead.assistant.tools import books, claims, codes, crosswalks, inpatient, procedures
from ahead.assistant.tools.desk import Desk
from ahead.assistant.tools.results import Result

from .calls import MOST_CODES, Call, Subjects, each, left, search

_NOTE_KINDS = {
    "excludes1": r"excludes? ?1",
    "excludes2": r"excludes? ?2",
    "code_first": r"code first|sequenced? first",
    "use_additional": r"use additional|additional code",
    "code_also": r"code also",
    "includes": r"\bincludes?\b",
    "inclusion_term": r"\binclu",
}


def poa(_question: Question, subjects: Subjects) -> Iterator[Call]:
    yield from each(
        subjects.diagnoses,
        "section:compliance",
        "Reading present on admission",
        inpatient.present_on_admission,
    )


def severity(_question: Question, subjects: Subjects) -> Iterator[Call]:
    yield from each(subjects.diagnoses, "section:crosswalks", "Reading CC and MCC", inpatient.severity)


def drg(question: Question, subjects: Subjects) -> Iterator[Call]:
    if question.named.drgs:
        yield from each(question.named.drgs, "section:fees", "Reading weight and stay", inpatient.drg)
    elif subjects.diagnoses:
        age, sex = patient_in(question.text)
        yield Call(
            "ms-drg",
            "Grouping the stay",
            lambda desk: inpatient.group(
                desk, subjects.diagnoses[0], subjects.diagnoses[1:], subjects.inpatient, age, sex
            ),
        )


def gem(question: Question, subjects: Subjects) -> Iterator[Call]:
    named = question.named
    if named.icd9:
        yield Call(
            "crosswalk",
            "Reading the equivalence maps",
            lambda desk: crosswalks.equivalents(desk, named.icd9[:MOST_CODES], "icd9cm"),
        )
    elif subjects.diagnoses:
        yield Call(
            "crosswalk",
            "Reading the equivalence maps",
            lambda desk: crosswalks.equivalents(desk, subjects.diagnoses[:MOST_CODES], "icd10cm"),
        )


def hcc(_question: Question, subjects: Subjects) -> Iterator[Call]:
    yield from each(subjects.diagnoses, "section:crosswalks", "Reading risk adjustment", crosswalks.risk)


def excludes(question: Question, subjects: Subjects) -> Iterator[Call]:
    if len(subjects.diagnoses) >= 2:
        yield Call(
            "claim-check", "Checking Excludes1", lambda desk: claims.excludes(desk, subjects.diagnoses[:12])
        )
    elif subjects.diagnoses:
        yield from notes(question, subjects)


def seventh(_question: Question, subjects: Subjects) -> Iterator[Call]:
    yield from each(subjects.diagnoses, "seventh-character", "Reading 7th characters", books.seventh)


def history(_question: Question, subjects: Subjects) -> Iterator[Call]:
    for system, group in (("icd10cm", subjects.diagnoses), ("icd10pcs", subjects.inpatient)):
        yield from each(
            group,
            "section:history",
            "Reading the history",
            lambda desk, code, system=system: codes.history(desk, system, code),
        )
    for code in subjects.procedures[:MOST_CODES]:
        system = procedures.system_of(code)
        yield Call(
            "section:history",
            f"Reading the history of {code}",
            lambda desk, code=code, system=system: codes.history(desk, system, code),
        )


def diff(question: Question, subjects: Subjects) -> Iterator[Call]:
    if question.codes:
        yield from history(question, subjects)
        return
    kinds = [
        kind
        for kind, words in (
            ("added", r"\bnew\b|\badded"),
            ("deleted", r"deleted|removed"),
            ("revised", r"revised|retitled"),
        )
        if re.search(words, question.text, re.I)
    ]
    system = question.system or "icd10cm"
    yield Call("release-diff", "Comparing editions", lambda desk: codes.diff(desk, system, kinds))


def notes(question: Question, subjects: Subjects) -> Iterator[Call]:
    kinds = [kind for kind, words in _NOTE_KINDS.items() if re.search(words, question.text, re.I)]
    if re.search(r"excludes?\b(?! ?[12])", question.text, re.I):
        kinds = ["excludes1", "excludes2"]
    yield from each(
        subjects.diagnoses,
        "section:guidelines",
        "Reading notes",
        lambda desk, code: codes.notes(desk, code, kinds),
    )


def guideline(question: Question, subjects: Subjects) -> Iterator[Call]:
    if question.named.sections:
        yield from each(question.named.sections, "guidelines", "Reading the guideline", books.guideline)
    elif subjects.diagnoses:
        yield from each(subjects.diagnoses, "guidelines", "Reading guidelines", books.guidelines_for)
    elif not question.codes:
        words = left(question, "guideline")
        # "How do I code …" asks for a code first; what the guidelines say of it is second.
        coded = not re.search(r"guideline|\brules?\b|sequenc|\bocg\b|principal", question.text, re.IGNORECASE)
        if coded and question.words:
            yield search(question)
        if words and not question.points:
            yield Call(
                "guidelines", "Searching the guidelines", lambda desk: books.guidelines_about(desk, words)
            )


def neoplasm(question: Question, _subjects: Subjects) -> Iterator[Call]:
    behavior = next(
        (
            name
            for name, words in (
                ("malignant secondary", r"secondary|metasta"),
                ("in situ", r"in situ"),
                ("benign", r"benign"),
                ("uncertain", r"uncertain"),
                ("unspecified", r"unspecified behaviou?r"),
                ("malignant primary", r"primary|malignan|cancer|carcinoma"),
            )
            if re.search(words, question.text, re.I)
        ),
        "",
    )
    site = left(question, "neoplasm")
    if site:
        yield Call(
            "search",
            f"Searching for “{question.words}”",
            lambda desk: codes.find(desk, question.words, question.system or "icd10cm", 2),
        )
        yield Call(
            "neoplasm", "Reading the table of neoplasms", lambda desk: books.neoplasm(desk, site, behavior)
        )


def drug(question: Question, _subjects: Subjects) -> Iterator[Call]:
    intent = next(
        (
            name
            for name, words in (
                ("adverse", r"adverse|side effect|reaction"),
                ("underdosing", r"underdos"),
                ("self-harm", r"suicid|self[- ]harm|intentional(?!ly un)"),
                ("assault", r"assault"),
                ("undetermined", r"undetermined"),
                ("accidental", r"accident|unintentional|poison|overdos"),
            )
            if re.search(words, question.text, re.I)
        ),
        "",
    )
    substance = left(question, "drug")
    if substance:
        yield Call("drugs", "Reading the table of drugs", lambda desk: books.drug(desk, substance, intent))
        yield Call(
            "search",
            f"Searching for “{question.words}”",
            lambda desk: codes.find(desk, question.words, question.system or "icd10cm", 2),
            lean=True,
        )


def index_term(question: Question, _subjects: Subjects) -> Iterator[Call]:
    book = "external-cause" if re.search(r"external", question.text, re.I) else "index"
    term = left(question, "index")
    if term:
        yield Call("index-walk", "Walking the index", lambda desk: books.index(desk, term, book))


def pcs_table(question: Question, subjects: Subjects) -> Iterator[Call]:
    begins = re.search(
        r"\b(?:table|begin\w*(?: with)?|start\w*(?: with)?|pcs)\s+([0-9A-HJ-NP-Z]{3,6})\b", question.text
    )
    if begins and any(one.isdigit() for one in begins[1]):
        yield Call(
            "pcs-builder",
            f"Reading table {begins[1][:3]}",
            lambda desk: books.procedure_table(desk, begins[1]),
        )
    elif not question.codes and question.system == "icd10pcs" and question.words:
        yield Call(
            "pcs-builder",
            "Reading the index of procedures",
            lambda desk: books.procedure_table(desk, term=question.words),
        )


def billable(question: Question, subjects: Subjects) -> Iterator[Call]:
    if question.codes or question.named.icd9:
        yield Call("code-lists", "Judging the codes", lambda desk: _described(desk, question, billable=True))
        for code in subjects.diagnoses[:1]:
            yield Call(
                "section:compliance",
                f"Reading what stands below {code}",
                lambda desk, code=code: codes.below(desk, code),
            )


def describe(question: Question, _subjects: Subjects) -> Iterator[Call]:
    if question.codes or question.named.icd9:
        yield Call("code-lists", "Reading the codes", lambda desk: _described(desk, question, billable=False))


async def _described(desk: Desk, question: Question, *, billable: bool) -> Result:
    icd9 = bool(question.named.icd9)
    return await codes.describe(desk, [*question.codes, *question.named.icd9], billable=billable, icd9=icd9)
