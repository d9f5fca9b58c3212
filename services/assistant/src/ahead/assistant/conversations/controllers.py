"""Conversations as JSON."""

from typing import Any

import msgspec
from litestar import Controller, Response, delete, get, patch, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from ahead.assistant.answers.handlers import as_file
from ahead.assistant.answers.service import told
from ahead.assistant.conversations.exports import markdown
from ahead.assistant.conversations.service import Conversations
from ahead.shared.auth.principal import Principal


class Renamed(msgspec.Struct, frozen=True):
    title: str


class Rated(msgspec.Struct, frozen=True):
    """`reason`, for "down": wrong, incomplete, off, source, unclear, other. `note`: identifiers in it are masked."""

    rating: str
    reason: str = ""
    note: str = ""


class ConversationController(Controller):
    """Another's conversation is a 404."""

    path = "/api/assistant/v1"
    tags = ("conversations",)

    @get("/conversations", summary="Your conversations, the latest first")
    async def listed(
        self,
        conversations: NamedDependency[Conversations],
        principal: NamedDependency[Principal],
        q: FromQuery[str] = "",
    ) -> dict[str, Any]:
        rows = await conversations.listed(principal, q)
        return {
            "conversations": [
                {"id": row.id, "title": row.title, "updated_at": row.updated_at} for row in rows
            ]
        }

    @get("/conversations/{conversation:str}", summary="One of your conversations")
    async def one(
        self,
        conversations: NamedDependency[Conversations],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
    ) -> dict[str, Any]:
        row, turns = await conversations.one(principal, conversation)
        return {"id": row.id, "title": row.title, "inquiry": row.inquiry or None, "turns": told(turns)}

    @get(
        "/conversations/{conversation:str}/export",
        summary="One of your conversations as Markdown",
        media_type="text/markdown",
    )
    async def export(
        self,
        conversations: NamedDependency[Conversations],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
    ) -> Response[str]:
        row, turns = await conversations.one(principal, conversation)
        return as_file(markdown(row, turns), "text/markdown", "casepilot.md")

    @patch("/conversations/{conversation:str}", summary="Rename one of your conversations")
    async def rename(
        self,
        conversations: NamedDependency[Conversations],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
        data: JSONBody[Renamed],
    ) -> Renamed:
        return Renamed(await conversations.rename(principal, conversation, data.title))

    @delete("/conversations/{conversation:str}", summary="Delete one of your conversations")
    async def forget(
        self,
        conversations: NamedDependency[Conversations],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
    ) -> None:
        await conversations.forget(principal, conversation)

    @put("/answers/{answer:str}/rating", status_code=204, summary="Say what you think of an answer")
    async def rate(
        self,
        conversations: NamedDependency[Conversations],
        principal: NamedDependency[Principal],
        answer: FromPath[str],
        data: JSONBody[Rated],
    ) -> None:
        await conversations.rate(principal, answer, data.rating, data.reason, data.note)
