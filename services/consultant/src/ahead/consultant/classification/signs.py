"""What envelope, headers and addresses say about who wrote a mail, each sign with its weight and its name.

A mark that only machines set on mail of their own making decides alone: RFC 3834 (Auto-Submitted, the null sender),
3464 and 8098 (reports), 2919 and 2369 (lists), and the marks of autoresponders. What gateways, mail services and
campaign tools put on people's mail too is weighed together with what the mail says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ahead.consultant.classification.wording import Wordings, plain, whole, wordings
from ahead.consultant.reading import ReadMessage

DECIDES = 10
# Outweighs everything but a clear question about codes, which leaves a doubt.
STRONG = 5


@dataclass(frozen=True)
class Sign:
    weight: int
    why: str


_AUTORESPONDER, _LIST, _PRODUCT, _DESK, _SERVICE = "autoresponder", "list", "product", "desk", "service"
# By group of headers. Ticket systems, campaign tools and notifiers set theirs on single mails of people as well.
_WEIGHTS = {_AUTORESPONDER: DECIDES, _LIST: STRONG, _PRODUCT: STRONG, _DESK: STRONG}
# Gateways of whole firms add it to everybody's mail.
_OFFERS_A_WAY_OUT = frozenset(("list-unsubscribe", "list-unsubscribe-post"))
_PRECEDENCE = frozenset(("bulk", "junk", "list", "auto_reply", "auto-reply", "autoreply"))
_REPORTS = frozenset(
    ("multipart/report", "message/delivery-status", "message/disposition-notification", "message/feedback-report",
     "message/global-delivery-status", "text/rfc822-headers")
)  # fmt: skip
_UNSET = ("no", "false", "none", "0")

# A header with addresses is looked at so far.
_HEADER = 400
APART = re.compile(r"[-_.+=]+")
_MARKUP = 60_000
_LAID_OUT = re.compile(
    rb"role=.?presentation|<table[^>]{0,200}width=.?(?:5[5-9]|6\d)\d\b|max-width: ?6\d\dpx"
    rb"|<img[^>]{0,300}(?:width=.?1\b[^>]{0,40}height=.?1\b|height=.?1\b[^>]{0,40}width=.?1\b)",
    re.IGNORECASE,
)
_PAGE = re.compile(r"https?://(?!www\.)([\w.-]+)/(?:\S*[\d?=]|\w+/\w)")
_AGENCIES = (".gov", ".mil")
# How surely the part before the @ is a robot's, by group.
_LOCALS = (("daemon", DECIDES), ("robot", STRONG), ("maybe", 3))


@lru_cache
def _matching(name: str, group: str) -> re.Pattern[str]:
    """Matches the whole of a name of a group in a data file."""
    sources = [whole(line) for line in wordings(name) if line.group == group]
    return re.compile("|".join(f"(?:{source})" for source in sources))


_PROGRAMS = Wordings(line for line in wordings("headers") if line.group == "program")
_REPLY = re.compile(r"\W*(?:re|aw|sv|antw?|odp|vs|ynt)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_NAMES = Wordings(line for line in wordings("senders") if line.group in ("named", "mailer", "robotname"))


@lru_cache(maxsize=4096)
def _header_group(name: str) -> str:
    groups = (_AUTORESPONDER, _LIST, _PRODUCT, _DESK, _SERVICE)
    return next((group for group in groups if _matching("headers", group).fullmatch(name)), "")


def is_of_desk(sign: Sign) -> bool:
    """A help desk's header: its agents' mail has it as well as what it sends by itself."""
    return _header_group(sign.why) == _DESK


def of_envelope(envelope_from: str | None) -> Iterator[Sign]:
    if envelope_from == "":
        yield Sign(DECIDES, "null envelope sender")
    elif envelope_from:
        local = envelope_from.rpartition("@")[0].lower()
        # bounces+123-user=site@: services give each mail of their customers its own return path (VERP).
        if "+" in local or "=" in local:
            return
        weight = _of_local(local)
        if weight:
            yield Sign(weight, "envelope of a robot")


def of_headers(message: ReadMessage) -> Iterator[Sign]:
    submitted = message.get("auto-submitted").lower().partition(";")[0].strip()
    if submitted and submitted != "no":
        yield Sign(DECIDES, "Auto-Submitted")
    elif submitted:
        # Only who knows of the mark says that the mail is none of a machine's.
        yield Sign(-2, "Auto-Submitted: no")
    if message.get("return-path").replace(" ", "") == "<>":
        yield Sign(DECIDES, "null return path")
    if any(kind in _REPORTS for kind in message.types):
        # Deeper inside it may be a bounce that somebody has attached to a question.
        yield Sign(DECIDES if message.types[0] in _REPORTS else 3, "a report")
    names = {name for name, value in message.headers if value.strip().lower() not in _UNSET}
    groups = {_header_group(name): name for name in sorted(names)}
    for group, weight in _WEIGHTS.items():
        if group in groups:
            alone = groups[group] in _OFFERS_A_WAY_OUT
            yield Sign(3 if alone else weight, groups[group])
    for name in ("precedence", "x-precedence"):
        if message.get(name).strip().lower() in _PRECEDENCE:
            yield Sign(STRONG, name)
    if "text/calendar" in message.types and re.search(r"^METHOD:", message.everything, re.MULTILINE):
        yield Sign(STRONG, "an invitation")
    yield from _of_exchange(message)
    if _has_service(message, names):
        yield Sign(1, "sent through a mailing service")
    if re.match(r"\W*undisclosed", message.get("to"), re.IGNORECASE):
        yield Sign(1, "to nobody named")
    if _REPLY.match(message.get("subject")) and not message.references:
        yield Sign(1, "a reply to nothing")


def of_layout(raw: bytes) -> Iterator[Sign]:
    """Tables of a fixed width and pictures nobody can see, as campaign tools set them, unlike people's."""
    if _LAID_OUT.search(raw[:_MARKUP].replace(b"=\r\n", b"").replace(b"=\n", b"").replace(b"=3D", b"=")):
        yield Sign(1, "laid out as a mailing")


def of_links(message: ReadMessage, own: str) -> Iterator[Sign]:
    """Links to a page of the sender's own that is numbered or deep, as notices and sellers set them.

    People mostly sign with the front page, or with one that says what it is, and agencies cite their own rules.
    """
    host = re.search(r"@([\w.-]+)\W*$", message.get("from")[-_HEADER:].lower())
    if host is None or host[1].endswith(_AGENCIES):
        return
    labels = host[1].split(".")
    # "clinic.co.uk" is one site, "co.uk" is none.
    site = ".".join(labels[-3:] if len(labels[-1]) == 2 and len(labels[-2:][0]) <= 3 else labels[-2:])
    if any(link == site or link.endswith("." + site) for link in _PAGE.findall(own.lower())):
        yield Sign(2, "links to a page of its own")


def _of_exchange(message: ReadMessage) -> Iterator[Sign]:
    """Headers that ask others not to answer by themselves; gateways and Exchange set them on people's mail too.

    OOF and DR ask for no absence notes and receipts, which says nothing of who wrote.
    """
    suppress = re.findall(r"\w+", message.get("x-auto-response-suppress").lower())
    source = message.get("x-ms-exchange-generated-message-source").lower()
    if re.search(r"rules?|mailbox|transport|ndr|dsn", source):
        yield Sign(STRONG, "made by Exchange")
    elif "all" in suppress:
        yield Sign(2, "X-Auto-Response-Suppress")
    elif source or "autoreply" in suppress:
        yield Sign(1, "X-Auto-Response-Suppress" if suppress else "made by Exchange")


def _mailer(message: ReadMessage) -> str:
    return (message.get("x-mailer") or message.get("user-agent"))[:_HEADER]


def _has_service(message: ReadMessage, names: set[str]) -> bool:
    if any(_header_group(name) == _SERVICE for name in names):
        return True
    if any(_PROGRAMS.found(plain(_mailer(message)))) or _matching("headers", "messageid").fullmatch(
        message.message_id.strip("<>").lower()[:_HEADER]
    ):
        return True
    local = message.get("return-path").strip("<> ").rpartition("@")[0].lower()[:_HEADER]
    if _matching("headers", "bouncebox").fullmatch(local):
        return True
    # Proton marks the mail of its users so, by RFC-less custom of Google's postmasters: the second word is the kind.
    kinds = [message.get(name).lower().split(":")[1:3] for name in ("feedback-id", "x-feedback-id")]
    return any(kind and "user" not in kind for kind in kinds)


def of_sender(message: ReadMessage) -> Iterator[Sign]:
    for name in ("from", "sender", "reply-to"):
        for value in message.all(name):
            value = value[:_HEADER]
            local = (re.search(r"([^\s<>\"@]{1,100})@", value) or [None, ""])[1] or value.strip("<> ")[:100]
            weight = _of_local(local.lower())
            if weight:
                # Lists send on what people write to them.
                yield Sign(min(weight, STRONG) if name == "sender" else weight, f"{name} of a robot")
            if name != "from":
                continue
            shown = re.sub(r"\S+@\S+", "", value)
            if "robotname" in _NAMES.groups(plain(shown)):
                yield Sign(STRONG, "name of a robot")
            elif not weight:
                yield from _of_name(shown, local.lower())


def _of_local(local: str) -> int:
    """How surely the part before the @ is a robot's; words are matched whole, so that no name of a person is."""
    local = local.strip("\"'")
    forms = {APART.sub("-", form) for form in (local, re.sub(r"\d+$", "", local.partition("+")[0]))}
    for group, weight in _LOCALS:
        if any(_matching("senders", group).fullmatch(form) for form in forms):
            return weight
    return 0


def _of_name(name: str, local: str) -> Iterator[Sign]:
    if "mailer" in _NAMES.groups(plain(name)):
        yield Sign(3, "a name of what sends to many or by itself")
    elif re.fullmatch(r"\+?\d{7,}", local):
        yield Sign(2, "from a telephone's number")
    elif any(
        _matching("senders", "purpose").fullmatch(word) for word in re.findall(r"[a-z]+", local)
    ) or "named" in _NAMES.groups(plain(name)):
        yield Sign(1, "from a box for a purpose")
    elif not _is_named_like(name.lower(), local):
        yield Sign(1, "a name unlike the address")


def _is_named_like(name: str, local: str) -> bool:
    """Whether the displayed name and the part before the @ have letters in common, as a person's mostly have."""
    tokens = re.findall(r"[a-z]+", name)
    if not tokens or not name.isascii():
        return True
    initials = "".join(token[0] for token in tokens)
    return initials in local or any(token[:3] in local for token in tokens)
