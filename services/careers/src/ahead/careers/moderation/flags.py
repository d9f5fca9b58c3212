"""Signs of scams and of discrimination in a job's own words. They hold a job back for a person to look at."""

import re

from ahead.careers.jobs.cleaning import plain
from ahead.careers.jobs.schemas import JobFacts

# (what it looks like, why it matters, words of which one is in every text that it fits: looking for those is cheap,
# and most texts hold none)
_SCAM = (
    (r"\b(?:telegram|whats\s?app|signal app|wechat)\b", "It moves the talk to a private messenger.",
     ("telegram", "whatsapp", "whats app", "signal app", "wechat")),
    (r"\bgift\s?cards?\b|\bwire transfer\b|\bwestern union\b|\bbitcoin\b|\bcrypto\b|\bcash\s?app\b|\bzelle\b",
     "It speaks of ways to send money that can't be taken back.",
     ("gift", "wire transfer", "western union", "bitcoin", "crypto", "cash app", "cashapp", "zelle")),
    (r"\bsend\s+(?:us\s+)?\$\d|\bpay (?:a|the) (?:deposit|fee)\b", "It asks candidates for money.",
     ("send", "the deposit", "a deposit", "the fee", "a fee")),
    (r"\b(?:training|starter|equipment) (?:kit|fee|deposit)\b", "It asks candidates for money.",
     (" kit", " fee", " deposit")),
    (r"\bno (?:experience|certification|interview)\b.{0,60}\$\s?\d[\d,]{3,}",
     "It promises pay far beyond the field's.", ("no experience", "no certification", "no interview")),
    (r"\$\s?\d[\d,]{3,}\s*(?:a|per|/)\s*(?:day|week)\b",
     "It promises pay far beyond the field's.", ("$",)),
    (r"\b(?:social security number|ssn|bank (?:account|login|details))\b", "It asks for bank or identity data.",
     ("social security", "ssn", "bank ")),
)  # fmt: skip
_UNFAIR = (
    (r"\b(?:young|youthful|energetic young|digital native|recent graduates only)\b", "age",
     ("young", "youthful", "digital native", "recent graduates")),
    (r"\b(?:no older than|under \d{2} years|between \d{2} and \d{2} years (?:old|of age)|maximum age)\b", "age",
     ("older than", "under ", "between ", "maximum age")),
    (r"\b(?:females?|males?|wom[ae]n|m[ae]n|ladies|gentlemen) (?:only|preferred)\b", "sex",
     ("male only", "males only", "male preferred", "males preferred", "man only", "men only", "man preferred",
      "men preferred", "ladies", "gentlemen")),
    (r"\bmust be (?:an? )?(?:fe)?male\b", "sex", ("must be ",)),
    (r"\b(?:christian|muslim|jewish|catholic)s? (?:only|preferred)\b", "religion",
     ("christian", "muslim", "jewish", "catholic")),
    (r"\bnative english speakers?\b|\b(?:us|u\.s\.) citizens only\b|\bno accents?\b", "national origin",
     ("native english", "citizens only", "no accent")),
    (r"\b(?:no disabilities|able-bodied|must not be pregnant|single only|no children)\b", "disability or family",
     ("disabilit", "able-bodied", "pregnant", "single only", "no children")),
)  # fmt: skip
_Rules = list[tuple[re.Pattern[str], str, tuple[str, ...]]]
_SCAM_RULES: _Rules = [(re.compile(one, re.IGNORECASE | re.DOTALL), why, signs) for one, why, signs in _SCAM]
_UNFAIR_RULES: _Rules = [(re.compile(one, re.IGNORECASE), what, signs) for one, what, signs in _UNFAIR]
# Dollars a year beyond which pay in this field is no offer.
TOO_GOOD = 260_000


def flags_of(facts: JobFacts, text: str = "") -> list[str]:
    """Why somebody should look at this job before it is shown; empty for most.

    Args:
        text: the plain text of the description, where the caller has it.
    """
    text = f"{facts.title}\n{text or plain(facts.description)}\n" + "\n".join(facts.questions)
    lower = text.lower()
    found = _fitting(_SCAM_RULES, text, lower)
    what = set(_fitting(_UNFAIR_RULES, text, lower))
    found += [f"It may discriminate by {about}." for about in sorted(what)]
    yearly = facts.pay.by_the_year if facts.pay else None
    if yearly and yearly[1] > TOO_GOOD:
        found.append("It promises pay far beyond the field's.")
    return list(dict.fromkeys(found))


def _fitting(rules: _Rules, text: str, lower: str) -> list[str]:
    found: list[str] = []
    for rule, why, signs in rules:
        for sign in signs:
            if sign in lower:
                if rule.search(text):
                    found.append(why)
                break
    return found
