"""SQL of the IPPS tables: plain functions of a connection."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from .models import CC_CODES, CC_COLLECTIONS, CC_DRG_EXCLUSIONS, CC_LEVELS, DRGS

EXCLUDERS_SHOWN = 100


def drg_rows(c: Connection, release_id: int, drgs: Iterable[str]) -> Sequence[Row[Any]]:
    query = select(DRGS).where(DRGS.c.release_id == release_id, DRGS.c.drg.in_(list(drgs)))
    return c.execute(query.order_by(DRGS.c.drg)).all()


def level_row(c: Connection, release_id: int, code: str) -> Row[Any] | None:
    query = select(CC_LEVELS).where(CC_LEVELS.c.release_id == release_id, CC_LEVELS.c.code == code)
    return c.execute(query).first()


def cc_row(c: Connection, release_id: int, code: str) -> Row[Any] | None:
    query = select(CC_CODES).where(CC_CODES.c.release_id == release_id, CC_CODES.c.code == code)
    return c.execute(query).first()


def members(
    c: Connection, release_id: int, collection: str, limit: int = EXCLUDERS_SHOWN
) -> tuple[Sequence[Row[Any]], int]:
    """The first members of a collection, and how many there are."""
    mine = (CC_COLLECTIONS.c.release_id == release_id, CC_COLLECTIONS.c.collection == collection)
    rows = c.execute(
        select(CC_COLLECTIONS).where(*mine).order_by(CC_COLLECTIONS.c.source_row).limit(limit)
    ).all()
    return rows, c.execute(select(func.count()).select_from(CC_COLLECTIONS).where(*mine)).scalar_one()


def member_row(c: Connection, release_id: int, collection: str, code: str) -> Row[Any] | None:
    query = select(CC_COLLECTIONS).where(
        CC_COLLECTIONS.c.release_id == release_id,
        CC_COLLECTIONS.c.collection == collection,
        CC_COLLECTIONS.c.code == code,
    )
    return c.execute(query).first()


def drg_exclusion_rows(c: Connection, release_id: int, code: str) -> Sequence[Row[Any]]:
    query = select(CC_DRG_EXCLUSIONS).where(
        CC_DRG_EXCLUSIONS.c.release_id == release_id, CC_DRG_EXCLUSIONS.c.code == code
    )
    return c.execute(query.order_by(CC_DRG_EXCLUSIONS.c.first_drg)).all()


def switched_off(c: Connection, release_id: int, principal: str) -> int:
    """How many CC and MCC codes a principal diagnosis excludes."""
    collections = select(CC_COLLECTIONS.c.collection).where(
        CC_COLLECTIONS.c.release_id == release_id, CC_COLLECTIONS.c.code == principal
    )
    query = (
        select(func.count())
        .select_from(CC_CODES)
        .where(CC_CODES.c.release_id == release_id, CC_CODES.c.collection.in_(collections))
    )
    return c.execute(query).scalar_one()
