"""Which tools answer a question: decided from what it names and what it wants to know."""

from collections.abc import Callable, Iterator

from ahead.assistant.reading.question import Question

from .calls import OF_PROCEDURES, Call, Subjects, search, subjects_of
from .of_diagnoses import (
    billable,
    describe,
    diff,
    drg,
    drug,
    excludes,
    gem,
    guideline,
    hcc,
    history,
    index_term,
    neoplasm,
    notes,
    pcs_table,
    poa,
    seventh,
    severity,
)
from .of_procedures import addon, claim, coverage, em, fee, global_days, lab, modifiers, mue, place, ptp, work


def plan(question: Question) -> list[Call]:
    """The calls, the one that answers first; empty where nothing can be asked."""
    subjects = subjects_of(question)
    topics = _wanted(question, subjects)
    calls = [call for topic in topics for call in _OF_TOPIC[topic](question, subjects)]
    if not calls:
        calls = list(_by_default(question, subjects))
    return calls


def _wanted(question: Question, subjects: Subjects) -> list[str]:
    """The topics in their order, without those that others make idle."""
    topics = [topic for topic in question.topics if topic in _OF_TOPIC]
    held = set(topics)
    drop: set[str] = set()
    specific = held & OF_PROCEDURES if subjects.procedures else set[str]()
    if specific:
        drop |= {"billable", "describe", "notes", "excludes", "history", "index", "neoplasm", "drug"}
        if not question.named.modifiers:
            drop |= {"modifiers"}
    if "mue" in held and len(subjects.procedures) < 2:
        drop |= {"ptp"}
    if "addon" in held and "ptp" in held and len(subjects.procedures) < 2:
        drop |= {"ptp"}
    if "lab" in held:
        drop |= {"fee"}
    if "work" in held or "global" in held or ("ptp" in held and len(subjects.procedures) >= 2):
        drop |= {"fee"}
    if held & {
        "severity",
        "drg",
        "poa",
        "gem",
        "hcc",
        "seventh",
        "history",
        "coverage",
        "excludes",
        "claim",
        "em",
    }:
        drop |= {"describe", "billable"} if "billable" not in held or not subjects.diagnoses else {"describe"}
    if held & {"severity", "poa", "gem", "hcc"} and not question.named.drgs:
        drop |= {"drg", "fee"}
    if question.codes or question.named.icd9:
        drop |= {"neoplasm", "drug", "index", "diff"}
    if held & {"neoplasm", "drug", "index"}:
        drop |= {"describe"}
    return [topic for topic in topics if topic not in drop]


def _by_default(question: Question, subjects: Subjects) -> Iterator[Call]:
    """Where no topic leads to a call: what is named is told, else the words are searched for."""
    named = question.named
    if len(subjects.procedures) >= 2 and not subjects.diagnoses:
        yield from describe(question, subjects)
        yield from ptp(question, subjects)
    elif question.codes or named.icd9:
        yield from describe(question, subjects)
    elif named.drgs:
        yield from drg(question, subjects)
    elif named.documents:
        yield from coverage(question, subjects)
    elif named.sections:
        yield from guideline(question, subjects)
    elif named.modifiers and not question.points:
        yield from modifiers(question, subjects)
    elif named.places:
        yield from place(question, subjects)
    elif (question.asks_for_code or question.bare) and question.words and not question.points:
        yield search(question)


_OF_TOPIC: dict[str, Callable[[Question, Subjects], Iterator[Call]]] = {
    "claim": claim,
    "em": em,
    "mue": mue,
    "addon": addon,
    "ptp": ptp,
    "global": global_days,
    "work": work,
    "lab": lab,
    "fee": fee,
    "poa": poa,
    "severity": severity,
    "drg": drg,
    "gem": gem,
    "hcc": hcc,
    "coverage": coverage,
    "excludes": excludes,
    "seventh": seventh,
    "history": history,
    "diff": diff,
    "notes": notes,
    "guideline": guideline,
    "neoplasm": neoplasm,
    "drug": drug,
    "index": index_term,
    "pcs_table": pcs_table,
    "billable": billable,
    "modifiers": modifiers,
    "place": place,
    "describe": describe,
}
