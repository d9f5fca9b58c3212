"""``GET /api/metering/v1/funnel``, ``/searches`` and ``/corrections``."""

from typing import Annotated, Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from ahead.metering.guards import may_read
from ahead.metering.reports import service
from ahead.metering.reports.schemas import Corrections, Funnel, Searches, read_flag
from ahead.metering.usage.controllers import From, Limit, Many, To
from ahead.metering.usage.schemas import check_names, read_filters, read_limit, read_span
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database

_Request = Request[Any, Any, Any]


class ReportsController(Controller):
    path = "/api/metering/v1"
    guards = (may_read,)
    tags = ("reports",)

    @get("/funnel", summary="From guest to registered account")
    async def funnel(
        self,
        request: _Request,
        database: NamedDependency[Database],
        clock: NamedDependency[Clock],
        from_: From = None,
        to: To = None,
    ) -> Funnel:
        check_names(list(request.query_params.keys()), ("from", "to"))
        return await service.funnel(database, read_span(from_, to, clock.now()))

    @get("/searches", summary="What was searched for")
    async def searches(
        self,
        request: _Request,
        database: NamedDependency[Database],
        clock: NamedDependency[Clock],
        from_: From = None,
        to: To = None,
        zero: Annotated[
            str | None,
            QueryParameter(
                description="true: only searches without a result. false: only those with one.",
                required=False,
            ),
        ] = None,
        plan: Many = None,
        limit: Limit = None,
    ) -> Searches:
        """Wordings are as the searched service masked them; the most frequent come first."""
        check_names(list(request.query_params.keys()), ("from", "to", "zero", "plan", "limit"))
        return await service.searches(
            database,
            read_span(from_, to, clock.now()),
            zero=read_flag("zero", zero),
            plans=read_filters({"plan": plan}).get("plan", []),
            limit=read_limit(limit),
        )

    @get("/corrections", summary="What closed periods have gained since")
    async def corrections(
        self,
        request: _Request,
        database: NamedDependency[Database],
        period: FromQuery[str | None] = None,
        limit: Limit = None,
    ) -> Corrections:
        check_names(list(request.query_params.keys()), ("period", "limit"))
        wanted = read_filters({"period": [period] if period else None})
        return await service.corrections(database, wanted.get("period", [None])[0], read_limit(limit))
