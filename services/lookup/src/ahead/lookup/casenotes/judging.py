"""From mentions to findings: one per code, with what decides whether it is suggested.

Guidelines: I.B.4 and 5 (symptoms beside a definite diagnosis), II.H, III.C and IV.H (uncertain diagnoses by setting),
I.C.21.c.4 (history).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from .assertions import CHRONIC
from .concepts import Mention, mentions, tokens
from .dictionary import Dictionary
from .schemas import Setting
from .sentences import sentences
from .specificity import Reached, reach
from .words import word_of

ENOUGH = 5.5
"""Least score of a finding that is suggested; a lesser one is a further candidate."""
_REPEATED = 0.2
_COVERED = 0.35
_INCOMPLETE = 0.6
_ASSESSED = 1.3
_WEEKS = ((13, "first"), (27, "second"), (42, "third"))
_PART_OF = "Routinely part of {} ({}): not coded beside it (Guideline I.B.5)."
_DATA = Path(__file__).parent / "data"


@dataclass(slots=True)
class Finding:
    reached: Reached
    score: float
    mentions: list[Mention] = field(default_factory=list)
    aside: str = ""
    """Why it is not suggested; empty where it is."""
    why: list[str] = field(default_factory=list)
    covered: bool = True

    @property
    def code(self) -> str:
        return self.reached.place.code


def findings(note: str, dictionary: Dictionary, setting: Setting) -> list[Finding]:
    """Every code that the note speaks of, the strongest first."""
    cut = sentences(note)
    words = [[word for word, _, _ in tokens(sentence, dictionary)] for sentence in cut]
    whole = _of_the_whole(words)
    found: dict[tuple[str, str], Finding] = {}
    chronic = {word_of(word) for word in CHRONIC}
    for sentence, own in zip(cut, words, strict=True):
        said = whole | set(own)
        for mention in mentions(sentence, dictionary):
            _take(found, dictionary, mention, said, setting, chronic)
    for one in found.values():
        one.score *= 1 + _REPEATED * min(sum(not m.covered for m in one.mentions), 4)
    ordered = sorted(found.values(), key=lambda one: (-one.score, one.code))
    _set_symptoms_aside(ordered)
    return ordered


def _of_the_whole(words: Iterable[list[str]]) -> set[str]:
    """What is said once for the whole note: the trimester, that it is a later visit."""
    said: set[str] = set()
    for own in words:
        for before, word in pairwise(own):
            if word == "trimester" and before in ("first", "second", "third"):
                said |= {before, word}
            if word in ("week", "gestation") and before.isdigit() and "gestation" in own:
                said |= {
                    next((name for most, name in _WEEKS if int(before[:4]) <= most), "third"),
                    "trimester",
                }
        said |= {"subsequent"} & set(own)
    return said


def _take(
    found: dict[tuple[str, str], Finding],
    dictionary: Dictionary,
    mention: Mention,
    said: set[str],
    setting: Setting,
    chronic: set[str],
) -> None:
    code, aside, why = mention.phrase.code, "", ""
    status, trigger = mention.assertion, mention.trigger
    if status == "negated":
        aside = f"Negated (“{trigger}”)."
    elif status == "conditional":
        aside = f"A risk, a precaution or a condition (“{trigger}”), not a finding."
    elif status == "family":
        code, aside, why = _history(dictionary, "family", mention, f"Said of the family (“{trigger}”)")
    elif status == "historical":
        if code[0] == "R" or code[0] == "Z" or chronic & set(mention.phrase.words):
            why = "Said as history; a condition that lasts, or what brought the patient, is coded as present."
        else:
            code, aside, why = _history(dictionary, "personal", mention, f"Said as history (“{trigger}”)")
    elif status == "uncertain":
        if setting == "outpatient":
            aside = (
                f"Not confirmed (“{trigger}”): outpatient visits code what is known, such as the symptom "
                "(Guideline IV.H)."
            )
        else:
            why = (
                f"Not confirmed (“{trigger}”): inpatient stays code it as if it existed, if so at discharge "
                "(Guidelines II.H, III.C)."
            )
    reached = reach(dictionary, code, said)
    if reached is None:
        return
    score = mention.score * (_COVERED if mention.covered else 1) * (1 if reached.complete else _INCOMPLETE)
    if mention.sentence.section == "assessment":
        score *= _ASSESSED
    key = (reached.place.code, "aside" if aside else "")
    one = found.setdefault(key, Finding(reached, 0.0, aside=aside))
    one.score = max(one.score, score)
    one.covered = one.covered and mention.covered
    one.mentions.append(mention)
    for text in (why, reached.why):
        if text and text not in one.why:
            one.why.append(text)


def _history(dictionary: Dictionary, kind: str, mention: Mention, said: str) -> tuple[str, str, str]:
    """The history code whose words are the finding's, or the finding set aside."""
    own = set(mention.phrase.words)
    fitting = [(len(words), code) for words, code in dictionary.histories[kind] if words <= own]
    if not fitting:
        return mention.phrase.code, f"{said}: not a present condition.", ""
    return max(fitting)[1], "", f"{said}: coded as history (Guideline I.C.21.c.4)."


@lru_cache(maxsize=1)
def _integral() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    table: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for line in _DATA.joinpath("integral.tsv").read_text("utf-8").replace(".", "").splitlines():
        if line and not line.startswith("#"):
            diseases, _, symptoms = line.partition("\t")
            table.append((tuple(diseases.split()), tuple(symptoms.split())))
    return table


def _set_symptoms_aside(found: list[Finding]) -> None:
    """A symptom that a disease of the note routinely brings is not coded beside it."""
    definite = [one for one in found if not one.aside and one.score >= ENOUGH and not _uncertain(one)]
    for disease in definite:
        for diseases, symptoms in _integral():
            if not disease.code.startswith(diseases):
                continue
            for one in found:
                if one is not disease and not one.aside and one.code.startswith(symptoms):
                    place = disease.reached.place
                    one.aside = _PART_OF.format(place.dotted, place.title)


def _uncertain(one: Finding) -> bool:
    return all(mention.assertion == "uncertain" for mention in one.mentions)
