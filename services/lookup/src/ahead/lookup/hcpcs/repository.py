"""HCPCS's SQL: plain functions of a connection, alike on a release's own file and on PostgreSQL."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from .models import (
    HCPCS_CHANGES,
    HCPCS_CODES,
    HCPCS_MODIFIERS,
    HCPCS_NOC,
    PLACES_OF_SERVICE,
    RBCS,
)

_CODE_COLUMNS = tuple(column for column in HCPCS_CODES.c if column.name != "release_id")
_MODIFIER_COLUMNS = (
    HCPCS_MODIFIERS.c.modifier,
    HCPCS_MODIFIERS.c.title,
    HCPCS_MODIFIERS.c.category,
    HCPCS_MODIFIERS.c.added_on,
    HCPCS_MODIFIERS.c.ended_on,
    HCPCS_MODIFIERS.c.dated,
    HCPCS_MODIFIERS.c.source_row,
)
_PLACE_COLUMNS = (
    PLACES_OF_SERVICE.c.code,
    PLACES_OF_SERVICE.c.rate,
    PLACES_OF_SERVICE.c.name,
    PLACES_OF_SERVICE.c.description,
    PLACES_OF_SERVICE.c.source_row,
)


@dataclass(frozen=True, slots=True)
class CodeRow:
    """Columns of `hcpcs_codes`; days as numbers."""

    code: str
    long_description: str
    short_description: str
    pricing: str
    multiple_pricing: str
    cim: str
    mcm: str
    statute: str
    laboratory: str
    cross_references: str
    coverage: str
    asc_group: str
    asc_from: int | None
    mog: str
    mog_policy: str
    mog_from: int | None
    processing_note: str
    betos: str
    types_of_service: str
    anesthesia_units: int | None
    added_on: int | None
    acted_on: int | None
    ended_on: int | None
    action: str
    source_row: int


@dataclass(frozen=True, slots=True)
class ModifierRow:
    modifier: str
    title: str
    category: str
    added_on: int | None
    ended_on: int | None
    dated: int
    source_row: int


@dataclass(frozen=True, slots=True)
class PlaceRow:
    code: str
    rate: str
    name: str
    description: str
    source_row: int


@dataclass(frozen=True, slots=True)
class RbcsRow:
    procedure: str
    category: str
    subcategory: str
    family: str
    effective_on: int
    source_row: int


def code_rows(connection: Connection, release_id: int, codes: list[str]) -> dict[str, CodeRow]:
    query = select(*_CODE_COLUMNS).where(
        HCPCS_CODES.c.release_id == release_id, HCPCS_CODES.c.code.in_(codes)
    )
    return {row[0]: CodeRow(*row) for row in connection.execute(query)}


def modifier_rows(connection: Connection, release_id: int, modifier: str | None = None) -> list[ModifierRow]:
    """All, or those of one modifier, in the order of the file."""
    query: Any = select(*_MODIFIER_COLUMNS).where(HCPCS_MODIFIERS.c.release_id == release_id)
    if modifier is not None:
        query = query.where(HCPCS_MODIFIERS.c.modifier == modifier)
    rows = connection.execute(query.order_by(HCPCS_MODIFIERS.c.source_row))
    return [ModifierRow(*row) for row in rows]


def change_rows(connection: Connection, release_id: int, code: str) -> list[tuple[str, int]]:
    """(kind of change, row)."""
    query = select(HCPCS_CHANGES.c.change, HCPCS_CHANGES.c.source_row).where(
        HCPCS_CHANGES.c.release_id == release_id, HCPCS_CHANGES.c.code == code
    )
    return [(row[0], row[1]) for row in connection.execute(query.order_by(HCPCS_CHANGES.c.source_row))]


def noc_row(connection: Connection, release_id: int, code: str) -> int | None:
    """The row in which the code stands as one for what is not otherwise classified."""
    query = select(HCPCS_NOC.c.source_row).where(
        HCPCS_NOC.c.release_id == release_id, HCPCS_NOC.c.code == code
    )
    return connection.execute(query.order_by(HCPCS_NOC.c.source_row).limit(1)).scalar_one_or_none()


def place_rows(connection: Connection, release_id: int) -> list[PlaceRow]:
    query = select(*_PLACE_COLUMNS).where(PLACES_OF_SERVICE.c.release_id == release_id)
    return [PlaceRow(*row) for row in connection.execute(query.order_by(PLACES_OF_SERVICE.c.code))]


def families(connection: Connection, release_id: int) -> dict[str, tuple[str, ...]]:
    """The codes of each RBCS family, by its name; of a code the family that it was assigned to last."""
    query = select(RBCS.c.code, RBCS.c.family).where(RBCS.c.release_id == release_id)
    rows = connection.execute(query.order_by(RBCS.c.effective_on, RBCS.c.source_row))
    latest: dict[str, str] = {row.code: row.family for row in rows}
    found: dict[str, list[str]] = {}
    for code, family in latest.items():
        if family:
            found.setdefault(family, []).append(code)
    return {family: tuple(codes) for family, codes in found.items()}


def rbcs_rows(connection: Connection, release_id: int, code: str) -> list[RbcsRow]:
    """Assignments of a code, the one that began last at the end."""
    query = select(
        RBCS.c.procedure, RBCS.c.category, RBCS.c.subcategory, RBCS.c.family, RBCS.c.effective_on, RBCS.c.source_row
    ).where(RBCS.c.release_id == release_id, RBCS.c.code == code)  # fmt: skip
    rows = connection.execute(query.order_by(RBCS.c.effective_on, RBCS.c.source_row))
    return [RbcsRow(*row) for row in rows]
