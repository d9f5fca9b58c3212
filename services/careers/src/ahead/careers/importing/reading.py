"""Reading the XML layout that job sites import (Indeed's): a stream of <job> elements in a <source>.

What the layout has no field for (credentials, experience, code sets) is read from title and text by the words that
employers use; nothing is guessed beyond that.
"""

import csv
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any

import msgspec
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from ahead.careers import vocabulary as words
from ahead.careers.employers.form import cents
from ahead.careers.jobs.cleaning import clean_html, line, plain, web_address
from ahead.careers.jobs.schemas import JobFacts, Pay
from ahead.shared.errors import BadInput

_STATE_KEYS = {name.lower(): key for key, name in words.STATES.items()}
# Whatever is written like a credential; a table says which are. It begins with its first letter and then looks behind
# that: the other way round each place of the text would be looked at.
_CREDENTIAL = re.compile(r"[A-Z](?<![\w-].)[A-Z]{2,4}(?:-[A-Z])?(?![\w-])", re.DOTALL)
_AMOUNTS = re.compile(r"\$?\s?(\d[\d,]*(?:\.\d{1,2})?)\s*([kK]?)")
_YEARS = re.compile(r"\b(\d{1,2})\s*\+?\s*(?:-|to)?\s*(?:\d{1,2}\s*)?\+?\s*years?\b", re.IGNORECASE)
_ZIP = re.compile(r"\d{5}", re.ASCII)
_EMPLOYMENT = {
    "fulltime": "full-time", "parttime": "part-time", "contract": "contract", "temporary": "temporary",
    "perdiem": "per-diem", "internship": "internship",
}  # fmt: skip
_KINDS = (
    ("audit", "audit"), ("denial", "denials"), ("documentation", "cdi"), ("cdi", "cdi"), ("educat", "education"),
    ("manager", "management"), ("supervisor", "management"), ("bill", "billing"),
)  # fmt: skip
_SETTINGS = (
    ("inpatient", "inpatient"), ("outpatient", "outpatient"), ("emergency", "emergency"), ("payer", "payer"),
    ("ambulatory surgery", "asc"), ("physician", "physician"), ("profee", "physician"), ("home health", "post-acute"),
)  # fmt: skip
MAX_JOBS = 200_000


class FeedJob(msgspec.Struct, frozen=True):
    """One job of a feed; `problem` says why it can't be taken; `text`: its plain description."""

    reference: str
    company: str
    facts: JobFacts | None
    problem: str = ""
    text: str = ""


def read_feed(stream: IO[bytes]) -> Iterator[FeedJob]:
    """One after the other: the feed is never in memory as a whole.

    Raises:
        BadInput: it isn't XML, or XML with a document type of its own.
    """
    count = 0
    try:
        # Entities of a feed's own could be made to grow without end, or to read files.
        found: Any = etree.iterparse(
            stream, tag="{*}job", resolve_entities=False, load_dtd=False, no_network=True
        )
        for _, element in found:
            if count == 0:
                _without_doctype(element)
            yield _job(_fields(element))
            count += 1
            if count >= MAX_JOBS:
                return
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        if found.root is not None:
            _without_doctype(found.root)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInput(f"The feed can't be read after {count} jobs: {error}") from error


def _without_doctype(element: Any) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise BadInput("The feed declares a document type; it has no use for one.")


def _fields(element: Any) -> dict[str, str]:
    held: dict[str, str] = {}
    for child in element:
        name = child.tag
        if isinstance(name, str):  # no comment, no instruction
            text = "".join(child.itertext()) if len(child) else child.text or ""
            held[name.rpartition("}")[2] if name[0] == "{" else name] = text.strip()
    return held


def read_csv(stream: IO[bytes]) -> Iterator[FeedJob]:
    """The same fields as columns, by the names in the first line.

    Raises:
        BadInput: it isn't text, or its first line doesn't name the fields.
    """
    count = 0
    try:
        rows = csv.DictReader(io.TextIOWrapper(stream, "utf-8-sig", newline=""))
        names = {(name or "").strip().lower() for name in rows.fieldnames or ()}
        if not {"referencenumber", "title", "description"} <= names:
            raise BadInput("The first line has to name at least referencenumber, title and description.")
        for row in rows:
            yield _job(
                {
                    str(name).strip().lower(): (text or "").strip()
                    for name, text in row.items()
                    if isinstance(text, str)
                }
            )
            count += 1
            if count >= MAX_JOBS:
                return
    except (UnicodeError, csv.Error) as error:
        raise BadInput(f"The file can't be read after {count} jobs: {error}") from error


def _job(fields: dict[str, str]) -> FeedJob:
    reference = line(fields.get("referencenumber") or fields.get("url", ""), 120)
    company = line(fields.get("company", ""))
    title = line(fields.get("title", ""))
    description = clean_html(fields.get("description", ""))
    body = plain(description)
    if not reference or len(title) < 3 or len(body) < 30:
        return FeedJob(reference, company, None, "It needs a reference number, a title and a description.")
    state = fields.get("state", "").strip()
    state = state.upper() if state.upper() in words.STATES else _STATE_KEYS.get(state.lower(), "")
    lower_title = title.lower()
    said = f"{fields.get('remotetype', '')} {lower_title}".lower()
    workplace = "hybrid" if "hybrid" in said else "remote" if "remote" in said else "on-site"
    city = line(fields.get("city", ""), 80)
    if workplace != "remote" and not (state and city):
        return FeedJob(reference, company, None, "It needs a city and a state, or has to be remote.")
    text = f"{title}\n{body}"
    lower = text.lower()
    years = _years(fields.get("experience", "")) or 0
    zip_code = fields.get("postalcode", "")
    remote = workplace == "remote"
    facts = JobFacts(
        title=title,
        description=description,
        city="" if remote else city,
        state="" if remote else state,
        zip=zip_code if not remote and _ZIP.fullmatch(zip_code) else "",
        workplace=workplace,
        states=(state,) if remote and state else (),
        employment=_employment(fields.get("jobtype", "")),
        kind=next((kind for sign, kind in _KINDS if sign in lower_title), "production"),
        setting=next((setting for sign, setting in _SETTINGS if sign in lower), ""),
        credentials=tuple(
            dict.fromkeys(found for found in _CREDENTIAL.findall(text) if found in words.CREDENTIALS)
        )[:10],
        years=years,
        pay=_pay(fields.get("salary", "")),
        apply_url=web_address(fields.get("url", "")),
    )
    return FeedJob(reference, company, facts, text=body)


@lru_cache(4096)
def _employment(text: str) -> tuple[str, ...]:
    keys = (re.sub(r"[^a-z]", "", part.lower()) for part in text.split(","))
    return tuple(dict.fromkeys(_EMPLOYMENT[key] for key in keys if key in _EMPLOYMENT)) or ("full-time",)


@lru_cache(4096)
def _years(text: str) -> int | None:
    found = _YEARS.search(text)
    return min(int(found[1]), 30) if found else None


@lru_cache(8192)
def _pay(text: str) -> Pay | None:
    """ "$24 to $31 an hour", "52,000 - 60,000 per year": only what says its unit."""
    said = text.lower()
    unit = (
        "hour" if "hour" in said or "/hr" in said else "year" if re.search(r"year|annual|/yr", said) else ""
    )
    amounts = [
        value * (1000 if thousand else 1)
        for number, thousand in _AMOUNTS.findall(text)
        if (value := cents(number)) is not None
    ]
    if not unit or not amounts:
        return None
    low, high = min(amounts[:2]), max(amounts[:2])
    sensible = (700, 30_000) if unit == "hour" else (1_000_000, 60_000_000)
    return Pay(unit, low, high) if sensible[0] <= low and high <= sensible[1] else None
