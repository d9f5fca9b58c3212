"""``/consultant/knowledge/…`` for everybody, and the experts' part below the desk."""

import json
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ahead.consultant.desk.service import Desk
from ahead.consultant.handlers import AnyRequest, day_in, fields, see_other
from ahead.consultant.knowledge.service import KnowledgeBase
from ahead.consultant.parts import Parts
from ahead.shared.auth.guards import requires_role
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

LIST = "/consultant/desk/knowledge"


class KnowledgePages(Controller):
    include_in_schema = False
    path = "/consultant/knowledge"

    @get("/{key:str}")
    async def one(self, key: FromPath[str], knowledge: NamedDependency[KnowledgeBase]) -> Page:
        row = await knowledge.one(key)
        return Page("knowledge/one.html", {"row": row, "links": json.loads(row.links)})


class KnowledgeDeskPages(Controller):
    include_in_schema = False
    path = LIST
    guards = (requires_role("expert"),)

    @get("/")
    async def listed(
        self, knowledge: NamedDependency[KnowledgeBase], principal: NamedDependency[Principal]
    ) -> Page:
        return Page("knowledge/list.html", {"rows": await knowledge.listed(), "me": principal.subject})

    @get("/propose/{inquiry_id:str}")
    async def form(
        self, inquiry_id: FromPath[str], desk: NamedDependency[Desk], principal: NamedDependency[Principal]
    ) -> Page:
        """Filled in with the thread's first question and its last answer."""
        folder = await desk.folder(inquiry_id, principal.subject)
        asked = next((said.text for said in folder.said if said.author == "you"), "")
        answer = next((said.text for said in reversed(folder.said) if said.author == "expert"), "")
        context = {
            "case": folder.case,
            "question": asked,
            "answer": answer,
            "errors": {},
            "links": "",
            "as_of": "",
        }
        return Page("knowledge/propose.html", context)

    @post("/propose/{inquiry_id:str}")
    async def propose(
        self,
        request: AnyRequest,
        inquiry_id: FromPath[str],
        desk: NamedDependency[Desk],
        knowledge: NamedDependency[KnowledgeBase],
        principal: NamedDependency[Principal],
        parts: NamedDependency[Parts],
    ) -> Response[Any] | Page:
        sent = await fields(request)
        folder = await desk.folder(inquiry_id, principal.subject)
        question, answer = sent.get("question", ""), sent.get("answer", "")
        links, day = sent.get("links", ""), sent.get("as_of", "")
        try:
            as_of = day_in(day) or parts.clock.now().date()
            await knowledge.propose(
                principal.subject, question, answer, as_of, links=links, inquiry=folder.case.id
            )
        except BadInput as error:
            context = {"question": question, "answer": answer, "links": links, "as_of": day}
            errors = {"answer": error.detail}
            return Page(
                "knowledge/propose.html", {"case": folder.case, "errors": errors, **context}, status_code=400
            )
        return see_other(LIST)

    @post("/{key:str}")
    async def decide(
        self,
        request: AnyRequest,
        key: FromPath[str],
        knowledge: NamedDependency[KnowledgeBase],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        sent = await fields(request)
        await knowledge.decide(key, principal.subject, publish=sent.get("action") == "publish")
        return see_other(LIST)
