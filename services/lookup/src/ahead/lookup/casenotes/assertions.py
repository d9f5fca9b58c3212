"""Whether a sentence says that a finding is there: negated, in the family, historical, not certain, conditional.

After NegEx and ConText (Chapman et al. 2001, Harkema et al. 2009), the method, not their lists: a trigger has a scope
to one side of it, which ends at a word that turns the sentence or at the trigger of another kind.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .sentences import Section

Assertion = Literal["present", "negated", "family", "historical", "uncertain", "conditional"]


@dataclass(frozen=True)
class _Trigger:
    status: Assertion
    forwards: bool
    reach: int
    """How many words far; the scope ends at the sentence's end at the latest."""


_KINDS: dict[str, _Trigger | None] = {
    "pseudo": None,
    "uncertain-after": _Trigger("uncertain", False, 7),
    "negated-after": _Trigger("negated", False, 8),
    "historical-after": _Trigger("historical", False, 8),
    "conditional": _Trigger("conditional", True, 10),
    "uncertain-before": _Trigger("uncertain", True, 9),
    "family": _Trigger("family", True, 14),
    "negated-before": _Trigger("negated", True, 12),
    "historical-before": _Trigger("historical", True, 9),
    "turn": None,
}
_NAMES = tuple(_KINDS)


def _pattern() -> re.Pattern[str]:
    """All triggers as one pattern; a group t0, t1, ... for each kind."""
    by_kind: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    path = Path(__file__).parent / "data" / "triggers.tsv"
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, _, words = line.partition("\t")
            by_kind[kind].append(words)
    groups = (rf"(?P<t{n}>(?<![\w-])(?:{'|'.join(by_kind[kind])})(?!\w))" for n, kind in enumerate(_KINDS))
    return re.compile("|".join(groups), re.IGNORECASE)


_ANY = _pattern()
_WORD = re.compile(r"\w+")
_RANK: dict[Assertion, int] = {
    "family": 5, "negated": 4, "conditional": 3, "uncertain": 2, "historical": 1, "present": 0,
}  # fmt: skip
_LASTING = (
    "hypertension diabetes copd asthma chronic epilepsy hyperlipidemia hypercholesterolemia obesity hypothyroidism "
    "fibrillation dementia schizophrenia bipolar parkinson sclerosis arthritis dependence obstructive glaucoma "
    "psoriasis lupus hiv immunodeficiency cirrhosis osteoporosis apnea hypertriglyceridemia dyslipidemia "
    "depression anxiety gout"
)
CHRONIC = frozenset(_LASTING.split(" "))
"""Stems of conditions that somebody who has had them has: "history of hypertension" is hypertension. A list of the
project's own."""


@dataclass(frozen=True)
class Scope:
    status: Assertion
    start: int
    end: int
    trigger: str


def scopes(sentence: str) -> list[Scope]:
    """Stretches of the sentence, in characters, under each trigger."""
    found = list(_ANY.finditer(sentence))
    starts = [word.start() for word in _WORD.finditer(sentence)]
    result: list[Scope] = []
    for number, match in enumerate(found):
        trigger = _KINDS[_kind(match)]
        if trigger is None:
            continue
        others = found[number + 1 :] if trigger.forwards else reversed(found[:number])
        stop = next((other for other in others if _stops(trigger, other)), None)
        if trigger.forwards:
            ahead = [start for start in starts if start >= match.end()]
            end = ahead[trigger.reach] if len(ahead) > trigger.reach else len(sentence)
            end = min(end, stop.start()) if stop else end
            result.append(Scope(trigger.status, match.end(), end, match[0]))
        else:
            before = [start for start in starts if start < match.start()]
            start = before[-trigger.reach] if len(before) > trigger.reach else 0
            start = max(start, stop.end()) if stop else start
            result.append(Scope(trigger.status, start, match.start(), match[0]))
    return result


def _kind(match: re.Match[str]) -> str:
    return _NAMES[int((match.lastgroup or "t0")[1:])]


def _stops(trigger: _Trigger, other: re.Match[str]) -> bool:
    """Whether another match ends the trigger's scope: a turn of the sentence, or for a scope that reaches back a
    trigger that looks ahead (the finding between the two belongs to the nearer)."""
    kind = _kind(other)
    if kind == "turn":
        return trigger.status not in ("family", "historical") or other[0].lower() in (
            "but",
            "however",
            "although",
        )
    found = _KINDS[kind]
    if found is None or found.status == trigger.status:
        return False
    if trigger.status in ("family", "historical", "conditional"):
        return False
    return found.forwards != trigger.forwards and found.status not in ("family", "historical")


def assertion(under: list[Scope], start: int, end: int, section: Section) -> tuple[Assertion, str]:
    """What is said of a finding at that place of the sentence, and the words that say so."""
    best: tuple[Assertion, str] = ("present", "")
    if section == "family":
        best = ("family", "Family history")
    elif section == "past":
        best = ("historical", "Past history")
    for scope in under:
        if scope.start <= start and end <= scope.end + 1 and _RANK[scope.status] > _RANK[best[0]]:
            best = (scope.status, scope.trigger.strip())
    return best
