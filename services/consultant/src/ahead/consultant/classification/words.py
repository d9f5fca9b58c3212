"""Words that machines use, in subject and body, with how surely they are a machine's; and the shape of what they write.

The wordings are in `data/`. A weight of 1 only helps.
"""

import bisect
import re
from collections.abc import Iterator

from ahead.consultant.classification.person import LINK, introduces, is_about_coding, is_neutral, urges
from ahead.consultant.classification.signs import STRONG, Sign
from ahead.consultant.classification.wording import Wordings, plain, wordings
from ahead.consultant.reading import before_quotes

READ = 20_000
BEGINNING = 1_500
# A subject is looked at so far, without the marks of replies before it.
SUBJECT = 300
FOOTER = 800
SHORTEST_TITLE = 8
# So much weigh subjects that mail programs set by themselves.
SET_BY_PROGRAMS = 4

# By group of wordings: how much a sentence of it weighs, and the reason that is told.
KINDS = {
    "automatic": (4, "says that it is automatic"),
    "away": (3, "an absence"),
    "undelivered": (3, "a mail that could not be delivered"),
    "acknowledged": (3, "an acknowledgement"),
    "order": (4, "tells its readers what to do"),
    "status": (2, "what became of a mail"),
    "polite": (1, "a firm's courtesies"),
    "challenge": (3, "a question whether one is a person"),
    "misunderstood": (3, "an order that was not understood"),
    "chat": (3, "a chat robot's question"),
    "mailing": (3, "a mailing"),
    "offer": (3, "an offer"),
    "event": (2, "an event"),
    "trade": (3, "a business's notice"),
    "notice": (3, "a system's notice"),
    "notifier": (STRONG, "a notifier's link"),
}
AWAY = KINDS["away"][1]
ORDER = KINDS["order"][1]
# What says of the mail itself that a machine wrote it, wherever it stands.
OF_ITSELF = frozenset(
    prefix + KINDS[kind][1]
    for kind in ("automatic", "away", "undelivered", "acknowledged", "misunderstood", "challenge")
    for prefix in ("", "below it ")
)
FORM = "a form filled in"
SELLING = tuple(KINDS[kind][1] for kind in ("mailing", "offer", "event", "trade"))
SUBJECTS = {"program": SET_BY_PROGRAMS, "strong": 3, "some": 2, "faint": 1}
# What stands below mail to many, or below a machine's.
_BELOW = ("automatic", "mailing")

BODY = Wordings(
    line
    for name in ("away", "automatic", "acknowledged", "undelivered", "robots", "many", "trade", "systems")
    for line in wordings(name)
)
SUBJECT_LINE = Wordings(wordings("subjects"))

_FORWARD = re.compile(r"(?:fwd?|wg|tr|rv|enc|i)\s*:", re.IGNORECASE)
_REPLY = re.compile(r"(?:re|aw|sv|antw?|odp|vs|ynt)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_NO_WORD = re.compile(r"\W*")
# What a gateway puts before a subject: [EXTERNAL], [SPAM?].
_TAG = re.compile(
    r"\[?(?:ext(?:ern(?:al)?)?|spam|suspected spam|caution|secure|encrypt(?:ed)?)\b\W*", re.IGNORECASE
)
# A paragraph, or a line of a list or form, ends a sentence without a full stop.
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*\u2022]|\d{1,2}[.)]|[A-Z][\w /#&-]{1,24}:)\s)")
_SENTENCE = re.compile(
    r"(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bvs\.)(?<=[.!?])[\"')]*\s+|(?<=[。！？])"
)
_QUOTED = re.compile(r"[\"“”„«][^\"“”„«»]{12,400}[\"“”»]")
# With it another installation of ours ends what it answers; in a reply to us it stands in the quote.
_OUR_END = re.compile(r"\bautomated answer\b|\breply human to\b", re.IGNORECASE)
_TO_YOU = re.compile(
    r"\b(?:your?|su|sus|usted|tus?|ihre?[nmrs]?|sie|votre|vos|vous|sua|seu|suas|seus|você|suo|la sua|lei|uw|je|ditt"
    r"|din|er|państwa|twoj\w*|ваш\w*|вас|sizin|teie)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"^[ \t]*([A-Z][\w /#&-]{1,24}):[ \t]+\S", re.MULTILINE)
# Labels that coders write when they list what a case is about.
_OF_A_CASE = re.compile(
    r"(?:payer|payor|insurance|setting|pos|place|dos|date of service|dates?|dx|diagnos\w+|cpt|icd\S*|hcpcs|codes?"
    r"|modifiers?|pt|patient|age|sex|procedure|provider|question|q|ps|note|chart \d+|op note|indication|findings?|re"
    r"|fyi|from|to|sent|subject|cc|date|answer|a|approach|side|specialty|denial|carc|rarc|units?|impression|plan"
    r"|assessment|hpi)(?: ?\d+)?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\S*@\S*")
_NAME = re.compile(r"\b[A-Z][a-z]{2,}\b")
# What programs say of whose mail they answer: "Nils has set", "Claire's assistant".
_DOES = re.compile(
    r"(?<!Dr\. )(?<!Dr )\b([A-Z][a-z]{2,})(?:['\u2019]s [a-z]| (?:is|has|was|will|can|answers|reads?|gets|checks|works"
    r"|likes|liked|accepted|declined|reacted|does|would|covers|only)\b)"
)
_MERGED = re.compile(
    r"^\W*(?:hi|hello|hey|dear)[ ,]+(?:(?:valued |our )?(?:customer|applicant|candidate|member|user|subscriber|client"
    r"|guest|shopper|reader|account holder|policy ?holder|patient|friend|provider)s?|\S+@\S+)\b",
    re.IGNORECASE,
)
_READING = re.compile(
    r"\b\d{4}-\d\d-\d\dT\d|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b\d+(?:\.\d+)? ?(?:ms|[kKMGT]i?B|Mbps|rpm)\b|\b\d\d:\d\d:\d\d\b"
    r"|\bUTC\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b|-?\d+\.\d °?[CF]\b"
    r"|[\w/]+\.(?:py|sh|js|java|log|txt|csv|xml|zip)\b"
)


def in_subject(subject: str) -> Iterator[Sign]:
    """The weightiest cue; none where a person has forwarded something, whose subject is another's."""
    answered = _REPLY.match(_NO_WORD.sub("", subject[:SUBJECT], count=1))
    subject = _core(subject)
    if _FORWARD.match(subject):
        return
    text = plain(subject)
    found = max(SUBJECT_LINE.found(text), key=lambda cue: SUBJECTS[cue[0]], default=None)
    if found:
        # People answer automatic replies too; the program's words then stand behind a "Re:".
        weight = min(SUBJECTS[found[0]], SET_BY_PROGRAMS - 1) if answered else SUBJECTS[found[0]]
        yield Sign(weight, f"subject: {text[found[1] : found[2]].strip()[:60]}")
    elif kind := next(BODY.found(text), None):
        yield Sign(2, f"subject: {KINDS[kind[0]][1]}")


def without_title(own: str, subject: str) -> str:
    """Without the subject where the body repeats it, as tickets and absence notes do."""
    subject = _core(subject)
    return own.replace(subject, " ") if len(subject) > SHORTEST_TITLE and own.strip() != subject else own


def _core(subject: str) -> str:
    """Without the marks of replies and gateways before it."""
    subject = _NO_WORD.sub("", subject[:SUBJECT], count=1)
    while found := _REPLY.match(subject) or _TAG.match(subject):
        subject = _NO_WORD.sub("", subject[found.end() :], count=1)
    return subject


def sentences(own: str) -> list[str]:
    """Each on one line."""
    parts = (" ".join(part.split()) for part in _PARAGRAPH.split(own))
    return [sentence for part in parts for sentence in _SENTENCE.split(part) if sentence.strip()]


def in_body(own: str) -> tuple[list[Sign], str]:
    """Cues in what the author wrote, one for a sentence, and the sentences without any.

    What stands in quotation marks is somebody else's. A sentence about codes that doesn't speak to "you" only has a
    machine's words as its topic.
    """
    said = sentences(_QUOTED.sub(_unasked, own))
    texts = [plain(_QUOTED.sub(" ", sentence)) for sentence in said]
    ends: list[int] = []
    for text in texts:
        ends.append((ends[-1] if ends else 0) + len(text) + 1)
    best: dict[int, Sign] = {}
    for group, start, _ in BODY.found("\n".join(texts)):
        number = bisect.bisect_right(ends, start)
        weight, kind = KINDS[group]
        if weight > best.get(number, Sign(0, "")).weight:
            best[number] = Sign(weight, kind)
    kept: list[str] = []
    shown: list[Sign] = []
    introduced = False
    for number, sentence in enumerate(said):
        sign = best.get(number)
        if sign and sign.weight < SET_BY_PROGRAMS and is_neutral(sentence):
            del best[number]
            continue
        if introduced and sign:
            # All that somebody shows us of another's counts once.
            del best[number]
            shown, sign = [Sign(1, sign.why)], None
        elif sign and _is_topic(sign, sentence):
            best[number] = Sign(1, sign.why)
            sign = None
        if not sign:
            kept.append(sentence)
        introduced = introduced or (":" in sentence and introduces(sentence))
    return [*best.values(), *shown], "\n".join(kept)


def _is_topic(sign: Sign, sentence: str) -> bool:
    """Whether somebody only speaks of such a thing, or says that they are away to ask us for something."""
    if sign.why == AWAY and urges(sentence):
        return True
    return not _TO_YOU.search(sentence) and is_about_coding(_QUOTED.sub(" ", sentence))


def _unasked(quote: re.Match[str]) -> str:
    return " " if "?" in quote[0] or _SENTENCE.search(quote[0]) else quote[0]


def in_footer(text: str, own: str) -> Iterator[Sign]:
    """What stands below a mail, where its author's own words end: the foot of a mailing, or of our own answers."""
    footer, said = " ".join(before_quotes(text)[-FOOTER:].split()), " ".join(own.split())
    if _OUR_END.search(footer):
        yield Sign(STRONG, "below it our own words")
        return
    footer, said = plain(footer), plain(said)
    for group, start, end in BODY.found(footer):
        if group in _BELOW and footer[start:end] not in said:
            yield Sign(3, f"below it {KINDS[group][1]}")
            return


def in_shape(own: str, to: str, sender: str) -> Iterator[Sign]:
    """How machines set out what they write, whatever it is about."""
    names = set(_NAME.findall(_ADDRESS.sub("", sender)))
    if names and any(name in names for name in _DOES.findall(own)):
        yield Sign(2, "speaks of the sender by name")
    lines = [line for line in own.splitlines() if line.strip()]
    labels = [label for label in _LABELLED.findall(own) if not _OF_A_CASE.fullmatch(label.strip())]
    if len(labels) >= 3 and 2 * len(labels) >= len(lines):
        yield Sign(2, FORM)
    elif len(labels) != len(set(labels)):
        yield Sign(2, "a record of a chat")
    local = re.search(r"([\w.+-]+)@", to)
    if _MERGED.match(own) or (
        local and re.match(rf"\W*(?:hi|hello|hey|dear)[ ,]+{re.escape(local[1])}\b", own, re.IGNORECASE)
    ):
        yield Sign(2, "addressed by a merge field")
    letters = [letter for letter in own if letter.isalpha()]
    if len(letters) > 20 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters):
        yield Sign(1, "in capitals")
    readings = len(_READING.findall(own))
    if readings:
        yield Sign(min(readings, 2), "readings of a device")
    if links := len(LINK.findall(own)):
        yield Sign(1, f"{links} links")
