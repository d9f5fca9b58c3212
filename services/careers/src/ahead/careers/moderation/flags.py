"""Signs of scams and of discrimination in a job's own words. They hold a job back for a person to look at."""

import re

from ahead.careers.jobs.cleaning import plain
from ahead.careers.jobs.schemas import JobFacts

_SCAM = (
    (r"\b(?:telegram|whats\s?app|signal app|wechat)\b", "It moves the talk to a private messenger."),
    (r"\bgift\s?cards?\b|\bwire transfer\b|\bwestern union\b|\bbitcoin\b|\bcrypto\b|\bcash\s?app\b|\bzelle\b",
     "It speaks of ways to send money that can't be taken back."),
    (r"\bsend\s+(?:us\s+)?\$\d|\bpay (?:a|the) (?:deposit|fee)\b", "It asks candidates for money."),
    (r"\b(?:training|starter|equipment) (?:kit|fee|deposit)\b", "It asks candidates for money."),
    (r"\bno (?:experience|certification|interview)\b.{0,60}\$\s?\d[\d,]{3,}",
     "It promises pay far beyond the field's."),
    (r"\$\s?\d[\d,]{3,}\s*(?:a|per|/)\s*(?:day|week)\b",
     "It promises pay far beyond the field's."),
    (r"\b(?:social security number|ssn|bank (?:account|login|details))\b", "It asks for bank or identity data."),
)  # fmt: skip
_UNFAIR = (
    (r"\b(?:young|youthful|energetic young|digital native|recent graduates only)\b", "age"),
    (r"\b(?:no older than|under \d{2} years|between \d{2} and \d{2} years (?:old|of age)|maximum age)\b", "age"),
    (r"\b(?:females?|males?|wom[ae]n|m[ae]n|ladies|gentlemen) (?:only|preferred)\b", "sex"),
    (r"\bmust be (?:an? )?(?:fe)?male\b", "sex"),
    (r"\b(?:christian|muslim|jewish|catholic)s? (?:only|preferred)\b", "religion"),
    (r"\bnative english speakers?\b|\b(?:us|u\.s\.) citizens only\b|\bno accents?\b", "national origin"),
    (r"\b(?:no disabilities|able-bodied|must not be pregnant|single only|no children)\b", "disability or family"),
)  # fmt: skip
_SCAM_RULES = [(re.compile(pattern, re.IGNORECASE | re.DOTALL), why) for pattern, why in _SCAM]
_UNFAIR_RULES = [(re.compile(pattern, re.IGNORECASE), what) for pattern, what in _UNFAIR]
# One of these is in every text that a rule fits: most texts hold none, and looking for them costs little.
_SIGNS = (
    "telegram", "whats", "signal app", "wechat", "gift", "wire transfer", "western union", "bitcoin", "crypto",
    "cash app", "cashapp", "zelle", "$", "deposit", "fee", "kit", "social security", "ssn", "bank", "young", "youthful",
    "digital native", "recent graduates", "older", "under ", "between ", "age", "only", "preferred", "male",
    "native english", "accent", "disabilit", "able-bodied", "pregnant", "no children", "single",
)  # fmt: skip
# Dollars a year beyond which pay in this field is no offer.
TOO_GOOD = 260_000


def flags_of(facts: JobFacts, text: str = "") -> list[str]:
    """Why somebody should look at this job before it is shown; empty for most.

    Args:
        text: the plain text of the description, where the caller has it.
    """
    text = f"{facts.title}\n{text or plain(facts.description)}\n" + "\n".join(facts.questions)
    lower = text.lower()
    found: list[str] = []
    what: set[str] = set()
    if any(sign in lower for sign in _SIGNS):
        found = [why for rule, why in _SCAM_RULES if rule.search(text)]
        what = {about for rule, about in _UNFAIR_RULES if rule.search(text)}
    found += [f"It may discriminate by {about}." for about in sorted(what)]
    yearly = facts.pay.by_the_year if facts.pay else None
    if yearly and yearly[1] > TOO_GOOD:
        found.append("It promises pay far beyond the field's.")
    return list(dict.fromkeys(found))
