"""Whether a machine wrote a mail, told by its envelope, its headers, and the words that only machines use.

Every sign has a weight and a name. Marks that only machines set decide alone (RFC 3834 and practice); all others are
added up, against what a person who talks to a coder writes and no machine does. Between the two lies doubt: no mail
goes out by itself, and a person looks at it. Every verdict says which sign weighed most.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from ahead.consultant.classification import person, signs, words
from ahead.consultant.classification.bounces import Failures, failures_in
from ahead.consultant.classification.signs import DECIDES, STRONG, Sign
from ahead.consultant.reading import ReadMessage, before_quotes, cut_reply

# So much more must speak for a machine to be held for one, or for a person to be answered.
ENOUGH = 2
# So much holds a mail at all; two less where nothing of a person is in it.
HOLDS = 5
# So much in headers and words together outweighs a question about nothing of ours.
OVERWHELMING = 7
# So much less is a question that comes with talk of the reader's own things.
OF_YOURS = 2
# So much speaks for a person in a question that names codes or other matters of coders.
CLEAR = 3
CERTAIN = 5
# Words of an answer in which nothing needs to be a person's.
BRIEF = 20
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
    mail = _Weighed(message, found)
    if mail.is_overwhelming or mail.is_machines:
        return Verdict(True, mail.why)
    if raw and mail.spoken < CLEAR and failures_in(raw) != Failures():
        return Verdict(True, "a bounce")
    if mail.is_answer_to_us or mail.is_query:
        return Verdict(False)
    if mail.is_for_us and (mail.asks_more_than_it_tells or mail.asks_beside_a_topic):
        return Verdict(False)
    return Verdict(False, mail.why, doubtful=True)


class _Weighed:
    """All that speaks for a machine and for a person in a mail without any mark that decides."""

    def __init__(self, message: ReadMessage, found: list[Sign]) -> None:
        self._message = message
        self._subject, self._own = message.get("subject"), _own_words(message)
        self.reply = bool(message.references)
        self._headers = [*found, *signs.of_links(message, self._own)]
        self.headed = _sum(self._headers)
        self._said, rest = words.in_body(self._own)
        self._rest = words.without_title(rest, self._subject)
        # What the body says again counts once.
        kinds = {sign.why for sign in self._said}
        titled = words.in_subject(self._subject)
        self._titled = [sign for sign in titled if sign.why.removeprefix("subject: ") not in kinds]
        # "Automatic reply:" is put there by programs, before whatever somebody has written.
        self._by_program = [sign for sign in self._titled if sign.weight >= words.SET_BY_PROGRAMS]
        self._topics = [
            *(sign for sign in self._titled if sign not in self._by_program),
            *self._said,
            *words.in_shape(self._own, message.get("to"), message.get("from")),
            *words.in_footer(message.text, self._own),
        ]
        self._all = [*self._headers, *self._by_program, *self._topics]
        self.in_words = _sum(self._topics) + _sum(self._by_program)
        self.machine = self.headed + self.in_words
        sentences = words.sentences(self._own)
        self.of_yours = OF_YOURS * person.speaks_to_you(
            "\n".join(sentence for sentence in sentences if not person.is_neutral(sentence))
        )
        own = "\n".join(words.sentences(words.without_title(self._own, self._subject)))
        self.spoken = person.speaks(self._subject, own, reply=self.reply)
        # A question inside a machine's sentence, such as the title of a thread, is not one to us.
        asked = 0
        if rest or not self._own:
            asked = person.speaks(self._subject, self._rest, reply=self.reply)
        self.asked = asked - self.of_yours * bool(asked)

    @property
    def why(self) -> str:
        return max(self._all, key=lambda sign: sign.weight, default=Sign(0, "no question on codes")).why

    @cached_property
    def _answers(self) -> bool:
        return _answers_us(self._message, self._own)

    @property
    def _against(self) -> list[Sign]:
        """What may hold it. Who answers us is held only by words about the mail itself.

        Lists and firms' gateways send on what people answer us, and what else machines write of is people's topic.
        Of who says anything of their own each kind counts once.
        """
        if not self._answers:
            return self._all
        of_itself = [*self._titled]
        of_itself += [sign for sign in self._topics if sign.why in words.OF_ITSELF]
        if not self.spoken:
            return of_itself
        return list({sign.why: sign for sign in sorted(of_itself, key=lambda sign: sign.weight)}.values())

    @property
    def is_overwhelming(self) -> bool:
        least = CERTAIN if self.headed >= ENOUGH else ENOUGH
        return self.asked <= ENOUGH and self.spoken < least and _sum(self._against) >= OVERWHELMING

    @property
    def is_machines(self) -> bool:
        """Never for a single wording or header where anything of a person is in it, but for a program's subject."""
        subject = self._by_program and (self.spoken < ENOUGH or self.machine >= HOLDS)
        if subject and (self.asked < CERTAIN or any(sign.weight > 1 for sign in self._said)):
            return True
        against = self._against
        weight, heavy = _sum(against), [sign.weight for sign in against if sign.weight > bool(self.spoken)]
        if weight < (HOLDS if self.spoken or self._answers else HOLDS - 2):
            return False
        if len(heavy) < 2 and (self.spoken or max(heavy, default=0) < words.SET_BY_PROGRAMS):
            return False
        # Nothing but a mark that decides holds who asks something: all else may be the topic.
        return weight - self.spoken >= ENOUGH and self.spoken < CLEAR and self.asked < ENOUGH

    @property
    def is_answer_to_us(self) -> bool:
        """Whether too little speaks against who answers us: "Cigna" and thanks are people's.

        Help desks mark their agents' mail, and people say that they are away.
        """
        if not self._answers or self._titled:
            return False
        if _sum(self._topics) < ENOUGH:
            heavy = [sign for sign in self._headers if sign.weight >= STRONG]
            if heavy:
                return self.asked >= CERTAIN and all(signs.is_of_desk(sign) for sign in heavy)
            speaks = self.spoken > 0 or self.asked > 0
            return self.headed < ENOUGH and (speaks or _is_brief(self._message, self._own))
        away = all(sign.why == words.AWAY for sign in self._topics)
        return away and self.headed < ENOUGH and self.asked > CLEAR

    @property
    def _nothing_against(self) -> bool:
        return self.headed <= 0 and not self.in_words and not self.of_yours

    @property
    def is_query(self) -> bool:
        return not self.reply and self._nothing_against and person.is_query(self._subject, self._own)

    @property
    def is_for_us(self) -> bool:
        """A first mail is answered for a question on codes: what else people want of us is another's to settle."""
        if self.headed > ENOUGH or (self.headed == ENOUGH and (self.in_words or self.asked <= CERTAIN)):
            return False
        if self.reply or self.asked > CLEAR:
            return True
        return (
            self._nothing_against
            and self.asked >= ENOUGH
            and person.names_a_matter(f"{self._subject}\n{self._own}")
        )

    @property
    def _bids(self) -> bool:
        """No question outweighs it: a form or a strong sign, or what a notice tells its readers to do."""
        return any(sign.weight >= STRONG or sign.why in (words.ORDER, words.FORM) for sign in self._all)

    @property
    def asks_more_than_it_tells(self) -> bool:
        return self.asked - self.machine >= ENOUGH + max(self.machine - 1, 0) and not self._bids

    @property
    def asks_beside_a_topic(self) -> bool:
        """Who asks about codes, and has little in the headers against it, may speak of what machines do."""
        if self._bids or self._by_program or any(sign.weight >= words.SET_BY_PROGRAMS for sign in self._said):
            return False
        alone = person.speaks("", self._rest, reply=False) if self._rest else 0
        # Sellers begin with a question on codes, too.
        alone -= OF_YOURS * any(sign.why in words.SELLING for sign in self._said)
        return alone > CLEAR and self.in_words + 2 * self.headed < alone


def _sum(found: list[Sign]) -> int:
    return sum(sign.weight for sign in found)


def _is_brief(message: ReadMessage, own: str) -> bool:
    """A few words above our own, which programs that answer leave out, or no word at all, such as a thumb."""
    text = message.text[: words.READ].strip()
    quotes = len(before_quotes(text)) + SHORTEST_QUOTE < len(text)
    return (quotes and len(own.split()) < BRIEF) or not any(letter.isalpha() for letter in own)


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
