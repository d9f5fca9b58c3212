"""What a job is about, beyond its id: a repost of the same job has the same story."""

import hashlib

from ahead.careers.jobs.schemas import JobFacts
from ahead.shared.search.analysis import words


def story_of(company_id: str, facts: JobFacts) -> str:
    """The same for every repost by one employer: title, place and employment, however they are written."""
    return story_named(company_id, told_of(facts))


def told_of(facts: JobFacts) -> str:
    """What a story says beside its employer."""
    return "\n".join(
        (
            " ".join(words(facts.title)),
            facts.workplace,
            " ".join(words(facts.city)),
            facts.state,
            ",".join(sorted(facts.states)),
            ",".join(sorted(facts.employment)),
        )
    )


def story_named(company_id: str, told: str) -> str:
    return hashlib.sha256(f"{company_id}\n{told}".encode()).hexdigest()[:40]
