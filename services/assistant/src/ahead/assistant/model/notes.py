"""What the model may cite: every fact that a tool gave it in this turn, under a number."""

import re
from dataclasses import dataclass

from ahead.assistant.answers.port import Claim, CodeNamed, Source

# `[f3]`, `[f3, f4]`, `[none]`, `[ask:place]`, at the end of a sentence or within.
_MARK = re.compile(r"\s*\[\s*([a-z0-9:_,;\s]{1,80}?)\s*\]", re.I)
_FACT = re.compile(r"f?(\d{1,4})", re.I)

NONE = "none"
ASKS = {
    "date": "Which date of service is meant?",
    "code": "Which code is meant?",
    "place": "In which place of service was it done, and in which locality?",
    "side": "Which side is affected?",
    "encounter": "Is it the initial encounter, a subsequent one or a sequela?",
    "type": "Which type is documented?",
    "severity": "Which severity or stage is documented?",
    "cause": "Which cause is documented?",
    "age": "How old is the patient?",
    "units": "How many units were given?",
    "approach": "Which approach is documented?",
    "payer": "Which payer is meant?",
}


@dataclass(frozen=True, eq=False)
class Fact:
    """One thing that a tool found: said as it stands where the model's own words don't pass the gate."""

    text: str
    sources: tuple[Source, ...]
    named: tuple[CodeNamed, ...] = ()

    @property
    def claim(self) -> Claim:
        return Claim(self.text, self.sources)


@dataclass(frozen=True)
class Marked:
    """A sentence of the model, taken apart. `unknown`: it cites what no tool gave."""

    text: str
    facts: tuple[Fact, ...]
    asks: tuple[str, ...]
    none: bool
    unknown: bool


class Notes:
    def __init__(self) -> None:
        self._facts: list[Fact] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def add(self, fact: Fact) -> str:
        """The fact under its mark, as the model gets to read it."""
        source = fact.sources[0]
        key = (fact.text, source.url)
        number = self._numbers.get(key)
        if number is None:
            self._facts.append(fact)
            number = self._numbers[key] = len(self._facts)
        window = f"{source.receipt['window_from']} to {source.receipt['window_to'] or 'open'}"
        return f"[f{number}] {fact.text} ({source.receipt['release']}, {window})"

    def read(self, sentence: str) -> Marked:
        facts: list[Fact] = []
        asks: list[str] = []
        none = unknown = False

        def take(found: re.Match[str]) -> str:
            nonlocal none, unknown
            for word in re.split(r"[,;\s]+", found.group(1).lower()):
                fact = _FACT.fullmatch(word)
                if fact and 0 < int(fact.group(1)) <= len(self._facts):
                    facts.append(self._facts[int(fact.group(1)) - 1])
                elif word == NONE:
                    none = True
                elif word.startswith("ask:") and word[4:] in ASKS:
                    asks.append(word[4:])
                elif word:
                    unknown = True
            return ""

        text = _MARK.sub(take, sentence).strip()
        return Marked(text, tuple(dict.fromkeys(facts)), tuple(asks), none, unknown)
