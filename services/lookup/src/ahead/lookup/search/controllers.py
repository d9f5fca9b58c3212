"""The search as JSON."""

from typing import Annotated, Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.parameters import AsOf, read_as_of
from ahead.lookup.search.asking import (
    AsTyped,
    Billable,
    Chapter,
    QueryText,
    SearchLog,
    System,
    need_edition,
    need_query,
    read_query,
)
from ahead.lookup.search.doors import SearchDoors
from ahead.lookup.search.own_keywords import OwnKeywords
from ahead.lookup.search.schemas import SearchAnswer, Suggestions
from ahead.lookup.search.service import CodeSearch, Narrowed
from ahead.shared.auth.principal import Principal

AnyRequest = Request[Any, Any, Any]
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=50, description="Hits at most, 1 to 50.")]


class SearchController(Controller):
    """Public data, and the asker's own keywords: nothing here takes an allowance."""

    path = "/api/lookup/v1"
    tags = ("search",)

    @get("/search", summary="Find codes")
    async def search(
        self,
        request: AnyRequest,
        code_search: NamedDependency[CodeSearch],
        search_doors: NamedDependency[SearchDoors],
        principal: NamedDependency[Principal],
        search_log: NamedDependency[SearchLog],
        own_keywords: NamedDependency[OwnKeywords],
        q: QueryText = "",
        system: System = None,
        as_of: AsOf = None,
        chapter: Chapter = None,
        billable: Billable = None,
        as_typed: AsTyped = False,
        limit: Limit = 20,
    ) -> SearchAnswer:
        typed = need_query(q)
        scope = await code_search.scope(system, read_as_of(as_of))
        need_edition(scope)
        answer = await search_doors.search(
            typed,
            scope,
            limit=limit,
            narrowed=Narrowed(chapter or None, billable),
            as_typed=as_typed,
        )
        answer = await own_keywords.first(
            answer, principal, typed, scope, limit=limit, chapter=chapter or None, billable=billable
        )
        search_log.record(request, principal, answer)
        return answer

    @get("/suggest", summary="Codes for a query that is still being typed")
    async def suggest(
        self,
        code_search: NamedDependency[CodeSearch],
        principal: NamedDependency[Principal],
        own_keywords: NamedDependency[OwnKeywords],
        q: QueryText = "",
        system: System = None,
        as_of: AsOf = None,
    ) -> Suggestions:
        typed = read_query(q)
        # A blank at the end says that the word is finished.
        typed += " " if typed and q[-1:].isspace() else ""
        scope = await code_search.scope(system, read_as_of(as_of))
        return await own_keywords.first_suggested(
            await code_search.suggest(typed, scope), principal, typed, scope
        )
