"""How a job is said to people: facts in their order, freshness, and script data that can't end its element."""

from datetime import datetime
from typing import Any

import msgspec
from markupsafe import Markup

from ahead.careers import vocabulary as words
from ahead.careers.jobs.schemas import JobFacts
from ahead.careers.jobs.service import Job


def names(keys: tuple[str, ...], known: Any) -> str:
    return ", ".join(known.get(key, key) for key in keys)


def credentials_text(facts: JobFacts) -> str:
    """ "CPC or CCS", "CPC and CRC", with what is preferred."""
    joined = (" and " if facts.credentials_all else " or ").join(facts.credentials)
    said = joined or "None required"
    if facts.preferred:
        said += f"; preferred: {', '.join(facts.preferred)}"
    return said + ("; apprentices welcome" if facts.apprentice else "")


def experience_text(facts: JobFacts) -> str:
    if facts.years == 0:
        return "None required"
    return f"At least {facts.years} year{'' if facts.years == 1 else 's'}"


def fact_rows(job: Job) -> list[tuple[str, str]]:
    """The facts in the order in which candidates ask for them; pay first, also where it is not stated."""
    return rows_of(job.facts)


def rows_of(facts: JobFacts) -> list[tuple[str, str]]:
    """The same of facts that are no job yet."""
    yearly = facts.pay.by_the_year if facts.pay and facts.pay.unit != "year" else None
    pay = facts.pay.text if facts.pay else "Not stated by the employer"
    if yearly:
        pay += f" (${yearly[0]:,} to ${yearly[1]:,} a year at 2,080 hours)"
    rows = [
        ("Pay", pay),
        ("Where", facts.place),
        ("Employment", names(facts.employment, words.EMPLOYMENT)),
        ("Credentials", credentials_text(facts)),
        ("Experience", experience_text(facts)),
        ("Kind of work", words.KINDS.get(facts.kind, "")),
        ("Setting", words.SETTINGS.get(facts.setting, "")),
        ("Specialty", names(facts.specialties, words.SPECIALTIES)),
        ("Code sets", names(facts.code_sets, words.CODE_SETS)),
        ("Encoder and EHR", facts.software),
        ("Productivity", facts.productivity),
        ("Coding test", facts.coding_test),
        ("Equipment", "Provided" if facts.equipment else ""),
    ]
    if facts.workplace == "remote" and len(facts.states) > 3:
        rows.insert(2, ("States", names(facts.states, words.STATES)))
    return [(name, value) for name, value in rows if value]


def ago(then: datetime, now: datetime) -> str:
    days = (now.date() - then.date()).days
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"


def freshness(job: Job, now: datetime) -> str:
    row = job.row
    assert row.published_at is not None
    assert row.confirmed_at is not None
    posted = f"Posted {ago(row.published_at, now)}"
    return (
        posted
        if row.confirmed_at == row.published_at
        else f"{posted}, confirmed open {ago(row.confirmed_at, now)}"
    )


STATES_SAID = {
    "draft": "Draft", "review": "Being reviewed", "held": "Held back", "rejected": "Rejected",
    "open": "Open", "paused": "Paused", "closed": "Closed",
}  # fmt: skip
STANDINGS_SAID = {"new": "new employer", "trusted": "trusted employer", "suspended": "suspended employer"}


def state_said(job: Job, now: datetime) -> str:
    """Where a job stands, for its employer."""
    if job.row.merged_into:
        return "Shown with another source"
    return "Ended" if job.row.status == "open" and not job.is_open(now) else STATES_SAID[job.row.status]


def script_data(value: Any) -> Markup:
    """JSON for a script element: nothing in it can close the element or open a comment."""
    text = msgspec.json.encode(value).decode()
    for character, escaped in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704  escaped above
