"""The crosswalk as JSON. It shows what a section of a code's page holds, so that each code takes or needs its view."""

from typing import Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codes.access import Views, tools_guard
from ahead.lookup.gems.schemas import CrosswalkAnswer
from ahead.lookup.gems.service import Crosswalks
from ahead.lookup.gems.walking import Asked, walk
from ahead.lookup.parameters import read_as_of
from ahead.shared.auth.principal import Principal


class CrosswalkController(Controller):
    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/crosswalk", status_code=200, summary="ICD-9-CM codes in ICD-10-CM, or the other way")
    async def crosswalk(
        self,
        request: Request[Any, Any, Any],
        crosswalks: NamedDependency[Crosswalks],
        views: NamedDependency[Views],
        principal: NamedDependency[Principal],
        data: JSONBody[Asked],
    ) -> CrosswalkAnswer:
        """A code that has a mapping takes its page's view, unless it is open this month already; what can't be opened
        has the status not_shown."""
        when = read_as_of(data.as_of)
        return await walk(crosswalks, views, principal, request, data.system, data.codes, when)
