"""Whether two posts are the same job, in whatever words and from whatever employer or feed.

Two posts can be one job only where they agree on what can't be reworded: where the work is done, employment, kind,
setting, credentials, experience, and pay where both state it. Such posts are in one bucket; within it the words
decide: the share of words they have in common, and that neither names a shift or a number of hours that the other
doesn't. Posts with little to tell them apart stay apart.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from ahead.careers.jobs.cleaning import plain
from ahead.careers.jobs.schemas import JobFacts
from ahead.shared.search.analysis import raw_words, stem, words

ALIKE = 0.45
"""Share of all words of two posts that have to be in both."""
TITLES_ALIKE = 0.5
_SHIFT_WORDS = frozenset(
    ("day", "night", "evening", "weekend", "overnight", "flexible", "prn", "monday", "saturday", "sunday")
)
_SHIFTS = {form: word for word in _SHIFT_WORDS for form in (word, f"{word}s")}
_NUMBERED_SHIFT = re.compile(r"\b(?:first|second|third) shift\b")
_HOUR = re.compile(r"\b(\d{1,2}) ([ap]m)\b")
_ORDER = frozenset(("first", "second", "third"))
_HALVES = frozenset(("am", "pm"))
_NOTHING = frozenset(("",))
_HOURS = frozenset(
    f"{hour}{half}" for hour in [*range(24), *(f"0{one}" for one in range(10))] for half in _HALVES
)
_ORDINARY = frozenset(
    words(
        "the and of to a in for with our we you your is are on at or by from as an be this that team remote"
    )
)


class Print:
    """A post ready to be compared: its fingerprint, taken apart as far as comparing needs it."""

    def __init__(self, posting_id: str, bucket: str, written: str) -> None:
        self.id = posting_id
        self.bucket = bucket
        self._written = written
        self._title, self._text = written.split("\n")

    @cached_property
    def title(self) -> frozenset[str]:
        return frozenset(_told(word) for word in self._title.split() if not word.isdigit()) - _NOTHING

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(map(_told, self._text.split())) - _NOTHING

    @cached_property
    def shifts(self) -> frozenset[str]:
        """Shifts and hours that title or text name."""
        said = set(self._written.split())
        found = {_SHIFTS[word] for word in said & _SHIFTS.keys()} | (said & _HOURS)
        if "shift" in said and not said.isdisjoint(_ORDER):
            found.update(_NUMBERED_SHIFT.findall(self._written))
        if not said.isdisjoint(_HALVES):
            found.update(f"{hour}{half}" for hour, half in _HOUR.findall(self._written))
        return frozenset(found)


def bucket_of(facts: JobFacts) -> str:
    """The same for posts that may be one job; 40 hexadecimal digits."""
    pay = facts.pay
    parts = (
        facts.workplace, " ".join(words(facts.city)), facts.state, ",".join(sorted(facts.states)),
        ",".join(sorted(facts.employment)), facts.kind, facts.setting, ",".join(sorted(facts.specialties)),
        ",".join(sorted(facts.credentials)), str(facts.years), f"{pay.unit} {pay.low} {pay.high}" if pay else "",
    )  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]


def fingerprint_of(facts: JobFacts, company: str) -> str:
    """What is compared of a post, kept with it: the words of its title, and those of its text.

    The employer's own name is taken out: a recruiter writes another one into the same text.
    """
    return fingerprint(raw_words(facts.title), raw_words(plain(facts.description)), company)


def fingerprint(title: Sequence[str], text: Sequence[str], company: str) -> str:
    """`fingerprint_of` for who has the words as written already (see raw_words)."""
    return f"{' '.join(title)}\n{' '.join(_without(text, _name(company)))}"


@lru_cache(65536)
def _told(word: str) -> str:
    """A word as it is compared; "" for one that is in any text."""
    known = stem(word)
    return "" if known in _ORDINARY else known


@lru_cache(4096)
def _name(company: str) -> list[str]:
    return raw_words(company)


def _without(text: Sequence[str], name: Sequence[str]) -> Sequence[str]:
    """A text's words without a name, wherever it stands."""
    if not name or name[0] not in text:
        return text
    kept = list(text)
    at = 0
    while True:
        try:
            at = kept.index(name[0], at)
        except ValueError:
            return kept
        if kept[at : at + len(name)] == name:
            del kept[at : at + len(name)]
        else:
            at += 1


def same(one: Print, other: Print) -> bool:
    """What costs least is looked at first."""
    return (
        one.bucket == other.bucket
        and _common(one.title, other.title) >= TITLES_ALIKE
        and one.shifts == other.shifts
        and _common(one.words, other.words) >= ALIKE
    )


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    return common / max(len(one) + len(other) - common, 1)


def groups(prints: Iterable[Print]) -> list[Sequence[str]]:
    """The ids of posts that are one job each, in the order in which they came; only groups of two or more."""
    buckets: dict[str, list[list[Print]]] = {}
    for one in prints:
        known = buckets.setdefault(one.bucket, [])
        for group in known:
            if any(same(one, other) for other in group):
                group.append(one)
                break
        else:
            known.append([one])
    return [[one.id for one in group] for known in buckets.values() for group in known if len(group) > 1]
