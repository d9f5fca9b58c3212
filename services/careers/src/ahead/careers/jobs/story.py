"""What a job is about, beyond its id: a repost of the same job has the same story."""

import hashlib

from ahead.careers.jobs.schemas import JobFacts
from ahead.shared.search.analysis import words


def story_of(company_id: str, facts: JobFacts) -> str:
    """The same for every repost by one employer: title, place and employment, however they are written."""
    parts = (
        company_id,
        " ".join(words(facts.title)),
        facts.workplace,
        " ".join(words(facts.city)),
        facts.state,
        ",".join(sorted(facts.states)),
        ",".join(sorted(facts.employment)),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]
