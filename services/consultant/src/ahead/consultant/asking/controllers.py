"""Inquiries as JSON."""

from datetime import date, datetime
from typing import Any

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ahead.consultant.asking.service import INQUIRE, Asking, Said
from ahead.consultant.parts import Parts
from ahead.shared.auth.guards import requires_account_or_scope
from ahead.shared.auth.principal import Principal
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit


class NewInquiry(msgspec.Struct, forbid_unknown_fields=True):
    """`as_of`: the date of service. `conversation` and `evidence` (an answer, or its citations): CasePilot's; with one
    of them the inquiry goes to the experts at once."""

    text: str
    subject: str = ""
    as_of: date | None = None
    conversation: str | None = None
    evidence: dict[str, Any] | list[dict[str, Any]] | None = None


class Taken(msgspec.Struct):
    id: str
    url: str
    status: str


class OneCitation(msgspec.Struct, rename={"window_from": "from", "window_to": "to"}):
    n: int
    source: str
    release: str
    row: int
    window_from: str
    window_to: str | None
    quote: str
    url: str


class OneMessage(msgspec.Struct, rename={"author": "from"}):
    author: str
    at: datetime
    text: str
    citations: list[OneCitation]


class OneInquiry(msgspec.Struct):
    id: str
    url: str
    status: str
    messages: list[OneMessage]


class InquiriesController(Controller):
    path = "/api/consultant/v1/inquiries"
    guards = (requires_account_or_scope(INQUIRE),)
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
        inquiry = await asking.ask(
            principal,
            data.subject,
            data.text,
            origin="api",
            as_of=data.as_of,
            conversation=data.conversation or "",
            evidence=data.evidence,
        )
        return Taken(inquiry.id, _url(parts, inquiry.id), inquiry.state)

    @get("/{inquiry_id:str}", summary="An inquiry with its messages")
    async def one(
        self,
        inquiry_id: FromPath[str],
        asking: NamedDependency[Asking],
        principal: NamedDependency[Principal],
        parts: NamedDependency[Parts],
    ) -> OneInquiry:
        thread = await asking.get_inquiry_for(principal, inquiry_id)
        messages = [OneMessage(said.author, said.at, said.text, _citations(said)) for said in thread.said]
        return OneInquiry(thread.id, _url(parts, thread.id), thread.state, messages)


def _citations(said: Said) -> list[OneCitation]:
    return [
        OneCitation(
            one.n,
            one.source,
            one.release,
            one.row,
            one.window_from,
            one.window_to or None,
            one.quote,
            one.url,
        )
        for one in (said.reply.sources if said.reply else ())
    ]


def _url(parts: Parts, inquiry: str) -> str:
    return f"{parts.settings.shared.public_url.rstrip('/')}/consultant/inquiries/{inquiry}"
