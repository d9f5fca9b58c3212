"""The index books as JSON: an account is needed, no view is taken. A walk begins with words, not with a code."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codes.access import tools_guard
from ahead.lookup.indexes.asking import DrugAsked, NeoplasmAsked, WalkAsked
from ahead.lookup.indexes.schemas import TableAnswer, Walk
from ahead.lookup.indexes.tables import IndexTables
from ahead.lookup.indexes.walking import IndexWalk
from ahead.lookup.parameters import read_as_of


class IndexController(Controller):
    """POST answers 401 without an account and 400 where nothing was asked for."""

    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/index-walk", status_code=200, summary="Walk the alphabetic or the external cause index")
    async def walk(self, index_walk: NamedDependency[IndexWalk], data: JSONBody[WalkAsked]) -> Walk:
        return await index_walk.walk(data.index, data.term, data.at, read_as_of(data.as_of))

    @post("/neoplasm", status_code=200, summary="Look a site up in the table of neoplasms")
    async def neoplasm(
        self, index_tables: NamedDependency[IndexTables], data: JSONBody[NeoplasmAsked]
    ) -> TableAnswer:
        return await index_tables.look_up(
            "neoplasm", data.site, read_as_of(data.as_of), column=data.behavior, limit=data.limit
        )

    @post("/drugs", status_code=200, summary="Look a substance up in the table of drugs and chemicals")
    async def drugs(
        self, index_tables: NamedDependency[IndexTables], data: JSONBody[DrugAsked]
    ) -> TableAnswer:
        return await index_tables.look_up(
            "drugs", data.substance, read_as_of(data.as_of), column=data.intent, limit=data.limit
        )
