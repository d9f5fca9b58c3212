"""Inquiries as JSON."""

from datetime import datetime

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ahead.consultant.asking.service import Asking
from ahead.consultant.parts import Parts
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit


class NewInquiry(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    subject: str = ""


class Taken(msgspec.Struct):
    id: str
    url: str
    status: str


class OneMessage(msgspec.Struct, rename={"author": "from"}):
    author: str
    at: datetime
    text: str


class OneInquiry(msgspec.Struct):
    id: str
    url: str
    status: str
    messages: list[OneMessage]


class InquiriesController(Controller):
    path = "/api/consultant/v1/inquiries"
    guards = (requires_account,)
    tags = ("Inquiries",)

    @post(
        "/",
        status_code=202,
        summary="Ask; the answer comes to the inquiry",
        opt={RATE_LIMIT: RateLimit("consultant-ask", per_minute=6, burst=10)},
    )
    async def ask(
        self,
        data: JSONBody[NewInquiry],
        asking: NamedDependency[Asking],
        principal: NamedDependency[Principal],
        parts: NamedDependency[Parts],
    ) -> Taken:
        inquiry = await asking.ask(principal, data.subject, data.text)
        return Taken(inquiry, _url(parts, inquiry), "received")

    @get("/{inquiry_id:str}", summary="An inquiry with its messages")
    async def one(
        self,
        inquiry_id: FromPath[str],
        asking: NamedDependency[Asking],
        principal: NamedDependency[Principal],
        parts: NamedDependency[Parts],
    ) -> OneInquiry:
        thread = await asking.get_inquiry_for(principal, inquiry_id)
        messages = [OneMessage(said.author, said.at, said.text) for said in thread.said]
        return OneInquiry(thread.id, _url(parts, thread.id), thread.state, messages)


def _url(parts: Parts, inquiry: str) -> str:
    return f"{parts.settings.shared.public_url.rstrip('/')}/consultant/inquiries/{inquiry}"
