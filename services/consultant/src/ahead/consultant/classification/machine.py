"""Whether a machine wrote a mail, told by its envelope, its headers, and the words that only machines use.

Every sign has a weight and a name. Marks that only machines set decide alone (RFC 3834 and practice); all others are
added up, against what a person who talks to a coder writes and no machine does. Between the two lies doubt: no mail
goes out by itself, and a person looks at it. Every verdict says which sign weighed most.
"""

import re
from dataclasses import dataclass

from ahead.consultant.classification import person, signs, words
from ahead.consultant.classification.bounces import Failures, failures_in
from ahead.consultant.classification.signs import DECIDES, STRONG, TELLING, Sign
from ahead.consultant.reading import ReadMessage, before_quotes, cut_reply

# So much more must speak for a machine to be held for one, or for a person to be answered.
ENOUGH = 2
MOST_BY_WORDS = 5
# So much in headers and words together outweighs a question about nothing of ours.
OVERWHELMING = 7
# So much less is a question that comes with talk of the reader's own things.
OF_YOURS = 2
# So much speaks for a person in a question that names codes or other matters of coders.
CLEAR = 3
CERTAIN = 5
# Words of an answer in which nothing needs to be a person's.
BRIEF = 20
# So much more holds one.
SINGLE = 2
SHORTEST_QUOTE = 20

# "Re:", "AW:", "RES:", with what gateways put before it; a forward isn't an answer.
_ANSWER = re.compile(
    r"(?:\W*\[[^\]]{1,20}\])?\W*(?!fwd?\b|wg\b|tr\b|rv\b|enc\b)\w{1,4} ?[:\uff1a]", re.IGNORECASE
)
_QUOTES = re.compile(r"^>", re.MULTILINE)
_DOMAIN = re.compile(r"@([\w.-]+)")


@dataclass(frozen=True)
class Verdict:
    """``machine`` mail is never answered. ``why`` names the sign that weighed most, for the desk and for tests.

    ``doubtful``: too little speaks for a person who asks something, or as much for a machine. No automatic mail goes
    out; a person looks at it.
    """

    machine: bool
    why: str = ""
    doubtful: bool = False


def classify(message: ReadMessage, *, envelope_from: str | None = None, raw: bytes = b"") -> Verdict:
    """Whether a machine wrote it.

    Args:
        envelope_from: MAIL FROM, empty for the null sender; None where it isn't known.
        raw: with the whole message, bounces in a private format of some mail server are known as well.
    """
    found = [*signs.of_envelope(envelope_from), *signs.of_headers(message), *signs.of_sender(message)]
    found += signs.of_layout(raw)
    strongest = max(found, key=lambda sign: sign.weight, default=Sign(0, ""))
    if strongest.weight >= DECIDES:
        return Verdict(True, strongest.why)
    subject, own = message.get("subject"), _own_words(message)
    said, rest = words.in_body(own)
    reply = bool(message.references)
    spoken = person.speaks(
        subject, "\n".join(words.sentences(words.without_title(own, subject))), reply=reply
    )
    # A question inside a machine's sentence, such as the title of a thread, is not one to us.
    asked = person.speaks(subject, words.without_title(rest, subject), reply=reply) if rest or not own else 0
    of_yours = OF_YOURS * person.speaks_to_you("\n".join(words.sentences(own)))
    asked -= of_yours * bool(asked)
    # What the body says again counts once.
    kinds = {sign.why for sign in said}
    titled = [sign for sign in words.in_subject(subject) if sign.why.removeprefix("subject: ") not in kinds]
    topics = [*(sign for sign in titled if sign.weight < words.SET_BY_PROGRAMS), *said]
    topics += [
        *words.in_shape(own, message.get("to"), message.get("from")),
        *words.in_footer(message.text, own),
    ]
    set_by_programs = any(sign.weight >= words.SET_BY_PROGRAMS for sign in titled)
    headed = sum(sign.weight for sign in found)
    found += [sign for sign in titled if sign not in topics]
    strongest = max([*found, *topics], key=lambda sign: sign.weight, default=Sign(0, "no question in it"))
    all_words = sum(sign.weight for sign in [*topics, *(sign for sign in found if sign in titled)])
    by_words = min(sum(sign.weight for sign in topics), MOST_BY_WORDS)
    machine = sum(sign.weight for sign in found) + by_words
    telling = any(sign.weight >= TELLING for sign in found)
    # "Automatic reply:" is put there by programs, before whatever somebody has written.
    # Words alone hold nobody who asks something: they may be the topic. Nothing but a decisive mark holds a clear
    # question about codes.
    may_be_person = spoken >= CLEAR or (asked >= ENOUGH and not telling)
    if asked <= ENOUGH and headed + all_words >= OVERWHELMING:
        return Verdict(True, strongest.why)
    enough = ENOUGH if telling or spoken < ENOUGH else ENOUGH + 1
    told = any(sign.weight > 1 for sign in said)
    # A single wording may be a person's, who answers above our own words.
    answers = _answers_us(message, own)
    brief = answers and _is_brief(message, own)
    enough += SINGLE * (brief and headed < ENOUGH)
    if (set_by_programs and (told or asked < CERTAIN)) or (machine - spoken >= enough and not may_be_person):
        return Verdict(True, strongest.why)
    if raw and not may_be_person and failures_in(raw) != Failures():
        return Verdict(True, "a bounce")
    margin = ENOUGH + 1 if machine > 1 else ENOUGH
    strong = any(sign.weight >= STRONG for sign in [*found, *topics])
    bids = any(sign.why == words.ORDER for sign in said)
    if asked - machine >= margin and not (strong or bids):
        return Verdict(False)
    # Who asks about codes without anything in the headers against it may speak of what machines do.
    alone = person.speaks("", words.without_title(rest, subject), reply=False) if rest else 0
    # Sellers begin with a question on codes, too.
    alone -= of_yours * any(sign.why in words.SELLING for sign in said)
    automatic = any(sign.weight >= words.SET_BY_PROGRAMS for sign in said)
    if alone > CLEAR and all_words + 2 * headed < alone and not (strong or set_by_programs or automatic):
        return Verdict(False)
    if answers and not titled and _may_answer(found, topics, max(asked, spoken), asked, brief=brief):
        return Verdict(False)
    return Verdict(False, strongest.why, doubtful=True)


def _is_brief(message: ReadMessage, own: str) -> bool:
    """A few words above our own, which programs that answer leave out, or no word at all, such as a thumb."""
    text = message.text[: words.READ].strip()
    quotes = len(before_quotes(text)) + SHORTEST_QUOTE < len(text)
    return (quotes and len(own.split()) < BRIEF) or not any(letter.isalpha() for letter in own)


def _may_answer(found: list[Sign], topics: list[Sign], spoken: int, asked: int, *, brief: bool) -> bool:
    """Whether too little speaks against who answers us: "Cigna" and thanks are people's.

    Help desks mark their agents' mail, and people say that they are away.
    """
    heavy = [sign for sign in found if sign.weight >= STRONG]
    headed, by_words = sum(sign.weight for sign in found), sum(sign.weight for sign in topics)
    if by_words < ENOUGH:
        if heavy:
            return asked >= CERTAIN and all(signs.is_of_desk(sign) for sign in heavy)
        return headed < ENOUGH and (spoken > 0 or brief)
    away = all(sign.why == words.AWAY for sign in topics)
    return away and headed < ENOUGH and asked > CLEAR


def _answers_us(message: ReadMessage, own: str) -> bool:
    """Words of their own to a mail that came from where theirs goes to, under the subject that programs give it."""
    if not _ANSWER.match(message.get("subject")) or not own or _QUOTES.search(own):
        return False
    domains = {
        domain.lower() for domain in _DOMAIN.findall(f"{message.get('to')} {message.get('delivered-to')}")
    }
    return any(one.strip("<>").rpartition("@")[2].lower() in domains for one in message.references)


def _own_words(message: ReadMessage) -> str:
    """The beginning, without what is quoted or forwarded: that is somebody else's."""
    return cut_reply(message.text[: words.READ]).strip()[: words.BEGINNING]
