"""What an employer should look at again before candidates see a job. Hints, no refusals."""

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec

from ahead.careers.jobs.cleaning import plain
from ahead.careers.jobs.schemas import JobFacts
from ahead.careers.moderation.flags import flags_of
from ahead.careers.vocabulary import STATES

_ENTRY = re.compile(r"\bentry[- ]level\b|\bno experience\b", re.IGNORECASE)
_YEARS = re.compile(r"\b(\d{1,2})\+?\s*(?:to \d+ )?years?\b", re.IGNORECASE)
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|\(?\b\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b|https?://", re.IGNORECASE)
_CLOSED_SETS = {"CIC": "icd10pcs", "COC": "cpt"}


class PayRule(msgspec.Struct, frozen=True):
    state: str
    start: str = msgspec.field(name="from")
    employees: int
    source: str


class _Rules(msgspec.Struct, frozen=True):
    about: str
    rules: tuple[PayRule, ...]


@lru_cache
def pay_rules() -> tuple[PayRule, ...]:
    body = (Path(__file__).parent / "pay_rules.json").read_bytes()
    return msgspec.json.decode(body, type=_Rules).rules


def hints(facts: JobFacts, today: date) -> list[str]:
    """In the order of what matters most to candidates."""
    text = plain(facts.description)
    found = _pay(facts, today)
    if (facts.years == 0 or _ENTRY.search(facts.title)) and (years := _asked(text)) >= 2:
        found.append(f"It is called entry level, but the text asks for {years} years of experience.")
    elif _ENTRY.search(f"{facts.title} {text}") and facts.years >= 2:
        found.append(f"It says entry level, but {facts.years} years are required.")
    if facts.apprentice and facts.years >= 2:
        found.append("Apprentices are welcome, but they rarely have that much experience.")
    if "CPC-A" in facts.credentials and facts.years >= 2:
        found.append("CPC-A is the apprentice's credential: whoever has two years of experience has CPC.")
    for credential, needed in _CLOSED_SETS.items():
        if facts.credentials == (credential,) and facts.code_sets and needed not in facts.code_sets:
            found.append(
                f"{credential} alone is required, but its main code set is not among those of the job."
            )
    letters = [c for c in facts.title if c.isalpha()]
    if len(letters) > 8 and sum(c.isupper() for c in letters) > 0.7 * len(letters):
        found.append("The title is written in capitals.")
    if _CONTACT.search(text) or _CONTACT.search(facts.title):
        found.append(
            "The text holds an address, a phone number or a link. Use the application form or its own field."
        )
    if len(text) < 200:
        found.append(
            "The description is short. Say what the work is, how it is measured, and what you offer."
        )
    if facts.workplace == "remote" and not facts.states:
        found.append("Remote without named states means all of the United States. Is that so?")
    return found + flags_of(facts)


def _pay(facts: JobFacts, today: date) -> list[str]:
    if facts.pay is not None:
        wide = facts.pay.high > 2 * facts.pay.low
        return ["The upper end of the pay is more than twice the lower one."] if wide else []
    rules = [
        rule for rule in pay_rules() if rule.state in facts.search_states and rule.start <= today.isoformat()
    ]
    if not rules:
        return ["No pay is stated. Jobs with pay get more applications."]
    if len(rules) > 2:
        where = ", ".join(STATES[rule.state] for rule in rules)
        return [
            f"No pay is stated, and these states ask for it in a posting: {where}. This is no legal advice."
        ]
    return [
        f"No pay is stated. {STATES[rule.state]} asks employers with {rule.employees} or more employees for it since "
        f"{rule.start} ({rule.source}). This is no legal advice."
        for rule in rules
    ]


def _asked(text: str) -> int:
    return max((int(found[1]) for found in _YEARS.finditer(text) if int(found[1]) < 20), default=0)
