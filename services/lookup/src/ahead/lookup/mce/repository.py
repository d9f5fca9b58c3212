"""SQL of the editor's lists."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from .models import MCE_CODES


def code_rows(c: Connection, release_id: int, code: str, code_type: str) -> Sequence[Row[Any]]:
    query = select(MCE_CODES).where(
        MCE_CODES.c.release_id == release_id, MCE_CODES.c.code == code, MCE_CODES.c.code_type == code_type
    )
    return c.execute(query.order_by(MCE_CODES.c.source_row)).all()
