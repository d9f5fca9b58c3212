"""Generated jobs as feeds in the layout of job sites. Knows nothing of how they are read."""

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from ahead.careers.demo.generator import Example

TYPES = {
    "full-time": "fulltime", "part-time": "parttime", "contract": "contract", "temporary": "temporary",
    "per-diem": "perdiem", "internship": "internship",
}  # fmt: skip


def job_xml(one: Example) -> str:
    facts = one.facts
    pay = facts.pay
    salary = ""
    if pay is not None and pay.unit != "chart":
        salary = (
            f"${pay.low / 100:,.2f} - ${pay.high / 100:,.2f} {'an hour' if pay.unit == 'hour' else 'a year'}"
        )
    needs = f"<p>Required: {' or '.join(facts.credentials)}.</p>" if facts.credentials else ""
    fields = {
        "title": facts.title,
        "date": "Mon, 23 Nov 2026 09:00:00 GMT",
        "referencenumber": f"R{one.number}",
        "url": f"https://jobs.example.com/{one.number}",
        "company": one.employer,
        "city": facts.city,
        "state": facts.state or (facts.states[0] if len(facts.states) == 1 else ""),
        "country": "US",
        "postalcode": facts.zip,
        "description": f'<div class="job">{facts.description}{needs}</div>',
        "salary": salary,
        "jobtype": ", ".join(TYPES[key] for key in facts.employment),
        "experience": f"{facts.years}+ years" if facts.years else "",
        "remotetype": {"remote": "Fully remote", "hybrid": "Hybrid remote"}.get(facts.workplace, ""),
    }
    return (
        f"<job>{''.join(f'<{name}>{escape(text)}</{name}>' for name, text in fields.items() if text)}</job>\n"
    )


def write_feed(path: Path, jobs: Iterable[Example]) -> int:
    """Returns its size in bytes."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<source>\n')
        for one in jobs:
            file.write(job_xml(one))
        file.write("</source>\n")
    return path.stat().st_size
