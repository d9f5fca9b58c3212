"""SQL for HCCs: whether an edition has a code at all."""

from sqlalchemy import Connection, select

from ahead.lookup.catalog.models import NODES


def has_code(c: Connection, release_id: int, code: str) -> bool:
    query = select(NODES.c.code).where(NODES.c.release_id == release_id, NODES.c.code == code)
    return c.execute(query).first() is not None
