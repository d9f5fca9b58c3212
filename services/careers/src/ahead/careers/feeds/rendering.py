"""Open jobs in the formats that others read. Ids are stable, and everything is escaped by the XML writer."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from ahead.careers.board.showing import credentials_text
from ahead.careers.jobs.cleaning import plain
from ahead.careers.jobs.service import Job

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
register_namespace("atom", ATOM)
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'


def _bytes(root: Element) -> bytes:
    return _DECLARATION + tostring(root, encoding="utf-8")


def _add(parent: Element, name: str, text: str, **attributes: str) -> Element:
    made = SubElement(parent, name, attributes)
    # XML 1.0 has no other control characters, escaped or not.
    made.text = "".join(c for c in text if c >= " " or c in "\n\t")
    return made


def _published(job: Job) -> datetime:
    assert job.row.published_at is not None
    return job.row.published_at


def _title(job: Job) -> str:
    """Nobody takes a generated job for a real one, wherever it is read."""
    return f"Example: {job.facts.title}" if job.row.example else job.facts.title


def _summary(job: Job) -> str:
    facts = job.facts
    pay = facts.pay.text if facts.pay else "Pay not stated"
    return f"{pay}. {facts.place}. {credentials_text(facts)}. {plain(facts.description)[:600]}"


def rss(jobs: Sequence[Job], title: str, site: str, own: str, page: str) -> bytes:
    root = Element("rss", {"version": "2.0"})
    channel = SubElement(root, "channel")
    _add(channel, "title", title)
    _add(channel, "link", site + page)
    _add(channel, "description", f"Open jobs on CareerCenter: {title}")
    SubElement(channel, f"{{{ATOM}}}link", {"href": site + own, "rel": "self", "type": "application/rss+xml"})
    for job in jobs:
        item = SubElement(channel, "item")
        _add(item, "title", f"{_title(job)}, {job.company.name}")
        _add(item, "link", site + job.path)
        _add(item, "guid", f"urn:uuid:{job.id}", isPermaLink="false")
        _add(item, "pubDate", format_datetime(_published(job)))
        _add(item, "description", _summary(job))
    return _bytes(root)


def _changed(jobs: Sequence[Job]) -> datetime:
    """The last change of any of them: a feed that says the same has the same bytes, and so the same ETag."""
    return max((job.row.updated_at for job in jobs), default=datetime(2000, 1, 1, tzinfo=UTC))


def atom(jobs: Sequence[Job], title: str, site: str, own: str, page: str) -> bytes:
    root = Element(f"{{{ATOM}}}feed")
    _add(root, f"{{{ATOM}}}title", title)
    _add(root, f"{{{ATOM}}}id", site + own)
    _add(
        root,
        f"{{{ATOM}}}updated",
        _changed(jobs).isoformat("T", "seconds"),
    )
    SubElement(root, f"{{{ATOM}}}link", {"href": site + own, "rel": "self"})
    SubElement(root, f"{{{ATOM}}}link", {"href": site + page})
    for job in jobs:
        entry = SubElement(root, f"{{{ATOM}}}entry")
        _add(entry, f"{{{ATOM}}}title", f"{_title(job)}, {job.company.name}")
        _add(entry, f"{{{ATOM}}}id", f"urn:uuid:{job.id}")
        SubElement(entry, f"{{{ATOM}}}link", {"href": site + job.path})
        _add(entry, f"{{{ATOM}}}published", _published(job).isoformat("T", "seconds"))
        _add(entry, f"{{{ATOM}}}updated", job.row.updated_at.isoformat("T", "seconds"))
        author = SubElement(entry, f"{{{ATOM}}}author")
        _add(author, f"{{{ATOM}}}name", job.company.name)
        _add(entry, f"{{{ATOM}}}summary", _summary(job))
    return _bytes(root)


def indeed(jobs: Sequence[Job], site: str) -> bytes:
    """The layout that job sites import."""
    root = Element("source")
    _add(root, "publisher", "Coding Ahead CareerCenter")
    _add(root, "publisherurl", site)
    _add(root, "lastBuildDate", format_datetime(_changed(jobs)))
    for job in jobs:
        facts = job.facts
        one = SubElement(root, "job")
        for name, text in (
            ("title", _title(job)),
            ("date", format_datetime(_published(job))),
            ("referencenumber", job.id),
            ("url", site + job.path),
            ("company", job.company.name),
            ("city", facts.city),
            ("state", facts.state),
            ("country", "US"),
            ("postalcode", facts.zip),
            ("description", facts.description),
            ("salary", facts.pay.text if facts.pay else ""),
            ("jobtype", ", ".join(key.replace("-", "") for key in facts.employment)),
            ("experience", f"{facts.years}+ years" if facts.years else ""),
            ("remotetype", {"remote": "Fully remote", "hybrid": "Hybrid remote"}.get(facts.workplace, "")),
        ):
            if text:
                _add(one, name, text)
    return _bytes(root)


def sitemap(jobs: Sequence[Job], site: str) -> bytes:
    root = Element("urlset", {"xmlns": SITEMAP})
    page = SubElement(root, "url")
    _add(page, "loc", f"{site}/careers")
    for job in jobs:
        url = SubElement(root, "url")
        _add(url, "loc", site + job.path)
        _add(url, "lastmod", job.row.updated_at.isoformat("T", "seconds"))
    return _bytes(root)


def sitemap_index(parts: Sequence[str], site: str) -> bytes:
    root = Element("sitemapindex", {"xmlns": SITEMAP})
    for part in parts:
        one = SubElement(root, "sitemap")
        _add(one, "loc", f"{site}/careers/sitemap.xml?after={part}")
    return _bytes(root)


COLUMNS = ("id", "title", "company", "place", "state", "pay", "credentials", "posted", "open_until", "url")


def as_csv(jobs: Sequence[Job], site: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for job in jobs:
        facts = job.facts
        assert job.row.valid_through is not None
        row = (
            job.id, _title(job), job.company.name, facts.place, facts.state, facts.pay.text if facts.pay else "",
            credentials_text(facts), _published(job).date().isoformat(), job.row.valid_through.date().isoformat(),
            site + job.path,
        )  # fmt: skip
        writer.writerow([_cell(text) for text in row])
    return out.getvalue()


def _cell(text: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
