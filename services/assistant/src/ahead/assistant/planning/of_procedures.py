"""What is asked of procedures, of visits and of claims."""

from collections.abc import Iterator

from ahead.assistant.reading.question import Question
from ahead.assistant.reading.visits import VISITS, visit_in
from ahead.assistant.tools import claims, fees, procedures
from ahead.assistant.tools import coverage as documents

from .calls import MOST_CODES, Call, Subjects, each, left, suffixes
from .of_diagnoses import drg, excludes


def claim(question: Question, subjects: Subjects) -> Iterator[Call]:
    if subjects.procedures and subjects.diagnoses:
        lines = [(code, suffixes(question, code)) for code in subjects.procedures]
        place = question.named.places[0] if question.named.places else ""
        yield Call(
            "claim-check",
            "Checking the claim",
            lambda desk: claims.check(desk, subjects.diagnoses, lines, question.setting, place),
        )


def em(question: Question, subjects: Subjects) -> Iterator[Call]:
    said = visit_in(question.text)
    visits = [code for code in subjects.procedures if VISITS.fullmatch(code)]
    if subjects.procedures and not visits:
        return
    if "family" not in said and visits:
        said["code"] = visits[0]
    elif "family" in said and visits and not {"minutes", "problems", "data", "risk"} & set(said):
        said = {"code": visits[0]}
    if (
        "family" in said and ({"minutes", "problems", "data", "risk"} & set(said) or not question.points)
    ) or "code" in said:
        yield Call(
            "em-level", "Choosing the level of the visit", lambda desk: claims.visit_level(desk, **said)
        )


def mue(question: Question, subjects: Subjects) -> Iterator[Call]:
    yield from each(
        subjects.procedures,
        "mue",
        "Reading the unit limit",
        lambda desk, code: procedures.mue(desk, code, question.setting),
    )


def addon(_question: Question, subjects: Subjects) -> Iterator[Call]:
    yield from each(subjects.procedures, "add-on", "Reading add-on edits", procedures.add_on)


def ptp(question: Question, subjects: Subjects) -> Iterator[Call]:
    if len(subjects.procedures) >= 2:
        yield Call(
            "ncci-pair",
            "Checking NCCI edits",
            lambda desk: procedures.pairs(desk, subjects.procedures[:6], question.setting),
        )
    elif len(subjects.diagnoses) >= 2:
        yield from excludes(question, subjects)


def global_days(_question: Question, subjects: Subjects) -> Iterator[Call]:
    yield from each(
        subjects.procedures,
        "relative-values",
        "Reading the global period",
        lambda desk, code: fees.relative_values(desk, code, "global"),
    )


def work(_question: Question, subjects: Subjects) -> Iterator[Call]:
    yield from each(
        subjects.procedures,
        "relative-values",
        "Reading relative values",
        lambda desk, code: fees.relative_values(desk, code, "work"),
    )


def lab(_question: Question, subjects: Subjects) -> Iterator[Call]:
    yield from each(subjects.procedures, "laboratory-rate", "Reading the laboratory rate", fees.laboratory)


def fee(question: Question, subjects: Subjects) -> Iterator[Call]:
    for code in subjects.procedures[:MOST_CODES]:
        yield Call(
            "fees",
            f"Pricing {code}",
            lambda desk, code=code: fees.fee(
                desk,
                code,
                state=question.state,
                locality=question.locality,
                zip_code=question.named.zips[0] if question.named.zips else "",
                price=question.price,
                modifiers=suffixes(question, code) or question.named.modifiers,
            ),
        )
        if code[0] == "8" or code[-1] == "U":
            yield Call(
                "laboratory-rate",
                f"Reading the laboratory rate of {code}",
                lambda desk, code=code: fees.laboratory(desk, code),
            )
    if not subjects.procedures:
        yield from drg(question, subjects)


def coverage(question: Question, subjects: Subjects) -> Iterator[Call]:
    named = question.named
    for number in named.documents[:2]:
        yield Call(
            "coverage-documents",
            f"Reading {number}",
            lambda desk, number=number: documents.documents(desk, number=number),
        )
    if subjects.procedures and subjects.diagnoses:
        yield Call(
            "claim-check",
            "Checking coverage",
            lambda desk: documents.supports(desk, subjects.procedures[0], subjects.diagnoses[0]),
        )
    yield from each(subjects.procedures, "section:medicare-coverage", "Reading coverage", documents.of_code)
    words = left(question, "coverage")
    if not named.documents and not subjects.procedures and not subjects.diagnoses and words:
        yield Call(
            "coverage-documents",
            "Searching coverage documents",
            lambda desk: documents.documents(desk, words=words),
        )


def modifiers(question: Question, subjects: Subjects) -> Iterator[Call]:
    wanted = question.named.modifiers
    if subjects.procedures:
        yield from each(
            subjects.procedures,
            "section:modifiers",
            "Reading modifiers",
            lambda desk, code: procedures.modifiers_for(desk, code, wanted),
        )
    if subjects.procedures or not question.points or "describe" in question.topics:
        yield from each(wanted, "modifier", "Reading the modifier", procedures.modifier)


def place(question: Question, _subjects: Subjects) -> Iterator[Call]:
    if question.named.places:
        yield from each(
            question.named.places, "place-of-service", "Reading the place of service", procedures.place
        )
    elif not question.codes and not question.points:
        words = left(question, "place")
        if words:
            yield Call(
                "place-of-service", "Reading places of service", lambda desk: procedures.place(desk, words)
            )
