"""What others read of the board: JSON-LD by Google's published rules, feeds, sitemap."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import defusedxml.ElementTree as ET
import feed_schemas
import feedparser
import msgspec
import pytest
from careers_world import NOW, Person, World

from ahead.careers.board.posting_ld import posting_ld
from ahead.careers.board.showing import fact_rows
from ahead.careers.demo.generator import examples
from ahead.careers.feeds.rendering import sitemap_index
from ahead.careers.jobs.cleaning import plain
from ahead.careers.jobs.schemas import JobFacts, dump
from ahead.careers.jobs.service import Job
from ahead.careers.models import Company, Posting

People = Callable[..., Person]
RULES = json.loads((Path(__file__).parent / "jobposting_rules.json").read_text())["rules"]
SITE = "https://codingahead.example"


def wrong_with(posting: dict[str, Any]) -> Iterator[str]:
    """What the published rules have against this JobPosting. Knows nothing of the code that makes it."""
    remote = posting.get("jobLocationType") == "TELECOMMUTE"
    known = {rule["field"] for rule in RULES}
    yield from (f"{name}: not in the rules" for name in posting if name not in known)
    for rule in RULES:
        name, need = rule["field"], rule["need"]
        needed = need == "required" or (need == "unless-telecommute" and not remote)
        needed = needed or (need == "with-telecommute" and remote)
        if name not in posting:
            if needed:
                yield f"{name} is missing: {rule['source']}"
            continue
        if need == "with-telecommute" and not remote:
            yield f"{name} without TELECOMMUTE"
        values = posting[name] if isinstance(posting[name], list) else [posting[name]]
        for value in values:
            if not fits(value, rule["type"], posting):
                yield f"{name} is {value!r}: {rule['source']}"


def fits(value: Any, kind: str, posting: dict[str, Any]) -> bool:
    name, _, rest = kind.partition(":")
    match name:
        case "schema-org":
            return value in ("https://schema.org/", "https://schema.org")
        case "const":
            return value == rest
        case "enum":
            return value in rest.split(",")
        case "text":
            return isinstance(value, str) and 2 < len(value) < 150 and "<" not in value and "$" not in value
        case "html":
            return isinstance(value, str) and "<p>" in value and plain(value) != posting.get("title")
        case "date":
            return date.fromisoformat(value) <= NOW.date()
        case "datetime":
            return datetime.fromisoformat(value).tzinfo is not None and datetime.fromisoformat(value) > NOW
        case "boolean":
            return isinstance(value, bool)
        case "url":
            return urlsplit(value).scheme == "https" and bool(urlsplit(value).netloc)
        case "Organization":
            same = value.get("sameAs", "https://a")
            return value["@type"] == "Organization" and bool(value["name"]) and same.startswith("http")
        case "Place":
            address = value["address"]
            country = address["addressCountry"] == "US"
            region = re.fullmatch(r"[A-Z]{2}", address["addressRegion"])
            return (
                value["@type"] == "Place" and address["@type"] == "PostalAddress" and country and bool(region)
            )
        case "AdministrativeArea":
            return value["@type"] in ("Country", "State") and value["name"].endswith("USA")
        case "MonetaryAmount":
            amount = value["value"]
            figures = [amount[key] for key in ("value", "minValue", "maxValue") if key in amount]
            one_or_two = ("value" in amount) != ("minValue" in amount and "maxValue" in amount)
            unit = amount["unitText"] in ("HOUR", "DAY", "WEEK", "MONTH", "YEAR")
            return value["currency"] == "USD" and one_or_two and unit and all(f > 0 for f in figures)
        case "PropertyValue":
            return value["@type"] == "PropertyValue" and bool(value["name"]) and bool(value["value"])
        case "Experience":
            months = value.get("monthsOfExperience") if isinstance(value, dict) else 0
            return value == "no requirements" or (isinstance(months, int) and months > 0)
    raise AssertionError(kind)


SCHEMA_ORG = json.loads((Path(__file__).parent / "schema_org_types.json").read_text())["types"]


def wrong_types(value: Any, expected: list[str], where: str) -> Iterator[str]:
    """What schema.org has against a value: a property that its type lacks, or a value of a type not expected."""
    if isinstance(value, list):
        for one in value:
            yield from wrong_types(one, expected, where)
    elif isinstance(value, dict):
        name = value.get("@type")
        if name not in expected:
            yield f"{where} is a {name}, expected {expected}"
        known = SCHEMA_ORG.get(name, {})
        for key, inner in value.items():
            if key in ("@type", "@context"):
                continue
            if key not in known:
                yield f"{where}: {name} has no property {key}"
            else:
                yield from wrong_types(inner, known[key], f"{where}.{key}")
    elif isinstance(value, bool):
        if "Boolean" not in expected:
            yield f"{where} is a Boolean, expected {expected}"
    elif isinstance(value, int | float):
        if not {"Number", "Integer"} & set(expected):
            yield f"{where} is a Number, expected {expected}"
    elif not {"Text", "URL", "Date", "DateTime"} & set(expected):
        yield f"{where} is a text, expected {expected}"


def example_jobs(count: int) -> Iterator[Job]:
    for one in examples(count, seed=3):
        company = Company(id="c", name=one.employer, created_at=NOW, about="", website="")
        row = Posting(
            id=f"job-{one.number}", company_id="c", external_id="", facts=dump(one.facts), created_at=NOW,
            updated_at=NOW, published_at=NOW, confirmed_at=NOW, valid_through=NOW + timedelta(days=30),
        )  # fmt: skip
        yield Job(row, one.facts, company)


def test_a_thousand_jobs_are_told_as_the_published_rules_ask() -> None:
    for job in example_jobs(1000):
        posting = posting_ld(job, SITE)
        assert list(wrong_with(posting)) == []
        assert list(wrong_types(posting, ["JobPosting"], "posting")) == []


def test_schema_orgs_types_are_looked_at() -> None:
    posting = posting_ld(next(example_jobs(1)), SITE)
    for planted in ({"jobTitle": "x"}, {"directApply": "yes"}, {"hiringOrganization": {"@type": "Person", "name": "x"}},
                    {"identifier": {"@type": "PropertyValue", "named": "x"}}):  # fmt: skip
        assert list(wrong_types(posting | planted, ["JobPosting"], "posting")), planted


def test_what_is_told_is_what_the_page_shows() -> None:
    for job in example_jobs(300):
        told, shown = posting_ld(job, SITE), dict(fact_rows(job))
        if "baseSalary" in told:
            value = told["baseSalary"]["value"]
            for figure in (value[key] for key in ("value", "minValue", "maxValue") if key in value):
                assert (f"${figure:,.0f}" if figure == int(figure) else f"${figure:,.2f}") in shown["Pay"]
        else:
            assert job.facts.pay is None or job.facts.pay.unit == "chart"
        assert ("jobLocationType" in told) == shown["Where"].startswith("Remote")
        assert told["description"] == job.facts.description


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", None), ("datePosted", None), ("jobLocation", None), ("employmentType", "FULLTIME"),
        ("jobLocationType", "REMOTE"), ("validThrough", "2026-12-01T00:00:00"), ("directApply", "yes"),
        ("baseSalary", {"@type": "MonetaryAmount", "currency": "USD", "value": {"unitText": "HOURLY", "value": 3}}),
    ],
)  # fmt: skip
def test_the_validator_finds_what_is_planted(field: str, value: Any) -> None:
    job = next(job for job in example_jobs(50) if job.facts.workplace == "on-site")
    posting = posting_ld(job, SITE)
    posting.pop(field, None)
    if value is not None:
        posting[field] = value
    assert list(wrong_with(posting))


async def test_feeds_are_read_by_feed_readers_and_keep_their_ids(world: World, person: People) -> None:
    company = await world.company("Müller & <Söhne>")
    ids = {await world.job(company, title=f"Coder <{number}> & more") for number in range(3)}
    reader = person()
    for name in ("rss", "atom"):
        answer = await reader.get(f"/careers/feed.{name}?credential=CPC")
        feed = feedparser.parse(answer.content)
        assert not feed.bozo
        assert feed.version == {"rss": "rss20", "atom": "atom10"}[name]
        assert {entry.id.removeprefix("urn:uuid:") for entry in feed.entries} == ids
        assert all("Müller & <Söhne>" in entry.title for entry in feed.entries)
        assert all(entry.link.startswith("http://127.0.0.1:8080/careers/jobs/") for entry in feed.entries)
        assert all(entry.get("published_parsed") for entry in feed.entries)
        again = await reader.get(
            f"/careers/feed.{name}?credential=CPC", headers={"if-none-match": answer.headers["etag"]}
        )
        assert again.status_code == 304
        schema = feed_schemas.RSS if name == "rss" else feed_schemas.ATOM
        assert feed_schemas.wrong_with(schema, answer.content) == []
        empty = (await reader.get(f"/careers/feed.{name}?q=nothinglikeit")).content
        assert feed_schemas.wrong_with(schema, empty) == []
        for held, instead in ((b"urn:uuid:", b"id-"), (b"title>", b"name>"), (b"http://", b"ftp://")):
            assert feed_schemas.wrong_with(schema, answer.content.replace(held, instead)), held
    table = await reader.get("/careers/feed.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert {row["id"] for row in rows} == ids
    source = ET.fromstring((await reader.get("/careers/feed.xml")).content)
    assert {job.findtext("referencenumber") for job in source.findall("job")} == ids


async def test_the_sitemap_names_open_jobs_with_their_last_change(world: World, person: People) -> None:
    job = await world.job(await world.company())
    root = ET.fromstring((await person().get("/careers/sitemap.xml")).content)
    body = (await person().get("/careers/sitemap.xml")).content
    assert feed_schemas.wrong_with(feed_schemas.SITEMAP, body) == []
    assert feed_schemas.wrong_with(feed_schemas.SITEMAP, body.replace(b"+00:00", b" noon"))
    parts = sitemap_index(["0", "x"], SITE)
    assert feed_schemas.wrong_with(feed_schemas.SITEMAP_INDEX, parts) == []
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert root.tag == f"{space}urlset"
    found = {url.findtext(f"{space}loc"): url.findtext(f"{space}lastmod") for url in root}
    assert found[f"http://127.0.0.1:8080/careers/jobs/{job}"] == NOW.isoformat("T", "seconds")


async def test_no_cell_of_a_table_is_a_formula(world: World, person: People) -> None:
    await world.job(await world.company("=cmd|' /C calc'!A0"))
    text = (await person().get("/careers/feed.csv")).text
    assert "'=cmd" in text


async def test_what_has_not_changed_has_the_same_tag(world: World, person: People) -> None:
    job = await world.job(await world.company())
    reader = person()
    for path in ("/careers/feed.xml", "/careers/feed.csv", "/careers/feed.atom", "/api/careers/v1/jobs"):
        first = await reader.get(path)
        world.clock.advance(timedelta(seconds=5))
        again = await reader.get(path, headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304, path
    await world.act(job, "edit")
    assert (await reader.get(path, headers={"if-none-match": first.headers["etag"]})).status_code in (
        200,
        304,
    )
    changed = await reader.get("/careers/feed.atom", headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200


async def test_programs_get_the_board_as_json(world: World, person: People) -> None:
    job = await world.job(await world.company())
    answer = (await person().get("/api/careers/v1/jobs?credential=CPC")).json()
    assert answer["total"] == 1
    assert answer["jobs"][0]["id"] == job
    assert answer["jobs"][0]["facts"]["pay"] == {
        "unit": "hour",
        "low": 2400,
        "high": 3100,
        "charts_an_hour": 0,
    }
    assert answer["jobs"][0]["facts"].keys() == set(JobFacts.__struct_fields__), "also what nobody has stated"
    assert msgspec.json.encode(answer["facets"]["credential"])


async def test_an_example_is_called_one_wherever_it_is_read(world: World, person: People) -> None:
    job = await world.job(await world.company(example=True), title="Radiology Coder")
    reader = person()
    for name in ("rss", "atom", "xml", "csv"):
        assert "Example: Radiology Coder" in (await reader.get(f"/careers/feed.{name}")).text, name
    assert (await reader.get("/api/careers/v1/jobs")).json()["jobs"][0]["example"] is True
    assert '<meta name="robots" content="noindex">' in (await reader.get(f"/careers/jobs/{job}")).text
    assert "Example" in (await reader.get("/careers")).text
