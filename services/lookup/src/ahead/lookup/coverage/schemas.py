"""What coverage documents answer: immutable structs, encoded as JSON as they are."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt

Listed = Literal["covered", "not_covered"]


class Contractor(msgspec.Struct, frozen=True):
    """`kinds` "MAC - Part A, MAC - Part B"; `states` is empty where the file has none."""

    name: str
    kinds: str
    states: tuple[str, ...]


class CoverageDocument(msgspec.Struct, frozen=True):
    """One version of a document. `covered` and `not_covered` count the diagnoses in its lists, None where the file
    has no lists."""

    document: str
    version: str
    type: str
    title: str
    effective: date | None
    ends: date | None
    note: str
    url: str
    contractors: tuple[Contractor, ...]
    related: tuple[str, ...]
    covered: int | None
    not_covered: int | None
    receipt: Receipt


class MergedCode(msgspec.Struct, frozen=True):
    """A code of the merged list: some of `lcds` lists each diagnosis, it doesn't say which."""

    lcds: tuple[str, ...]
    named: tuple[CoverageDocument, ...]
    """Those of which title and contractor are held."""
    covered: int
    not_covered: int
    receipt: Receipt
    edition: Edition


class CodeCoverage(msgspec.Struct, frozen=True):
    """All that is held of a procedure code on a date."""

    code: str
    as_of: date
    documents: tuple[CoverageDocument, ...]
    merged: MergedCode | None
    editions: tuple[Edition, ...]
    """Of every source, in the order articles, LCDs, merged list, report, NCDs."""


class Pair(msgspec.Struct, frozen=True):
    """A procedure and a diagnosis that stand together. `document` is "" in the merged list, which doesn't say."""

    code: str
    diagnosis: str
    """With its dot: "M17.9"."""
    listed: Listed
    document: str
    list_number: int
    asterisk: str
    receipt: Receipt


class PairPage(msgspec.Struct, frozen=True):
    """Part of the pairs of a code or a diagnosis; `total` is the true count."""

    pairs: tuple[Pair, ...]
    total: int
    offset: int
    limit: int
    edition: Edition


class Verdict(msgspec.Struct, frozen=True):
    """Whether the diagnoses of a line support its code, as far as documents held say so."""

    status: Literal["pass", "fail", "not_checked"]
    why: str
    fix: str
    receipts: tuple[Receipt, ...]
