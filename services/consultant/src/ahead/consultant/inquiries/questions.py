"""The questions in one mail, each with what was said before it, and the date of service it is about."""

# ruff: noqa: E501 - a pattern reads best on one line

import re
from dataclasses import dataclass
from datetime import date

MOST_QUESTIONS = 6
_ITEM = re.compile(r"^\s{0,6}(?:\(?\d{1,2}[.):]|[-*•–]|[a-h][.)])\s+(?=\S)", re.MULTILINE)
# A dot inside a code (M17.12) or an abbreviation ends no sentence; an empty line does.
_SENTENCE = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9])|\n\s*\n")
_ASKS = re.compile(
    r"^(?:and |also |but |so |then |or )*(?:what|which|how|can|could|should|would|is|are|was|were|does|do|did|will|may|when"
    r"|where|why|who|whose|has|have)\b",
    re.IGNORECASE,
)
# Asked of a person out of politeness, not of a code book.
_COURTESY = re.compile(
    r"^(?:how are you|(?:can|could|would|will) (?:you|somebody|someone|anyone) (?:please )?(?:kindly )?(?:help|assist|advise"
    r"|confirm|clarify|explain|let me know|take a look|look into)\b|(?:is|does) (?:that|this) (?:make sense|ok|okay|right)"
    r"|(?:any|do you have any) (?:thoughts|ideas|advice|suggestions|help))[^?]{0,60}\??$",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?:[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?|\d{4}[0-9A-Z]|[A-V]\d{4}|modifier)\b")
_REFERS = re.compile(
    r"^(?:\W*\w+){0,6}\W+(?:it|its|this|that|these|those|they|them|both|so|why)\b[^?]{0,60}\?\W*$|^\W*(?:why|how so)(?: not)?\?",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:hi|hello|dear|good (?:morning|afternoon|evening)|thanks|thank you|regards|best)\b[^?\d]{0,60}$",
    re.IGNORECASE,
)
_SALUTATION = re.compile(
    r"\A\s*(?:hi|hello|dear|good (?:morning|afternoon|evening))\b[^\n?\d]{0,40}\n", re.IGNORECASE
)
_HUMAN = re.compile(
    r"^\W*human\b|\b(?:speak|talk|write) (?:to|with) an? (?:human|person|coder|expert)\b", re.IGNORECASE
)
_THANKS = frozenset(
    re.findall(
        r"\w+",
        "thanks thank thx ty you very so much many a lot again great perfect that this helps helpful is s for the your"
        " quick answer reply help appreciate appreciated it i we all best regards have good nice day weekend one",
    )
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"\b(?:(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<m2>\d{1,2})/(?P<d2>\d{1,2})/(?P<y2>(?:20)?\d\d)"
    r"|(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?P<d3>\d{1,2})(?:st|nd|rd|th)?,? (?P<y3>20\d\d))\b",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"(?:\bdos\b|dates? of (?:service|discharge)|\bservice|\bseen|\bvisit|\bsurgery|\bprocedure|\bperformed|\bdone|\bbilled"
    r"|\bdischarged?|\bencounter|\bon|\bas of|\bfor)\W{0,12}(?:is |was |of |on |date )?\W{0,3}$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Asked:
    """One question. ``text`` has what was said before it too; ``shown`` is the question alone."""

    text: str
    shown: str
    as_of: date | None


def questions_in(text: str, *, today: date) -> list[Asked]:
    """At least one, in the order asked: a mail without a question mark is one question as a whole."""
    text = _SALUTATION.sub("", text).strip()
    pieces = _listed(text) or _spoken(text)
    everywhere = date_of_service(text, today)
    if len(pieces) < 2:
        return [Asked(text, " ".join(text.split())[:300], everywhere)]
    return [
        Asked(
            f"{before}\n{piece}".strip() if before else piece,
            " ".join(piece.split())[:300],
            date_of_service(piece, today) or everywhere,
        )
        for before, piece in pieces
    ]


def asks_for_human(text: str) -> bool:
    return bool(_HUMAN.search(text))


def only_thanks(text: str) -> bool:
    """Nothing is asked, so nothing is answered: thanks, and at most a name below."""
    words = re.findall(r"[A-Za-z]+", text)
    if len(text) > 150 or "?" in text or re.search(r"\d", text):
        return False
    if not any(word.lower() in ("thanks", "thank", "thx", "appreciate", "appreciated") for word in words):
        return False
    rest = [word for word in words if word.lower() not in _THANKS]
    return len(rest) <= 3 and all(word[0].isupper() for word in rest)


def _listed(text: str) -> list[tuple[str, str]]:
    """(what was said before, the item) of a list whose items ask something."""
    starts = list(_ITEM.finditer(text))
    if len(starts) < 2:
        return []
    before = text[: starts[0].start()].strip()
    ends = [one.start() for one in starts[1:]] + [len(text)]
    items = [text[one.end() : end].strip() for one, end in zip(starts, ends, strict=True)]
    # What follows the last item after an empty line belongs to none.
    items[-1] = re.split(r"\n\s*\n", items[-1])[0].strip()
    if all("?" in item or _ASKS.match(item) for item in items):
        return [(_statements(before), item) for item in items]
    return []


def _spoken(text: str) -> list[tuple[str, str]]:
    """(what was said before, the question) of each sentence that asks something about codes."""
    found: list[tuple[str, str]] = []
    said: list[str] = []
    pending: list[str] = []
    for sentence in (" ".join(one.split()) for one in _SENTENCE.split(text)):
        if not sentence:
            continue
        if not sentence.rstrip("\"')]").endswith("?"):
            pending.append(sentence)
            continue
        if _COURTESY.match(sentence) and not _CODE.search(sentence):
            continue
        if found and not pending and _REFERS.match(sentence) and not _CODE.search(sentence):
            # "What does it mean?" is no question without the one before it.
            found[-1] = (found[-1][0], f"{found[-1][1]} {sentence}")
            continue
        # Told before the first question: it holds for all. Told later: for the next question only.
        if not found:
            said = [one for one in pending if not _GREETING.match(one)]
        own = [] if not found else [one for one in pending if not _GREETING.match(one)]
        found.append((" ".join([*said, *own]), sentence))
        pending = []
    return found


def _statements(text: str) -> str:
    return " ".join(
        one
        for one in (" ".join(part.split()) for part in _SENTENCE.split(text))
        if one and not _GREETING.match(one) and not _COURTESY.match(one)
    )


def date_of_service(text: str, today: date) -> date | None:
    """The date said to be that of the service, else the only date there is. Never one that is yet to come."""
    told: list[date] = []
    others: list[date] = []
    for found in _DATE.finditer(text):
        day = _day(found)
        if day is None or day > today:
            continue
        (told if _SERVICE.search(text[max(0, found.start() - 40) : found.start()]) else others).append(day)
    if told:
        return told[0]
    return others[0] if len(set(others)) == 1 else None


def _day(found: re.Match[str]) -> date | None:
    groups = found.groupdict()
    try:
        if groups["y"]:
            return date(int(groups["y"]), int(groups["m"]), int(groups["d"]))
        if groups["name"]:
            month = _MONTHS.index(groups["name"].lower()) + 1
            return date(int(groups["y3"]), month, int(groups["d3"]))
        year = int(groups["y2"])
        return date(year if year > 99 else 2000 + year, int(groups["m2"]), int(groups["d2"]))
    except ValueError:
        return None
