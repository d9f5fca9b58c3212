"""Signs of scams and of discrimination in a job's own words. They hold a job back for a person to look at."""

import re
from collections.abc import Iterable

from ahead.careers.jobs.cleaning import plain
from ahead.careers.jobs.schemas import JobFacts
from ahead.shared.search.analysis import raw_words

# (what it looks like, why it matters, words of which one is in every text that it fits: most texts hold none of
# them, and which words a text holds is known at once)
_SCAM = (
    (r"\b(?:telegram|whats\s?app|signal app|wechat)\b", "It moves the talk to a private messenger.",
     "telegram whatsapp whats signal wechat"),
    (r"\bgift\s?cards?\b|\bwire transfer\b|\bwestern union\b|\bbitcoin\b|\bcrypto\b|\bcash\s?app\b|\bzelle\b",
     "It speaks of ways to send money that can't be taken back.",
     "gift giftcard giftcards wire western bitcoin crypto cash cashapp zelle"),
    (r"\bsend\s+(?:us\s+)?\$\d|\bpay (?:a|the) (?:deposit|fee)\b", "It asks candidates for money.",
     "send deposit fee"),
    (r"\b(?:training|starter|equipment) (?:kit|fee|deposit)\b", "It asks candidates for money.",
     "kit fee deposit"),
    (r"\bno (?:experience|certification|interview)\b.{0,60}\$\s?\d[\d,]{3,}",
     "It promises pay far beyond the field's.", "no"),
    (r"\$\s?\d[\d,]{3,}\s*(?:a|per|/)\s*(?:day|week)\b",
     "It promises pay far beyond the field's.", "$"),
    (r"\b(?:social security number|ssn|bank (?:account|login|details))\b", "It asks for bank or identity data.",
     "social ssn bank"),
)  # fmt: skip
_UNFAIR = (
    (r"\b(?:young|youthful|energetic young|digital native|recent graduates only)\b", "age",
     "young youthful digital recent"),
    (r"\b(?:no older than|under \d{2} years|between \d{2} and \d{2} years (?:old|of age)|maximum age)\b", "age",
     "older under between maximum"),
    (r"\b(?:females?|males?|wom[ae]n|m[ae]n|ladies|gentlemen) (?:only|preferred)\b", "sex",
     "female females male males woman women man men ladies gentlemen"),
    (r"\bmust be (?:an? )?(?:fe)?male\b", "sex", "male female"),
    (r"\b(?:christian|muslim|jewish|catholic)s? (?:only|preferred)\b", "religion",
     "christian christians muslim muslims jewish jewishs catholic catholics"),
    (r"\bnative english speakers?\b|\b(?:us|u\.s\.) citizens only\b|\bno accents?\b", "national origin",
     "native citizens accent accents"),
    (r"\b(?:no disabilities|able-bodied|must not be pregnant|single only|no children)\b", "disability or family",
     "disabilities bodied pregnant single children"),
)  # fmt: skip
_Rules = list[tuple[re.Pattern[str], str, frozenset[str]]]
_SCAM_RULES: _Rules = [
    (re.compile(one, re.IGNORECASE | re.DOTALL), why, frozenset(signs.split())) for one, why, signs in _SCAM
]
_UNFAIR_RULES: _Rules = [
    (re.compile(one, re.IGNORECASE), what, frozenset(signs.split())) for one, what, signs in _UNFAIR
]
_SIGNS = frozenset[str]().union(*(signs for _, _, signs in (*_SCAM_RULES, *_UNFAIR_RULES)))
# Dollars a year beyond which pay in this field is no offer.
TOO_GOOD = 260_000


def flags_of(facts: JobFacts) -> list[str]:
    """Why somebody should look at this job before it is shown; empty for most."""
    text = f"{facts.title}\n{plain(facts.description)}\n" + "\n".join(facts.questions)
    return flags_in(facts, text, raw_words(text))


def flags_in(facts: JobFacts, text: str, *said: Iterable[str]) -> list[str]:
    """`flags_of` for who has all of the job's plain text, and its words (see raw_words), already."""
    found: list[str] = []
    if "$" in text or not all(map(_SIGNS.isdisjoint, said)):
        signs = {"$"}.union(*said)
        found = _fitting(_SCAM_RULES, text, signs)
        unfair = sorted(set(_fitting(_UNFAIR_RULES, text, signs)))
        found += [f"It may discriminate by {about}." for about in unfair]
    yearly = facts.pay.by_the_year if facts.pay else None
    if yearly and yearly[1] > TOO_GOOD:
        found.append("It promises pay far beyond the field's.")
    return list(dict.fromkeys(found))


def _fitting(rules: _Rules, text: str, signs: set[str]) -> list[str]:
    return [why for rule, why, needed in rules if not needed.isdisjoint(signs) and rule.search(text)]
