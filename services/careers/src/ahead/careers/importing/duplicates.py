"""Whether two posts are the same job, in whatever words and from whatever employer or feed.

Two posts can be one job only where they agree on what can't be reworded: where the work is done, employment, kind,
setting, credentials, experience, and pay where both state it. Such posts are in one bucket; within it the words
decide: the share of words they have in common, and that neither names a shift or a number of hours that the other
doesn't. Posts with little to tell them apart stay apart.
"""

import hashlib
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

from ahead.careers.jobs.cleaning import plain
from ahead.careers.jobs.schemas import JobFacts
from ahead.shared.search.analysis import raw_words, stem, words

ALIKE = 0.55
"""Share of all words of two posts that have to be in both."""
TITLES_ALIKE = 0.5
_SHIFT_WORDS = frozenset(
    ("day", "night", "evening", "weekend", "overnight", "flexible", "prn", "monday", "saturday", "sunday")
)
_SHIFTS = {form: word for word in _SHIFT_WORDS for form in (word, f"{word}s")}
_HALVES = ("am", "pm")
_FIGURES = frozenset((*map(str, range(24)), *(f"0{one}" for one in range(10))))
_HOURS = frozenset(f"{hour}{half}" for hour in _FIGURES for half in _HALVES)
# What names a shift only behind another word.
_AFTER = {"shift": frozenset(("first", "second", "third")), "am": _FIGURES, "pm": _FIGURES}
_TIMES = _SHIFTS.keys() | _HOURS | _AFTER.keys()
_ORDINARY = frozenset(
    words(
        "the and of to a in for with our we you your is are on at or by from as an be this that team remote"
    )
)


class Print:
    """A post ready to be compared: its fingerprint, taken apart as far as comparing needs it."""

    __slots__ = ("_text", "_words", "bucket", "id", "shifts", "title")

    def __init__(self, posting_id: str, bucket: str, written: str) -> None:
        self.id = posting_id
        self.bucket = bucket
        title, self.shifts, self._text = written.split("\n")
        self.title = _set_of(title)
        self._words: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        if self._words is None:
            self._words = frozenset(self._text.split())
        return self._words


def bucket_of(facts: JobFacts) -> str:
    """The same for posts that may be one job; 16 hexadecimal digits, of which an index keeps one for each job."""
    pay = facts.pay
    parts = (
        facts.workplace, " ".join(words(facts.city)), facts.state, ",".join(sorted(facts.states)),
        ",".join(sorted(facts.employment)), facts.kind, facts.setting, ",".join(sorted(facts.specialties)),
        ",".join(sorted(facts.credentials)), str(facts.years), f"{pay.unit} {pay.low} {pay.high}" if pay else "",
    )  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def fingerprint_of(facts: JobFacts, company: str) -> str:
    """What is compared of a post, kept with it: the words of its title, the shifts it names, the words of its text.

    Words are stems; those that are in any text are left out, and so is the employer's own name: a recruiter
    writes another one into the same text.
    """
    return fingerprint(raw_words(facts.title), raw_words(plain(facts.description)), company)


def fingerprint(title: Sequence[str], text: Sequence[str], company: str) -> str:
    """`fingerprint_of` for who has the words as written already (see raw_words)."""
    text = _without(text, _name(company))
    names = " ".join(_told(word) for word in title if not word.isdigit())
    return f"{names}\n{' '.join(_shifts(title, text))}\n{' '.join(map(_told, dict.fromkeys(text)))}"


def _shifts(title: Sequence[str], text: Sequence[str]) -> list[str]:
    """Shifts and hours that title or text name, each once and in order: "7am", "evening", "second-shift"."""
    signs = _TIMES.intersection(text) | _TIMES.intersection(title)
    found = {_SHIFTS.get(word, word) for word in signs} - _AFTER.keys()
    if not signs.isdisjoint(_AFTER):
        for said in (title, text):
            found.update(one for word in signs & _AFTER.keys() for one in _behind(said, word, _AFTER[word]))
    return sorted(found)


def _behind(said: Sequence[str], word: str, before: Set[str]) -> Iterable[str]:
    """Each place of a word that stands right behind one of others: "second-shift", "7am"."""
    at = 0
    for _ in range(said.count(word)):
        at = said.index(word, at) + 1
        if at > 1 and said[at - 2] in before:
            yield f"{said[at - 2]}-{word}" if word == "shift" else f"{said[at - 2]}{word}"


@lru_cache(16384)
def _set_of(title: str) -> frozenset[str]:
    """Many posts share their title."""
    return frozenset(title.split())


class _Told(dict[str, str]):
    """Words as they are compared; "" for one that is in any text. A long feed asks for millions."""

    def __missing__(self, word: str) -> str:
        known = stem(word)
        if len(self) >= 65536:
            self.clear()
        self[word] = told = "" if known in _ORDINARY else known
        return told


_told = _Told().__getitem__


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
        and one.shifts == other.shifts
        and _common(one.title, other.title) >= TITLES_ALIKE
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
