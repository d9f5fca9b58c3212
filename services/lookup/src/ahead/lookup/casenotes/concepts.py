"""Finds what the books call conditions in the sentences of a note: longest and most telling match first."""

from dataclasses import dataclass

from ahead.shared.search.analysis import fold

from .assertions import Assertion, assertion, scopes
from .dictionary import SITE, Dictionary, Phrase
from .sentences import Sentence
from .words import SAYS_NOTHING, WORD, rewritten, word_of

SLACK = 3
SITE_SLACK = 9
_MAX_OCCURRENCES = 3
MAX_TOKENS = 220


@dataclass(slots=True)
class Mention:
    """A phrase found in one sentence. `start` and `end` are places in the note."""

    phrase: Phrase
    sentence: Sentence
    start: int
    end: int
    words: frozenset[int]
    """Which of the sentence's tokens."""
    score: float
    assertion: Assertion
    trigger: str
    covered: bool = False
    """Its words are those of better matches: kept for the further candidates."""


def tokens(sentence: Sentence, dictionary: Dictionary) -> list[tuple[str, int, int]]:
    """(word, start, end) of the words that tell something, in the sentence's own places."""
    morphology = dictionary.morphology
    text = sentence.text if sentence.text.isascii() else _even(sentence.text)
    found = [(word_of(one[0]), one.start(), one.end()) for one in WORD.finditer(text.lower())]
    told = [one for one in rewritten(found) if one[0] not in SAYS_NOTHING]
    named = [(kind, start, end) for word, start, end in told for kind in morphology.get(word, (word,))]
    return named[:MAX_TOKENS]


def _even(text: str) -> str:
    """Folded character by character, so that places stay what they were."""
    return "".join(folded if len(folded := fold(c)) == 1 else c for c in text)


def mentions(sentence: Sentence, dictionary: Dictionary) -> list[Mention]:
    """In the order of their score; what is wholly inside better ones is marked as covered."""
    words = tokens(sentence, dictionary)
    places: dict[str, list[int]] = {}
    for at, (word, _, _) in enumerate(words):
        places.setdefault(word, []).append(at)
    raw: list[tuple[float, Phrase, tuple[int, ...]]] = []
    held = places.keys()
    for word, occurrences in places.items():
        for number in dictionary.by_word.get(word, ()):
            phrase = dictionary.phrases[number]
            if len(phrase.words) > 1 and not held >= set(phrase.words):
                continue
            for anchor in occurrences[:_MAX_OCCURRENCES]:
                at = tuple(min(places[one], key=lambda place: abs(place - anchor)) for one in phrase.words)
                spread = max(at) - min(at) + 1 - len(phrase.words)
                if spread <= (SITE_SLACK if phrase.origin == SITE else SLACK):
                    weight = sum(dictionary.weight[one] for one in phrase.words)
                    raw.append((weight / (1 + 0.08 * spread), phrase, at))
    raw.sort(key=lambda one: (-one[0], one[1].code))
    return _chosen(raw, words, sentence)


def _chosen(
    raw: list[tuple[float, Phrase, tuple[int, ...]]], words: list[tuple[str, int, int]], sentence: Sentence
) -> list[Mention]:
    under = scopes(sentence.text) if raw else []
    taken: set[int] = set()
    found: list[Mention] = []
    for score, phrase, at in raw:
        own = frozenset(at)
        covered = own <= taken
        if not covered:
            taken |= own
        # The trigger reaches the finding when it reaches the finding's own words, wherever its site stands.
        start, end = min(words[i][1] for i in own), max(words[i][2] for i in own)
        status, trigger = assertion(under, start, end, sentence.section)
        found.append(
            Mention(
                phrase,
                sentence,
                sentence.start + start,
                sentence.start + end,
                own,
                score,
                status,
                trigger,
                covered,
            )
        )
    return found
