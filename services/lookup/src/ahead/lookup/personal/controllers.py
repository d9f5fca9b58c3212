"""What an account keeps for itself, as JSON. Nothing here takes a code page view."""

from typing import Annotated

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal

from .codes import code_of
from .exporting import Kind, export
from .schemas import (
    CodesGiven,
    KeywordsGiven,
    ListChanged,
    ListGiven,
    ListInfo,
    NoteGiven,
    Overview,
    OwnList,
    OwnOfCode,
)
from .service import Personal

ListId = FromPath[str]
Mine = NamedDependency[Personal]
Asker = NamedDependency[Principal]


class PersonalController(Controller):
    """401 without an account. Each answers only of, and changes only, what is the asker's own."""

    path = "/api/lookup/v1/personal"
    tags = ("personal",)
    guards = (requires_account,)

    @get("/", summary="Your favourites, notes, keywords, lists and recent codes")
    async def everything(self, personal: Mine, principal: Asker) -> Overview:
        return await personal.overview(principal)

    @get("/export.csv", summary="The same as comma-separated text, with the codes of the lists")
    async def table(
        self,
        personal: Mine,
        principal: Asker,
        kind: Annotated[Kind | None, QueryParameter(description="One kind only.")] = None,
    ) -> Response[str]:
        return await export(personal, principal, kind)

    @get("/codes/{system:str}/{code:str}", summary="What you keep about one code")
    async def of_code(
        self, personal: Mine, principal: Asker, system: FromPath[str], code: FromPath[str]
    ) -> OwnOfCode:
        return await personal.of_code(principal.subject, system, code)

    @put("/codes/{system:str}/{code:str}/favourite", summary="Make a code a favourite")
    async def star(
        self, personal: Mine, principal: Asker, system: FromPath[str], code: FromPath[str]
    ) -> OwnOfCode:
        await personal.star(principal.subject, system, code, True)
        return await personal.of_code(principal.subject, system, code)

    @delete("/codes/{system:str}/{code:str}/favourite", summary="No favourite any more")
    async def unstar(
        self, personal: Mine, principal: Asker, system: FromPath[str], code: FromPath[str]
    ) -> None:
        await personal.star(principal.subject, system, code, False)

    @put("/codes/{system:str}/{code:str}/note", summary="Write your note on a code; an empty one is none")
    async def note(
        self,
        personal: Mine,
        principal: Asker,
        system: FromPath[str],
        code: FromPath[str],
        data: JSONBody[NoteGiven],
    ) -> OwnOfCode:
        await personal.write_note(principal.subject, system, code, data.note)
        return await personal.of_code(principal.subject, system, code)

    @put(
        "/codes/{system:str}/{code:str}/keywords", summary="Give a code these search keywords, and no others"
    )
    async def keywords(
        self,
        personal: Mine,
        principal: Asker,
        system: FromPath[str],
        code: FromPath[str],
        data: JSONBody[KeywordsGiven],
    ) -> OwnOfCode:
        await personal.set_keywords(principal.subject, system, code, data.keywords)
        return await personal.of_code(principal.subject, system, code)

    @get("/lists", summary="Your lists, in your order")
    async def lists(self, personal: Mine, principal: Asker) -> tuple[ListInfo, ...]:
        return await personal.lists.all(principal.subject)

    @post("/lists", summary="Begin a list")
    async def create(self, personal: Mine, principal: Asker, data: JSONBody[ListGiven]) -> OwnList:
        codes = [code_of(one.system, one.code) for one in data.codes]
        list_id = await personal.lists.create(principal.subject, data.name, codes)
        return await personal.lists.one(principal.subject, list_id)

    @get("/lists/{list_id:str}", summary="A list with its codes")
    async def one(self, personal: Mine, principal: Asker, list_id: ListId) -> OwnList:
        return await personal.lists.one(principal.subject, list_id)

    @get("/lists/{list_id:str}/export.csv", summary="A list as comma-separated text")
    async def list_table(self, personal: Mine, principal: Asker, list_id: ListId) -> Response[str]:
        return await export(personal, principal, list_id=list_id)

    @patch("/lists/{list_id:str}", summary="Rename a list, or give it another place")
    async def change(
        self, personal: Mine, principal: Asker, list_id: ListId, data: JSONBody[ListChanged]
    ) -> OwnList:
        if data.name is not None:
            await personal.lists.rename(principal.subject, list_id, data.name)
        if data.place is not None:
            await personal.lists.place(principal.subject, list_id, data.place)
        return await personal.lists.one(principal.subject, list_id)

    @delete("/lists/{list_id:str}", summary="Delete a list")
    async def remove(self, personal: Mine, principal: Asker, list_id: ListId) -> None:
        await personal.lists.delete(principal.subject, list_id)

    @put("/lists/{list_id:str}/codes", summary="Put exactly these codes on a list, in this order")
    async def replace(
        self, personal: Mine, principal: Asker, list_id: ListId, data: JSONBody[CodesGiven]
    ) -> OwnList:
        codes = [code_of(one.system, one.code) for one in data.codes]
        await personal.lists.replace(principal.subject, list_id, codes)
        return await personal.lists.one(principal.subject, list_id)

    @post("/lists/{list_id:str}/codes", status_code=200, summary="Add codes to the end of a list")
    async def add(
        self, personal: Mine, principal: Asker, list_id: ListId, data: JSONBody[CodesGiven]
    ) -> OwnList:
        await personal.lists.add(
            principal.subject, list_id, [code_of(one.system, one.code) for one in data.codes]
        )
        return await personal.lists.one(principal.subject, list_id)

    @delete("/lists/{list_id:str}/codes/{system:str}/{code:str}", summary="Take a code off a list")
    async def take_off(
        self,
        personal: Mine,
        principal: Asker,
        list_id: ListId,
        system: FromPath[str],
        code: FromPath[str],
    ) -> None:
        await personal.lists.remove(principal.subject, list_id, code_of(system, code))
