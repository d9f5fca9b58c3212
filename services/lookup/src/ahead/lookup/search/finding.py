"""Finds the codes that words mean, and why: the query as rows of slots, each matched, the best of all kept.

Which engine serves makes no difference here: it holds the documents, and the order of hits is worked out from the
wording that was gathered when the index was built.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ahead.lookup.search.desk import Places
from ahead.lookup.search.documents import document_id
from ahead.lookup.search.knowledge import STOP_WORDS, Replaced
from ahead.lookup.search.lexicon import Lexicon
from ahead.lookup.search.marks import affirms
from ahead.lookup.search.meaning import Matcher, Meant
from ahead.lookup.search.official import OfficialTexts
from ahead.lookup.search.slots import Row, Slots
from ahead.lookup.search.texts import KINDS
from ahead.lookup.search.use import Counts, Uses, favours
from ahead.lookup.search.wording import Floats, Ints, Wording
from ahead.lookup.search.wording_files import WordingFiles
from ahead.lookup.settings import Settings
from ahead.shared.search.analysis import stem, words
from ahead.shared.search.index import IndexMissing

LISTED = 200
"""Hits that can be paged through."""
_WHOLE = 0.999
_BEST, _ENOUGH = 0.36, 0.2
"""Share of a query's weight that some hit needs, or else there is none, and that each of the others needs then."""
_JUST_THAT = 1.05
"""Score of a code whose title, or a text that leads to it, says what is asked and hardly anything else."""
_FIRST = 3
_REREAD = 60
_SAME = 1e-4
"""Shares of a query that differ by less are equal."""
FACETS = ("system", "chapter", "billable")


@dataclass(frozen=True, slots=True)
class Why:
    """Why a code was found.

    kind: of the text, as `texts.KINDS` names it. own: the text leads to this very code, and not to a heading above
    it. whole: it holds nothing but the query. share: of the query's weight, 0 to 1. read: what was taken for
    something else than it says, by the lexicon or as words of one sense; corrected: typos, as typed and as meant.
    """

    kind: str
    text: str
    own: bool
    whole: bool
    share: float
    read: tuple[Replaced, ...] = ()
    corrected: tuple[Replaced, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Codes, best first: their numbers, the texts that led to them, the share of the query that they hold, and which
    of `rows` each is from."""

    rows: tuple[Row, ...]
    codes: Places
    texts: Ints
    shares: Floats
    row_of: Ints

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def whole(self) -> bool:
        """Whether the best of them holds all words."""
        return len(self) > 0 and bool(self.shares[0] > _WHOLE)

    def only(self, mask: NDArray[np.bool_]) -> "Found":
        """mask: per code found."""
        return Found(self.rows, self.codes[mask], self.texts[mask], self.shares[mask], self.row_of[mask])


class Finder:
    """One generation of the wording, ready to be asked."""

    def __init__(
        self, wording: Wording, lexicon: Lexicon | None = None, without: Collection[int] = ()
    ) -> None:
        """without: kinds of texts (`texts.KINDS` by number) to leave aside."""
        self.wording = wording
        counts = np.diff(wording.word_starts).tolist()
        self._official = OfficialTexts(wording)
        self._matcher = Matcher(wording, without)
        self._slots = Slots(
            dict(zip(wording.words, counts, strict=True)), Lexicon.load() if lexicon is None else lexicon
        )
        self._allowed: dict[frozenset[int], NDArray[np.bool_]] = {}
        self._favours: Floats | None = None

    def count_use(self, counts: Counts) -> None:
        """Put hits that are otherwise about equal in the order of these counts from now on."""
        self._favours = favours(self.wording, counts)

    def find(self, typed: str, releases: Collection[int], *, as_typed: bool = False) -> Found:
        """The codes of these releases that the words mean. as_typed: correct nothing."""
        allowed = self._in(frozenset(releases))
        rows, meant = self._matched(self._slots.rows(typed, as_typed=as_typed), allowed)
        codes = np.concatenate([one.codes for one in meant])
        scores = np.concatenate([one.scores * row.quality for one, row in zip(meant, rows, strict=True)])
        texts = np.concatenate([one.texts for one in meant])
        shares = np.concatenate([one.shares for one in meant])
        row_of = np.repeat(np.arange(len(rows), dtype=np.int32), [len(one.codes) for one in meant])
        order = np.lexsort((codes, -np.round(scores, 5)))
        if len(rows) > 1:
            _, first = np.unique(codes[order], return_index=True)
            order = order[np.sort(first)]
        # Of words that are all unknown, what one of them may be a typo of is not what the query means.
        known = any(not slot.typed for row in rows for slot in row.slots)
        least = _ENOUGH if known or shares.max(initial=0.0) >= _BEST else 1.0
        order = self._used_first(order[shares[order] >= least], codes, scores, shares)
        order = self._denied_last(order, codes, texts, rows)
        order = _among_first(order, np.isin(codes, self._official.codes(row.words for row in rows)))
        return Found(rows, codes[order], texts[order], shares[order], row_of[order])

    def _matched(
        self, rows: Sequence[Row], allowed: NDArray[np.bool_]
    ) -> tuple[tuple[Row, ...], list[Meant]]:
        """What each row means. A spare one is left out where the rows before it found just what they ask for, unless it
        is an official text itself: "NOS" is read as "unspecified", and stands in inclusion terms."""
        taken: list[Row] = []
        meant: list[Meant] = []
        for row in rows:
            found = any(one.scores.max(initial=0.0) > _JUST_THAT for one in meant)
            if row.spare and found and not len(self._official.codes([row.words])):
                continue
            taken.append(row)
            meant.append(self._matcher.match(row.slots, allowed, row.against))
        return tuple(taken), meant

    def _used_first(self, order: Places, codes: Places, scores: Floats, shares: Floats) -> Places:
        """Of the hits that can be paged through, those that are used more before others with about the same score.

        Only among those that hold as much of the query as the first does: what holds less of it is lifted by no use,
        and what a query is read as doesn't change.
        """
        if self._favours is None or not len(order):
            return order
        first = order[:LISTED]
        alike = np.abs(shares[first] - shares[first[0]]) < _SAME
        favoured = scores[first] + np.where(alike, self._favours[codes[first]], 0)
        kept = np.argsort(-np.round(favoured, 5), kind="stable")
        return np.concatenate([first[kept], order[LISTED:]])

    def _denied_last(self, order: Places, codes: Places, texts: Ints, rows: Sequence[Row]) -> Places:
        """Of the first codes, those last whose titles say that there is what the query says that there is none of,
        unless the text that led to the code says nothing but what the query says."""
        none_of = frozenset(word for slot in rows[0].slots if slot.denied for word, _ in slot.words)
        if not none_of:
            return order
        w = self.wording
        first = order[:_REREAD].tolist()
        asked = STOP_WORDS.union(word for row in rows for slot in row.slots for word, _ in slot.words)
        last = [
            (title := int(w.code_texts[codes[place]])) >= 0
            and affirms(words(w.text(title)), none_of)
            and not asked.issuperset(words(w.text(int(texts[place]))))
            for place in first
        ]
        kept = np.argsort(np.array(last, np.bool_), kind="stable")
        return np.concatenate([order[kept], order[len(first) :]])

    def read_as(self, found: Found) -> str:
        """The words that were searched for, for the first hit."""
        row = found.rows[int(found.row_of[0])]
        corrected = {one.typed: one.meant for one in self.why(found, 0).corrected}
        words = [corrected.get(word, word) for word in dict.fromkeys(row.words)]
        return " ".join([word for word in words if stem(word) not in STOP_WORDS] or words)

    def why(self, found: Found, place: int) -> Why:
        """Why the code at this place was found."""
        w = self.wording
        code, number, share = int(found.codes[place]), int(found.texts[place]), float(found.shares[place])
        row = found.rows[int(found.row_of[place])]
        text = w.text(number)
        read = [Replaced(" ".join(row.written[e.start : e.end]), e.replacements[n]) for e, n in row.read]
        corrected: list[Replaced] = []
        for slot in row.slots:
            if slot.typed and slot.words[0][0] != slot.typed:
                held = words(text)
                word = next((word for word, _ in slot.words if word in held), slot.words[0][0])
                corrected.append(Replaced(slot.written, self.surface(word)))
        codes = w.text_codes[w.code_starts[number] : w.code_starts[number + 1]]
        return Why(
            kind=KINDS[w.kinds[number]],
            text=text,
            own=code in codes,
            whole=share > _WHOLE and row.asks_for_all(words(text)),
            share=share,
            read=tuple(read),
            corrected=tuple(corrected),
        )

    def surface(self, word: str) -> str:
        """The commonest written form of a word as indexed."""
        number = self.wording.words.get(word)
        return word if number is None else self.wording.surfaces[number]

    def narrowed(self, found: Found, *, chapter: str | None = None, billable: bool | None = None) -> Found:
        w = self.wording
        if chapter is not None:
            number = w.chapters.index(chapter) if chapter in w.chapters else -1
            found = found.only(w.chapter_of[found.codes] == number)
        if billable is not None:
            found = found.only(w.billable[found.codes] == billable)
        return found

    def facets(self, found: Found) -> dict[str, dict[str, int]]:
        """How many of the codes found lie in each system and chapter, the fullest first, and how many are billable."""
        w = self.wording
        named = (
            (w.system_of, w.systems),
            (w.chapter_of, w.chapters),
            (w.billable.view(np.uint8), ("false", "true")),
        )
        answer: dict[str, dict[str, int]] = {}
        for facet, (values, names) in zip(FACETS, named, strict=True):
            counts = np.bincount(values[found.codes], minlength=len(names)).tolist()
            fullest = sorted(zip(counts, names, strict=True), key=lambda one: -one[0])
            answer[facet] = {name: count for count, name in fullest if count}
        return answer

    def key(self, code: int, releases: Sequence[int]) -> str | None:
        """The id of the document of a code."""
        release = self.wording.release_of(code, releases)
        return None if release is None else document_id(release, self.wording.codes[code])

    def _in(self, releases: frozenset[int]) -> NDArray[np.bool_]:
        if releases not in self._allowed:
            if len(self._allowed) > 50:
                self._allowed.clear()
            self._allowed[releases] = self.wording.in_releases(releases)
        return self._allowed[releases]


def _among_first(order: Places, said: NDArray[np.bool_]) -> Places:
    """Codes of which an official text says just that come third at the latest: a heading may have dozens of codes below
    it that its words fit as well."""
    late = np.flatnonzero(said[order[_FIRST:]]) + _FIRST
    if not len(late):
        return order
    return np.concatenate([order[: _FIRST - 1], order[late], np.delete(order, late)[_FIRST - 1 :]])


def search_folder(settings: Settings) -> Path:
    return Path(settings.shared.data).absolute() / "lookup" / "search"


def finders_of(settings: Settings, uses: Uses | None = None) -> "Finders":
    return Finders(WordingFiles(search_folder(settings)), uses)


class Finders:
    """The newest generation on disk, opened again when another takes its place."""

    def __init__(self, files: WordingFiles, uses: Uses | None = None) -> None:
        """uses: counts of use, taken over whenever they have changed."""
        self._files = files
        self._uses = uses
        self._counted: Counts = {}
        self._finder: Finder | None = None
        self._seen: tuple[int, int] | None = None

    def current(self) -> Finder:
        """Raises IndexMissing or SearchUnavailable."""
        seen = self._files.seen()
        if seen is None:
            raise IndexMissing("the texts that lead to codes are not built: run `ahead search rebuild`")
        if self._finder is None or seen != self._seen:
            self._finder, self._seen, self._counted = Finder(self._files.load()), seen, {}
        if self._uses is not None and self._uses.held is not self._counted:
            self._counted = self._uses.held
            self._finder.count_use(self._counted)
        return self._finder
