"""Questions that the counts by themselves don't answer."""

from collections.abc import Sequence

from ahead.metering.reports import repository
from ahead.metering.reports.schemas import CorrectionRow, Corrections, Funnel, Searches, SearchRow
from ahead.metering.usage.schemas import Span, text_of
from ahead.shared.db.engine import Database


async def funnel(database: Database, span: Span) -> Funnel:
    async with database.read() as session:
        return Funnel(
            from_=text_of(span.start),
            to=text_of(span.end),
            guests=await repository.guests(session, span),
            guests_viewed=await repository.guests(session, span, repository.VIEWED),
            guests_denied=await repository.guests(session, span, repository.DENIED),
            registered=await repository.registrations(session, span),
            registered_from_guests=await repository.registrations(session, span, from_guests=True),
            registered_viewed=await repository.registered_and_viewed(session, span),
        )


async def searches(
    database: Database, span: Span, *, zero: bool | None, plans: Sequence[str], limit: int
) -> Searches:
    async with database.read() as session:
        found = await repository.searches(session, span, zero=zero, plans=plans, limit=limit)
    rows = [SearchRow(query, count, principals, text_of(last)) for query, count, principals, last in found]
    return Searches(text_of(span.start), text_of(span.end), rows)


async def corrections(database: Database, wanted: str | None, limit: int) -> Corrections:
    async with database.read() as session:
        found = await repository.corrections(session, wanted, limit)
    return Corrections(
        [
            CorrectionRow(period, product, metric, plan, events, count, text_of(last))
            for period, product, metric, plan, events, count, last in found
        ]
    )
