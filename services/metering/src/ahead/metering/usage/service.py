"""Questions about usage, answered page by page."""

from typing import Any

from ahead.metering.usage import repository
from ahead.metering.usage.schemas import Cursor, UsagePage, UsageQuery, check_cursor, write_cursor
from ahead.shared.db.engine import Database


async def usage(database: Database, query: UsageQuery) -> UsagePage:
    """One page of counts.

    Raises:
        BadInput: `next` belongs to another question.
    """
    check_cursor(query)
    async with database.read() as session:
        found = await repository.read(session, query)
    rows: list[dict[str, Any]] = [dict(row._mapping) for row in found[: query.limit]]
    following = None
    if len(found) > query.limit:
        last = rows[-1]
        following = write_cursor(
            Cursor(query.question, last["count"], [last[name] for name in query.group_by])
        )
    span = query.span.document()
    return UsagePage(span["from"], span["to"], rows, following)
