"""Whether two posts are the same job, in whatever words and from whatever employer or feed.

Two posts can be one job only where they agree on what can't be reworded: where the work is done, employment, kind,
setting, credentials, experience, and pay where both state it. Such posts are in one bucket; within it the words
decide: the share of words they have in common, and that neither names a shift or a number of hours that the other
doesn't. Posts with little to tell them apart stay apart.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence

import msgspec

from ahead.careers.jobs.cleaning import plain
from ahead.careers.jobs.schemas import JobFacts
from ahead.shared.search.analysis import raw_words, stem, words

ALIKE = 0.45
"""Share of all words of two posts that have to be in both."""
TITLES_ALIKE = 0.5
_SHIFT_WORDS = frozenset(
    ("day", "night", "evening", "weekend", "overnight", "flexible", "prn", "monday", "saturday", "sunday")
)
_NUMBERED_SHIFT = re.compile(r"\b(?:first|second|third) shift\b")
_HOUR = re.compile(r"\b\d{1,2}\s?[ap]m\b")
_ORDINARY = frozenset(
    words(
        "the and of to a in for with our we you your is are on at or by from as an be this that team remote"
    )
)


class Print(msgspec.Struct, frozen=True):
    """What is compared of a post."""

    id: str
    bucket: str
    words: frozenset[str]
    title: frozenset[str]
    shifts: frozenset[str]


def bucket_of(facts: JobFacts) -> str:
    """The same for posts that may be one job; 40 hexadecimal digits."""
    pay = facts.pay
    parts = (
        facts.workplace, " ".join(words(facts.city)), facts.state, ",".join(sorted(facts.states)),
        ",".join(sorted(facts.employment)), facts.kind, facts.setting, ",".join(sorted(facts.specialties)),
        ",".join(sorted(facts.credentials)), str(facts.years), f"{pay.unit} {pay.low} {pay.high}" if pay else "",
    )  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]


def print_of(posting_id: str, company: str, facts: JobFacts) -> Print:
    """The employer's own name is taken out: a recruiter writes another one into the same text."""
    text = plain(facts.description).replace(company, " ")
    title = frozenset(word for word in words(facts.title) if not word.isdigit()) - _ORDINARY
    lower = f"{facts.title}\n{text}".lower()
    seen = set(raw_words(lower))
    shifts = {word.removesuffix("s") for word in seen} & _SHIFT_WORDS
    if "shift" in seen:
        shifts.update(_NUMBERED_SHIFT.findall(lower))
    shifts.update(_HOUR.findall(lower))
    told = frozenset(stem(word) for word in set(raw_words(text))) - _ORDINARY
    return Print(posting_id, bucket_of(facts), told, title, frozenset(shifts))


def same(one: Print, other: Print) -> bool:
    if one.bucket != other.bucket or one.shifts != other.shifts:
        return False
    return _common(one.words, other.words) >= ALIKE and _common(one.title, other.title) >= TITLES_ALIKE


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


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
