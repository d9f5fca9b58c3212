"""Code lists as JSON, and as a table to download. They judge the user's own list: an account, no view."""

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codelists.downloads import table_of
from ahead.lookup.codelists.schemas import ListAnswer, ListAsked
from ahead.lookup.codelists.service import CodeLists
from ahead.lookup.codes.access import tools_guard
from ahead.lookup.parameters import read_as_of


class CodeListController(Controller):
    """POST answers 401 without an account and 400 for an empty or too long list."""

    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/code-lists", status_code=200, summary="Judge up to 5,000 codes for a date")
    async def check(self, code_lists: NamedDependency[CodeLists], data: JSONBody[ListAsked]) -> ListAnswer:
        return await code_lists.check(data, read_as_of(data.as_of))

    @post("/code-lists/csv", status_code=200, summary="The same as comma-separated text")
    async def table(self, code_lists: NamedDependency[CodeLists], data: JSONBody[ListAsked]) -> Response[str]:
        return table_of(await code_lists.check(data, read_as_of(data.as_of)))
