"""``/consultant/desk``: for experts only."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ahead.consultant.desk.service import Desk
from ahead.consultant.handlers import AnyRequest, fields, see_other
from ahead.shared.auth.guards import requires_role
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page


class DeskPages(Controller):
    include_in_schema = False
    path = "/consultant/desk"
    guards = (requires_role("expert"),)

    @get("/")
    async def waiting(self, desk: NamedDependency[Desk]) -> Page:
        return Page("desk/waiting.html", {"threads": await desk.waiting()})

    @get("/{inquiry_id:str}")
    async def one(self, inquiry_id: FromPath[str], desk: NamedDependency[Desk]) -> Page:
        return Page("desk/thread.html", {"thread": await desk.thread(inquiry_id)})

    @post("/{inquiry_id:str}")
    async def answer(
        self, request: AnyRequest, inquiry_id: FromPath[str], desk: NamedDependency[Desk]
    ) -> Response[Any]:
        sent = await fields(request)
        if not sent.get("seen", "").isdecimal():
            raise BadInput("Open the thread again and send your answer from there.")
        await desk.answer(inquiry_id, sent.get("text", ""), int(sent["seen"][:6]))
        return see_other("/consultant/desk")
