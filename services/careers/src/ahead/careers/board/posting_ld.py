"""schema.org JobPosting of one job: what Google's published rules ask for, and nothing the page doesn't show."""

from typing import Any

from ahead.careers.jobs.service import Job
from ahead.careers.vocabulary import STATES

_EMPLOYMENT = {
    "full-time": "FULL_TIME", "part-time": "PART_TIME", "contract": "CONTRACTOR", "temporary": "TEMPORARY",
    "per-diem": "PER_DIEM", "internship": "INTERN",
}  # fmt: skip
_UNITS = {"hour": "HOUR", "year": "YEAR"}


def posting_ld(job: Job, site: str) -> dict[str, Any]:
    """The job has been published."""
    facts, row = job.facts, job.row
    assert row.published_at is not None
    assert row.valid_through is not None
    organization: dict[str, Any] = {"@type": "Organization", "name": job.company.name}
    if job.company.website:
        organization["sameAs"] = job.company.website
    made: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": facts.title,
        "description": facts.description,
        "datePosted": row.published_at.date().isoformat(),
        "validThrough": row.valid_through.isoformat(timespec="seconds"),
        "employmentType": [_EMPLOYMENT[key] for key in facts.employment],
        "hiringOrganization": organization,
        "identifier": {"@type": "PropertyValue", "name": job.company.name, "value": row.id},
        "url": site + job.path,
        "directApply": not facts.apply_url,
        # In months, as the rule for this type has it; none are said as none.
        "experienceRequirements": "no requirements"
        if facts.years == 0
        else {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": facts.years * 12},
    }
    if facts.workplace == "remote":
        made["jobLocationType"] = "TELECOMMUTE"
        made["applicantLocationRequirements"] = (
            [{"@type": "State", "name": f"{STATES[state]}, USA"} for state in facts.states]
            if facts.states
            else {"@type": "Country", "name": "USA"}
        )
    else:
        address = {"@type": "PostalAddress", "addressCountry": "US", "addressRegion": facts.state}
        if facts.city:
            address["addressLocality"] = facts.city
        if facts.zip:
            address["postalCode"] = facts.zip
        made["jobLocation"] = {"@type": "Place", "address": address}
    if facts.pay is not None and facts.pay.unit in _UNITS:
        value: dict[str, Any] = {"@type": "QuantitativeValue", "unitText": _UNITS[facts.pay.unit]}
        if facts.pay.low == facts.pay.high:
            value["value"] = facts.pay.low / 100
        else:
            value["minValue"], value["maxValue"] = facts.pay.low / 100, facts.pay.high / 100
        made["baseSalary"] = {"@type": "MonetaryAmount", "currency": "USD", "value": value}
    return made
