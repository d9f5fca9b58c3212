"""``GET /api/metering/v1/usage``."""

from typing import Annotated, Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from ahead.metering.guards import may_read
from ahead.metering.usage import service
from ahead.metering.usage.schemas import (
    FILTERS,
    UsagePage,
    UsageQuery,
    check_names,
    read_cursor,
    read_filters,
    read_groups,
    read_limit,
    read_span,
)
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database

_KNOWN = (*FILTERS, "from", "to", "group_by", "limit", "next")
Many = FromQuery[list[str] | None]
From = Annotated[
    str | None,
    QueryParameter(
        name="from",
        description="A day, or a time with offset. Default: 30 days before `to`.",
        required=False,
    ),
]
To = Annotated[
    str | None,
    QueryParameter(
        name="to",
        description="A day (included), or a time with offset (not included). Default: the end of today, UTC.",
        required=False,
    ),
]
Limit = Annotated[
    str | None, QueryParameter(description="Rows per page, 1 to 1,000; default 100.", required=False)
]


class UsageController(Controller):
    path = "/api/metering/v1/usage"
    guards = (may_read,)
    tags = ("usage",)

    @get(summary="Counts of usage")
    async def usage(
        self,
        request: Request[Any, Any, Any],
        database: NamedDependency[Database],
        clock: NamedDependency[Clock],
        from_: From = None,
        to: To = None,
        product: Many = None,
        metric: Many = None,
        plan: Many = None,
        period: Many = None,
        principal: Many = None,
        thing: Many = None,
        group_by: Many = None,
        limit: Limit = None,
        next_: Annotated[
            str | None, QueryParameter(name="next", description="As the page before gave it.", required=False)
        ] = None,
    ) -> UsagePage:
        """Counts are kept by the hour: times between are widened to whole hours, as `from` and `to` of the
        answer say. A filter given several times means any of its values."""
        check_names(list(request.query_params.keys()), _KNOWN)
        query = UsageQuery(
            span=read_span(from_, to, clock.now()),
            filters=read_filters(
                {
                    "product": product,
                    "metric": metric,
                    "plan": plan,
                    "period": period,
                    "principal": principal,
                    "thing": thing,
                }
            ),
            group_by=read_groups(group_by),
            limit=read_limit(limit),
            cursor=read_cursor(next_) if next_ else None,
        )
        return await service.usage(database, query)
