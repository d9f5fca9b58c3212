"""The words of a sentence that a model wrote, against the rows that it cites.

Every word that carries meaning has to stand in these rows or be one of the plain words below, and a judgement (valid,
billable, covered, bundled ...) has to be said the way round in which the rows say it. That is stricter than grammar
asks for: what fails is replaced by the rows' own words, so strictness costs style and never an answer.
"""

import re
from collections.abc import Callable, Sequence

from ahead.assistant.gate.figures import Figures
from ahead.assistant.gate.number_words import with_digits
from ahead.assistant.gate.patterns import words
from ahead.assistant.gate.plain import plain, strange

NOT_IN_FORCE = re.compile(
    r"\b(?:not|no longer|deleted?|invalid|ended|expired?|terminated|replaced|until|before|discontinued)\b",
    re.I,
)
_MONEY_WORDS = re.compile(r"\$|\b(?:amount|payment|pays|paid|price|fee|rate|limit|charge)", re.I)
_FOREIGN = re.compile(
    r"https?:|www\.|\w@\w|[<>`{}\\]|\]\(|javascript|\b[\w-]+\.(?:com|net|org|io|example|test|xyz|ru)\b", re.I
)
_QUOTED = re.compile(r"[“\"]([^“”\"]*)[”\"]")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_NEGATIONS = words("not no never neither nor none without cannot non isn't aren't doesn't don't can't won't")
# Said the way round in which the source says them.
_JUDGEMENTS = words(
    "valid bill cover bundl allow permit pay paid payable bypass separat requir need necessar deni deny reject exclu"
    " includ report assign medicar applies appli eligib active delet replac approv unrelat combin exempt override"
    " except only always must should may can"
)
# Words that change what a figure means: a source has to say them.
_WEIGHTY = words(
    "only always must all every any both each half double twice triple except unless least most more less than up over"
    " under maximum minimum never ever per between within after before until since other also"
)
_PLAIN_WORDS = words(
    "a an the this that these those it its is are was were be been being has have had of in on at by to for from with"
    " as and or which whose when where while there here their they them our"
    " then thus therefore about into according based said says say states stated shows shown show lists listed list"
    " gives given give called named names name known means mean described description official source sources file row"
    " edition release code codes date day service dates such same above below following follows see"
    " case question asked answer does do did will would if january february march april june july august september"
    " october november december"
)


def keeps_to(text: str, quotes: Sequence[str]) -> bool:
    """Whether a sentence says no more than the rows: words, their order, judgements and their direction.

    What a row quotes (a title, a note) is somebody's text: it may be quoted whole or in part, not spoken.
    """
    if strange(text) - strange(" ".join(quotes)) or text.rstrip().endswith("?"):
        return False
    said, rows = _read(text), [_read(quote) for quote in quotes]
    if _FOREIGN.search(said):
        return False
    if not all(any(part in row for row in rows) for part in _QUOTED.findall(said)):
        return False
    spoken = _WORD.findall(_QUOTED.sub(" ", said))
    told = [_WORD.findall(_QUOTED.sub(" ", row)) for row in rows]
    return _words_of(spoken, told) and _ordered(spoken, told) and _same_way_round(spoken, told)


def unquoted(text: str) -> str:
    """What is said, without what is quoted."""
    return _QUOTED.sub(" ", plain(text))


def _read(text: str) -> str:
    return with_digits(plain(text)).lower()


def _words_of(spoken: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    held = {word for row in rows for word in row}
    stems = {_stem(word) for word in held}
    for word in spoken:
        if word in _NEGATIONS:
            if not held & _NEGATIONS:
                return False
        elif word in _WEIGHTY:
            if word not in held:
                return False
        elif word not in _PLAIN_WORDS and _stem(word) not in stems:
            return False
    return True


def _ordered(spoken: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the words come as they stand in the rows, with one step back for each row."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(word for row in rows for word in row):
        places.setdefault(_stem(word), []).append(place)
    last, back = -1, 0
    for word in spoken:
        at = places.get(_stem(word))
        if word in _PLAIN_WORDS or not at:
            continue
        ahead = [place for place in at if place >= last]
        back += not ahead
        last = min(ahead) if ahead else min(at)
    return back <= len(rows)


def _same_way_round(spoken: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    told, each = _directions(spoken), [_directions(row) for row in rows]
    # A row that speaks of it the other way round is about something else, or says the opposite.
    opposed = any(
        (stem, not denied) in row and (stem, denied) not in row for stem, denied in told for row in each
    )
    return not opposed and told <= set[tuple[str, bool]]().union(*each)


def speaks_of_money(quotes: Sequence[str]) -> bool:
    return any(_MONEY_WORDS.search(quote) for quote in quotes)


def tail_joins(shown: str, text: str, read: Callable[[str], Figures]) -> bool:
    """Whether the end of the sentence shown before and the beginning of this one make up a code between them."""
    tail, head = plain(shown)[-14:].strip(" .!?[]()"), plain(text)[:14].strip()
    if not tail or not head:
        return False
    return bool(read(f"{tail} {head}").joined - read(tail).joined - read(head).joined)


def _stem(word: str) -> str:
    """Enough to hold billed, billing and bill together; not a linguist's."""
    word = word.removesuffix("'s")
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "es", "ed", "s", "ly", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _directions(spoken: Sequence[str]) -> set[tuple[str, bool]]:
    """Each judgement with whether it is denied: `not billable` is (bill, True), and so is `invalid` (valid, True)."""
    found: set[tuple[str, bool]] = set()
    for at, word in enumerate(spoken):
        bare = next((word[len(one) :] for one in ("non", "un", "in") if word.startswith(one)), "")
        for stem in _JUDGEMENTS:
            inverted = bare.startswith(stem) and len(bare) > 2 and stem not in ("can", "may", "must")
            if word.startswith(stem) or inverted:
                denied = any(one in _NEGATIONS for one in spoken[max(0, at - 4) : at]) != inverted
                found.add((stem, denied))
    return found
