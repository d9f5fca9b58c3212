"""Words that only a person writes to a coder: a question, codes, what they want, an answer to what we said.

The wordings are in `data/person.tsv` and `data/terms.tsv`; how codes look is here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ahead.consultant.classification.wording import Wordings, plain, wordings

# Words of an answer such as "Left knee, the first injection."
SHORT = 16
# Words of a question whose codes stand in its subject.
SHORTER = 40

PERSON = Wordings((*wordings("person"), *wordings("terms")))
# A small i is a word of other languages as well.
_SELF = re.compile(
    r"(?<![\w.])I(?:['’](?:m|ve|d|ll))?(?= [a-z])|\b(?i:my|me|myself)\b"
    r"|(?<![\w.])i(?:['’](?:m|ve|d|ll)\b"
    r"| (?:am|was|have|had|do|did|can|could|would|will|need|want|think|thought|know|got)\b)"
)
_CODE = re.compile(r"\b(?:[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}|\d{5}|[A-V]\d{4}|\d{4}[FTUM])\b")
# With the letters small as well, and categories without a dot.
_LIKE_CODE = re.compile(r"\b(?:[a-tv-z]\d[0-9a-z](?:\.?[0-9a-z]{1,4})?|\d{5}|[a-v]\d{4}|\d{4}[ftu])\b")
_MEANS_CODES = re.compile(
    r"\b(?:cpt|hcpcs|icd|modifiers?|mod|bill\w*|cod(?:e[sd]?|ing)|deni\w+|claims?|dos|pos|payer|medicare|dx|units?)\b"
    r"|\d{5}-(?:\d\d|[A-Z][A-Z0-9])\b",
    re.IGNORECASE,
)
_NAMES_CODES = re.compile(rf"{_CODE.pattern}|\b[Mm]od(?:ifier)?s? [A-Z0-9]{{2}}\b")
# A section of the guidelines; a code of ICD-10-PCS or a coverage document where it is called so: alone they may be
# anybody's numbers.
_CITED = re.compile(
    r"\b(?:[IV]{1,3}\.[A-Z]\.\d{1,2}(?:\.[a-z]\b)?|(?:PCS|pcs)\b.{0,12}\b(?=[A-Z]*\d)[0-9A-HJ-NP-Z]{7}"
    r"|(?:LCD|lcd|[Aa]rticle|coverage|document|title|determination)\b.{0,12}\b[LA]\d{5}"
    r"|[LA]\d{5}\b.{0,12}\b(?:LCD|lcd|article|title))\b"
)
# What ends a sentence, parts a label from what it names, or gives a price: a search box is written to without.
_TOLD = re.compile(r"[.!:;/|](?=\s|$)|[$%]|\s-\s")
# Words of what is written as into a search box, and of the name below it.
_QUERY, _NAME = 12, 8
# Two codes to choose from or to be billed together.
_CHOICE = re.compile(
    rf"{_CODE.pattern}(?:-\w\w)? ?(?:,|/|\+|&|or|vs\.?|versus|with|w/|and|plus|instead of)[, ]*(?:and |or )?"
    rf"{_CODE.pattern}"
)
# HCPCS Level II modifiers, which coders name without saying what they are.
_MODIFIER = re.compile(
    r"\b(?:LT|RT|X[EPSU]|Q[KSXYZW]|A[ADSI]|G[ACNOPQTVWXYZ]|KX|J[WZ]|TC|F[BCQSX0-9]|PT|CG|CO|CQ|SA|[ET][0-9]|L[CDM]|R[CI])\b"
)
_YOU = re.compile(r"\byou(?:rs?|rself)?\b")
_PLACE = re.compile(r"\bpos \d\d\b")
# A question in the middle of what was written without full stops.
_CLAUSE = re.compile(
    r"[,:;(-] ?(?:what|whats|what's|how|why|can|could|should|does|did|is|do (?:i|we|you|they|both)|may (?:i|we)|would"
    r"|are (?:they|these|we|both|there)|which (?:one|codes?|modifiers?|is|are|should|do|of))\b"
)
_GREETING = re.compile(
    r"\A\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^\n.?!]{0,30}?(?:[,!.:]|$)",
    re.MULTILINE,
)
LINK = re.compile(r"https?://\S+|www\.\S+")
_QUESTION_MARK = re.compile(r"[?？](?!\S*=)")


@dataclass(frozen=True)
class _Said:
    """What was found in a text: by group the different wordings, and whether a question mark stands in it."""

    groups: dict[str, set[str]]
    mark: bool
    terms: int
    # Of these, what sellers and payers speak of too: claims, coders, denials.
    business: int
    # It speaks to "you" in another way than people do who ask a coder.
    to_you: bool

    @property
    def asks(self) -> bool:
        return self.mark or "asks" in self.groups


def _read(text: str) -> _Said:
    """A text without links, its sentences each on a line."""
    flat = plain(text)
    groups: dict[str, set[str]] = {}
    others = [found.start() for found in _YOU.finditer(flat)]
    for group, start, end in PERSON.found(flat):
        others = [at for at in others if not start <= at < end]
        # An answer begins with it.
        if group != "replies" or not _GREETING.sub("", flat[:start]).strip(" \n-.,!>"):
            groups.setdefault(group, set()).add(flat[start:end])
    if _CLAUSE.search(flat):
        groups.setdefault("asks", set())
    business = groups.get("business", set[str]())
    coded = [pattern.findall(flat) for pattern in (_LIKE_CODE, _PLACE)]
    coded += [pattern.findall(text) for pattern in (_MODIFIER, _CITED)]
    terms = {*groups.get("term", ()), *business, *(term for found in coded for term in found)}
    return _Said(groups, bool(_QUESTION_MARK.search(text)), len(terms), len(business), bool(others))


def asks_about_coding(own: str) -> bool:
    """A machine writes neither; a person who asks a coder something mostly writes both."""
    said = _read(LINK.sub(" ", own))
    return said.asks and bool(said.terms)


def names_a_matter(text: str) -> bool:
    """A code or a word of coders or of medicine stands in it."""
    said = _read(LINK.sub(" ", text))
    return bool(said.terms or said.groups.get("clinical"))


def is_query(subject: str, own: str) -> bool:
    """Written as into a search box: "MUE 20610 practitioner", with no more than a name below.

    Claims, coders and denials don't count: sellers and systems write of them in few words, too.
    """
    line, _, below = own.strip().partition("\n")
    if not 0 < len(line.split()) <= _QUERY or len(below.split()) > _NAME or _TOLD.search(line):
        return False
    text = LINK.sub(" ", f"{subject}\n{line}")
    groups = _read(text).groups
    names = {*groups.get("term", ()), *groups.get("clinical", ()), *_CODE.findall(text.upper())}
    return len(names) + len({*_MODIFIER.findall(text), *_CITED.findall(text)}) > 1


def is_about_coding(sentence: str) -> bool:
    """A question with a term of coders, a statement with a code or two terms, or what is somebody's own with us."""
    said = _read(sentence)
    if any(matter.startswith(("my ", "our ")) for matter in said.groups.get("matter", ())):
        return True
    about = said.terms - said.business + len(said.groups.get("clinical", ()))
    themselves = "ours" in said.groups or _SELF.search(sentence)
    return bool(
        about > 1 or (about and said.asks) or (said.terms and themselves) or any(_told_codes(sentence))
    )


def is_neutral(sentence: str) -> bool:
    """What programs, firms and gateways put below or above the mail of people."""
    return "neutral" in _read(sentence).groups


def introduces(sentence: str) -> bool:
    """What follows was written to them, such as a payer's letter: "They wrote:"."""
    return "introduces" in _read(sentence).groups


def urges(sentence: str) -> bool:
    """Asks us to wait or hurry, or promises us something, as people do who will be away."""
    return "urges" in _read(sentence).groups


def speaks_to_you(own: str) -> bool:
    """To "you" as sellers, notices and robots do: about the reader's own things."""
    return _read(LINK.sub(" ", own)).to_you


def speaks(subject: str, own: str, *, reply: bool) -> int:
    """How much of a person who talks to a coder is in it: 0 for nothing, 2 for a sign, from 4 a question on codes."""
    text, linked = LINK.sub(" ", own), bool(LINK.search(own))
    if not text.split():
        title = _read(subject)
        return 2 * title.asks + 2 * bool(title.terms)
    said = _read(text)
    short = len(text.split()) < SHORT
    # What the subject names is what "Levels or nerves?" is about; the subject of a reply may be ours.
    terms = said.terms + bool(
        ((short or (not reply and len(text.split()) < SHORTER)) and _CODE.search(subject))
        or (short and not reply and _read(subject).terms)
    )
    clinical = bool(said.groups.get("clinical"))
    ours = "ofours" in said.groups or "matter" in said.groups
    topic = min(terms + clinical, 2) + ours
    themselves = "ours" in said.groups or bool(_SELF.search(text))
    if said.asks:
        weight = 2 + min(topic, 2) + (1 if said.mark and topic else 0) + themselves
        weight += bool(_NAMES_CODES.search(text))
    elif _telling(text):
        person = clinical or "wants" in said.groups or reply or bool(_CHOICE.search(text))
        weight = 2 + themselves if themselves or person else 1
    else:
        weight = 2 * ("wants" in said.groups) + (1 if topic > 1 or ours else 0) + themselves
        # Thanks for an answer of ours, in a new thread.
        weight += bool(ours and not reply and "replies" in said.groups)
    if reply:
        answers = bool("replies" in said.groups or terms or "detail" in said.groups or clinical or ours)
        weight += answers
        if short and not linked and answers:
            weight = max(weight, 2)
    if topic:
        return weight
    # What is about nothing of ours is any salesman's or robot's too: then nothing else may speak for a machine.
    if reply and said.mark and "replies" in said.groups:
        return min(weight, 3)
    of_somebody = themselves or "replies" in said.groups or "detail" in said.groups or "wants" in said.groups
    return min(weight, 2 if of_somebody or (said.mark and not reply) else 1)


def _telling(text: str) -> bool:
    """Codes that stand for a question."""
    if _CHOICE.search(text):
        return True
    telling = [*_told_codes(text)]
    return (bool(telling) and len(text.split()) < SHORT) or len(telling) > 1


def _told_codes(text: str) -> Iterator[str]:
    """Five digits alone may be a ticket's number."""
    return (code for code in _CODE.findall(text) if not code.isdigit() or _MEANS_CODES.search(text))
