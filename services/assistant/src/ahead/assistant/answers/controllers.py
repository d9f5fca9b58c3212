"""Questions as JSON."""

from typing import Any

from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ahead.assistant.answers.schemas import Answer, Asked
from ahead.assistant.answers.service import Answers, checked
from ahead.shared.auth.middleware import network_bucket_of
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock

AnyRequest = Request[Any, Any, Any]


class AnswerController(Controller):
    """403 ``allowance-exhausted`` when no question is left this month; another's conversation is a 404."""

    path = "/api/assistant/v1"
    tags = ("answers",)

    @post("/answers", status_code=200, summary="Ask a question")
    async def ask(
        self,
        request: AnyRequest,
        answers: NamedDependency[Answers],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
        data: JSONBody[Asked],
    ) -> Answer:
        return await answers.ask(principal, checked(data), network_bucket_of(request, clock.now()))

    @get("/conversations/{conversation:str}", summary="One of your conversations")
    async def conversation(
        self,
        answers: NamedDependency[Answers],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
    ) -> dict[str, Any]:
        return {"id": conversation, "turns": await answers.turns(principal, conversation)}

    @delete("/conversations/{conversation:str}", summary="Delete one of your conversations")
    async def forget(
        self,
        answers: NamedDependency[Answers],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
    ) -> None:
        await answers.forget(principal, conversation)
