"""Jobs as the search engine holds them."""

from collections.abc import Iterable

from ahead.careers.jobs.cleaning import plain
from ahead.careers.jobs.lifecycle import seconds
from ahead.careers.jobs.service import Job
from ahead.careers.vocabulary import CODE_SETS, CREDENTIALS, KINDS, SETTINGS, SPECIALTIES, STATES
from ahead.shared.search.index import Document, FilterField, IndexSchema, TextField

SCHEMA = IndexSchema(
    "careers_jobs",
    2,
    text=(
        TextField("title", 4.0),
        TextField("credentials", 3.0, spelled=False),
        TextField("facts", 2.0),
        TextField("company", 1.5),
        TextField("description", 1.0),
    ),
    filters=(
        FilterField("credential", facet=True),
        FilterField("specialty", facet=True),
        FilterField("setting", facet=True),
        FilterField("kind", facet=True),
        FilterField("code_set", facet=True),
        FilterField("workplace", facet=True),
        FilterField("state", facet=True),
        FilterField("employment", facet=True),
        FilterField("experience", facet=True),
        FilterField("pay_unit", facet=True),
        FilterField("company_id", facet=True),
        FilterField("zip"),
        FilterField("pay_year", "integer", sort=True),
        FilterField("published", "integer", sort=True),
        FilterField("open_from", "integer"),
        FilterField("open_until", "integer"),
    ),
    # More than any list of ours has; of employers only those with most jobs are shown.
    facet_values=100,
)
DAY = 86_400


def document(job: Job) -> Document:
    """One job. Newer ones stand before older ones that match as well."""
    facts, row = job.facts, job.row
    names = [CREDENTIALS[key] for key in facts.credentials if key in CREDENTIALS]
    said = [
        *(SPECIALTIES.get(key, "") for key in facts.specialties),
        SETTINGS.get(facts.setting, ""),
        KINDS.get(facts.kind, ""),
        *(CODE_SETS.get(key, "") for key in facts.code_sets),
        facts.workplace,
        facts.city,
        STATES.get(facts.state, ""),
        facts.software,
    ]
    # Somebody with an apprentice's credential finds what takes apprentices.
    credentials = [
        *facts.credentials,
        *(["CPC-A"] if facts.apprentice and "CPC-A" not in facts.credentials else []),
    ]
    yearly = facts.pay.by_the_year if facts.pay else None
    published = seconds(row.published_at) if row.published_at else 0
    return Document(
        id=row.id,
        text={
            "title": [facts.title],
            "credentials": [*credentials, *names],
            "facts": [text for text in said if text],
            "company": [job.company.name],
            "description": [plain(facts.description)[:5000]],
        },
        values={
            "credential": credentials,
            "specialty": list(facts.specialties),
            "setting": [facts.setting] if facts.setting else [],
            "kind": [facts.kind],
            "code_set": list(facts.code_sets),
            "workplace": [facts.workplace],
            "state": list(facts.search_states),
            "employment": list(facts.employment),
            "experience": [facts.experience],
            "pay_unit": [facts.pay.unit] if facts.pay else [],
            "company_id": [job.company.id],
            "zip": [facts.zip] if facts.zip else [],
            "pay_year": [yearly[1]] if yearly else [],
            "published": [published],
            "open_from": [row.open_from],
            "open_until": [row.open_until],
        },
        rank=max(0, min(1000, (published // DAY - 20_000) // 4)),
    )


def documents(jobs: Iterable[Job]) -> Iterable[Document]:
    """Those that may become open by the clock alone or are: what is held in the index."""
    return (document(job) for job in jobs if holds(job))


def holds(job: Job) -> bool:
    return job.row.open_until > 0 and job.row.merged_into is None
