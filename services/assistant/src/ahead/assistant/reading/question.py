"""A question, read; and read again in the light of the ones before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from .codes import Named, named_in
from .dates import date_in
from .places import locality_in, price_setting_in, setting_in, state_in
from .refusals import refusal
from .topics import asks_for_code, follows, points, topics_in, words_of
from .visits import says_of_visit

_SYSTEM = (
    ("icd10pcs", re.compile(r"\bpcs\b", re.I)),
    ("hcpcs", re.compile(r"\bhcpcs\b", re.I)),
    ("cpt", re.compile(r"\bcpt\b", re.I)),
    ("icd10cm", re.compile(r"\bicd\b|\bicd-?\s?10\b|\bdx\b|\bdiagnos|\bz code", re.I)),
)
_QUESTION_WORD = re.compile(
    r"^\W*(?:who|when|where|why|how|is|are|does|do|did|can|could|should|will|would|was|were)\b", re.I
)


@dataclass(frozen=True)
class Question:
    """`as_of`: the date of service; `dated`: the words that name it. `state`, `locality`: where. `setting`: whose
    edits; `price`: which price. `system`: the code system asked for. `words`: what to search for. `refused`: why no
    source can answer it."""

    text: str
    as_of: date
    dated: str = ""
    named: Named = field(default_factory=Named)
    topics: tuple[str, ...] = ()
    state: str = ""
    locality: str = ""
    setting: str = ""
    price: str = ""
    system: str = ""
    words: str = ""
    follows: bool = False
    points: bool = False
    asks_for_code: bool = False
    bare: bool = False
    refused: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        return self.named.codes

    @property
    def subject(self) -> bool:
        """Whether it names anything that can be looked up."""
        named = self.named
        if named.codes or named.icd9 or named.drgs or named.places or named.documents or named.sections:
            return True
        return bool(named.modifiers) and (not self.points or "describe" in self.topics)

    def about(self, codes: Sequence[str]) -> "Question":
        """The same of these codes, where it names none."""
        return replace(self, named=replace(self.named, codes=tuple(codes)), points=False)


def read(text: str, as_of: date) -> Question:
    """The question by itself. `as_of` is the date it is asked for, where it names none."""
    day, dated = date_in(text, as_of)
    named = named_in(text.replace(dated, " ") if dated else text)
    rest = text.replace(dated, " ") if dated else text
    state = state_in(rest)
    return Question(
        text,
        day,
        dated,
        named,
        _topics(_without_codes(rest, named)),
        state,
        "" if state else locality_in(rest),
        setting_in(rest),
        price_setting_in(rest),
        next((system for system, words in _SYSTEM if words.search(rest)), ""),
        words_of(rest),
        follows(text),
        points(text),
        asks_for_code(text),
        not _QUESTION_WORD.match(text) and len(text.split()) <= 8,
        refusal(text, named.codes),
    )


def _topics(text: str) -> tuple[str, ...]:
    topics = topics_in(text)
    if "em" not in topics and says_of_visit(text):
        return ("em", *topics)
    return topics


def _without_codes(text: str, named: Named) -> str:
    """What asks, without what is asked about: "bill 11045 alone" asks as "bill alone" does."""
    for code in (*named.codes, *named.icd9):
        text = re.sub(rf"(?<!\w){re.escape(code)}(?!\w)", " ", text, flags=re.I)
    text = re.sub(r"\bpro(?:fessional)?[- ]?fee(?= (?:claim|side|billing|coding))", " ", text, flags=re.I)
    return " ".join(text.split())


def read_in_turn(text: str, as_of: date, before: Sequence[tuple[str, date]]) -> Question:
    """The question with what it leaves out taken from the ones before it, the oldest first."""
    last: Question | None = None
    for earlier, day in before:
        last = _joined(read(earlier, day), last)
    return _joined(read(text, as_of), last)


def _joined(now: Question, last: Question | None) -> Question:
    if last is None or now.refused:
        return now
    leans = (
        now.follows
        or (not now.subject and not now.asks_for_code)
        or (not _wants(now) and len(now.text.split()) <= 6)
    )
    if not leans:
        return now
    joined = now
    if not _wants(now) and last.topics:
        joined = replace(joined, topics=last.topics, system=now.system or last.system)
    if not now.subject and last.subject and not (now.asks_for_code and now.words and not now.points):
        modifiers = now.named.modifiers or last.named.modifiers
        joined = replace(joined, named=replace(last.named, modifiers=modifiers), words=last.words)
    elif len(now.codes) == 1 and "ptp" in joined.topics and not _wants(now) and last.codes:
        other = last.codes[0] if last.codes[0] != now.codes[0] else last.codes[-1]
        joined = replace(joined, named=replace(now.named, codes=(other, now.codes[0])))
    elif now.named.modifiers and not now.codes and last.codes and now.points:
        joined = replace(joined, named=replace(now.named, codes=last.codes))
    if not joined.named.modifiers and "modifiers" in joined.topics and not _wants(now):
        joined = replace(joined, named=replace(joined.named, modifiers=last.named.modifiers))
    if not now.dated and last.dated:
        joined = replace(joined, as_of=last.as_of, dated=last.dated)
    return replace(
        joined,
        state=now.state or ("" if now.locality else last.state),
        locality=now.locality or ("" if now.state else last.locality),
        setting=now.setting or last.setting,
        price=now.price or last.price,
        points=now.points and not joined.subject,
    )


def _wants(question: Question) -> bool:
    """Whether it says what it wants to know: "and J44.1?" doesn't."""
    return any(topic not in ("describe", "place") or not question.follows for topic in question.topics)
