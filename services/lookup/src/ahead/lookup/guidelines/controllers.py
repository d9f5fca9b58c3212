"""The guidelines as JSON. By number and by words an account is enough; by code it is a part of that code's page and
takes or needs the same grant."""

from typing import Any

import msgspec
from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codes.access import may_see_sections, tools_guard
from ahead.lookup.codes.opening import open_view
from ahead.lookup.codes.pages import Desk
from ahead.lookup.guidelines.schemas import GuidelineAnswer
from ahead.lookup.guidelines.service import Guidelines
from ahead.lookup.parameters import read_as_of
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import BadInput, Forbidden, NotFound


class GuidelinesAsked(msgspec.Struct, forbid_unknown_fields=True):
    """One of: a section's number, words, or a code of ICD-10-CM; nothing answers the table of contents."""

    section: str = ""
    words: str = ""
    code: str = ""
    as_of: str | None = None


class GuidelineController(Controller):
    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/guidelines", status_code=200, summary="Read the official guidelines by number, words or code")
    async def read(
        self,
        request: Request[Any, Any, Any],
        guidelines: NamedDependency[Guidelines],
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        data: JSONBody[GuidelinesAsked],
    ) -> GuidelineAnswer:
        as_of = read_as_of(data.as_of)
        if sum(bool(asked.strip()) for asked in (data.section, data.words, data.code)) > 1:
            raise BadInput("Ask by section, by words or by code: by one of them.", slug="one-question")
        if data.section.strip():
            return await guidelines.section(data.section, as_of)
        if data.words.strip():
            return await guidelines.search(data.words, as_of)
        if not data.code.strip():
            return await guidelines.contents(as_of)
        found = await desk.pages.find("icd10cm", data.code, as_of)
        if found.node is None:
            raise NotFound(found.edition.message, slug="no-edition-held")
        content = await desk.pages.content(found, full=may_see_sections(principal), section="guidelines")
        answer = await guidelines.of_code(content.facts, as_of)
        access = await open_view(request, desk.views, principal, content, lambda access, _: access)
        if access != "full":
            raise Forbidden("This address may not be read in this way.", slug="scope-needed")
        return answer
