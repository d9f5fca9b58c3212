"""Forms about conversations, and all of them on one page."""

from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery

from ahead.assistant.answers.handlers import as_file, see_other
from ahead.assistant.answers.pages import Desk
from ahead.assistant.answers.service import told
from ahead.assistant.conversations.exports import DISCLAIMER, markdown
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.templating import Page


class TitleForm(msgspec.Struct, frozen=True):
    title: str = ""


class RatingForm(msgspec.Struct, frozen=True):
    rating: str = ""
    reason: str = ""
    note: str = ""


class NoteForm(msgspec.Struct, frozen=True):
    note: str = ""


_FORM = RequestEncodingType.URL_ENCODED


class ConversationPages(Controller):
    path = "/casepilot"
    include_in_schema = False

    @get("/conversations")
    async def listed(
        self, desk: NamedDependency[Desk], principal: NamedDependency[Principal], q: FromQuery[str] = ""
    ) -> Page:
        rows = await desk.conversations.listed(principal, q)
        return Page("conversations/all.html", {"q": q, "conversations": rows})

    @post("/c/{conversation:str}/rename", status_code=200)
    async def rename(
        self,
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
        data: Annotated[TitleForm, Body(media_type=_FORM)],
    ) -> Response[bytes]:
        await desk.conversations.rename(principal, conversation, data.title)
        return see_other(conversation)

    @post("/c/{conversation:str}/delete", status_code=200)
    async def forget(
        self,
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
    ) -> Response[bytes]:
        await desk.conversations.forget(principal, conversation)
        return Response(b"", status_code=303, media_type="text/html", headers={"Location": "/casepilot"})

    @post(
        "/c/{conversation:str}/expert",
        status_code=200,
        guards=[requires_account],
        opt={RATE_LIMIT: RateLimit("ask-expert", per_minute=6, burst=6, by="principal")},
    )
    async def expert(
        self,
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
        data: Annotated[NoteForm, Body(media_type=_FORM)],
    ) -> Response[bytes]:
        await desk.experts.hand_over(principal, conversation, data.note)
        return see_other(conversation)

    @get("/c/{conversation:str}/export.md")
    async def as_markdown(
        self,
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
    ) -> Response[str]:
        row, turns = await desk.conversations.one(principal, conversation)
        return as_file(markdown(row, turns), "text/markdown", "casepilot.md")

    @get("/c/{conversation:str}/export.json")
    async def as_json(
        self,
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
    ) -> Response[str]:
        row, turns = await desk.conversations.one(principal, conversation)
        whole = {"id": row.id, "title": row.title, "turns": told(turns), "note": DISCLAIMER}
        text = msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()
        return as_file(text, "application/json", "casepilot.json")

    @post("/a/{answer:str}/rating", status_code=200)
    async def rate(
        self,
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        answer: FromPath[str],
        data: Annotated[RatingForm, Body(media_type=_FORM)],
    ) -> Response[bytes]:
        conversation = await desk.conversations.rate(
            principal, answer, data.rating, data.reason if data.rating == "down" else "", data.note
        )
        return see_other(conversation, answer)
