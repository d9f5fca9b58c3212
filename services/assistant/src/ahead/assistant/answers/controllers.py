"""Questions as JSON, and as a stream of events."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from ahead.assistant.answers.handlers import ASK_LIMITS, AnyRequest
from ahead.assistant.answers.port import Step
from ahead.assistant.answers.running import Run
from ahead.assistant.answers.schemas import Answer, Asked, Citation
from ahead.assistant.answers.service import Answers, checked
from ahead.shared.auth.middleware import network_bucket_of
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.web.rate_limit import RATE_LIMIT

STREAM = "text/event-stream"
ANSWERED = {200: ResponseSpec(Answer, generate_examples=False, description="The answer, or its events")}


class AnswerController(Controller):
    """403 ``allowance-exhausted`` when no question is left this month; another's conversation is a 404.

    With ``Accept: text/event-stream`` the answer comes as events: ``step`` (`tool`, `label`), ``citation`` before the
    first sentence that needs it, ``sentence``, and ``done`` with the whole answer. It goes on where the reader leaves.
    """

    path = "/api/assistant/v1/answers"
    tags = ("answers",)

    @post("/", status_code=200, summary="Ask a question", responses=ANSWERED, opt={RATE_LIMIT: ASK_LIMITS})
    async def ask(
        self,
        request: AnyRequest,
        answers: NamedDependency[Answers],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
        data: JSONBody[Asked],
    ) -> Response[Any]:
        run = await answers.start(principal, checked(data), network_bucket_of(request, clock.now()))
        return await answer_to(request, run)

    @get(
        "/{answer:str}",
        summary="An answer of yours, or the events of one that is being made",
        responses=ANSWERED,
    )
    async def one(
        self,
        request: AnyRequest,
        answers: NamedDependency[Answers],
        principal: NamedDependency[Principal],
        answer: FromPath[str],
    ) -> Response[Any]:
        run, row = await answers.run_of(principal, answer)
        if run is not None and wants_stream(request):
            return await answer_to(request, run)
        if row.state == "working":
            return Response({"id": row.id, "state": row.state}, status_code=202)
        return Response(row.answer.encode(), media_type="application/json")

    @post(
        "/{answer:str}/retry",
        status_code=200,
        summary="Answer a question again, in its place",
        responses=ANSWERED,
        opt={RATE_LIMIT: ASK_LIMITS},
    )
    async def retry(
        self,
        request: AnyRequest,
        answers: NamedDependency[Answers],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
        answer: FromPath[str],
    ) -> Response[Any]:
        run = await answers.retry(principal, answer, network_bucket_of(request, clock.now()))
        return await answer_to(request, run)

    @post("/{answer:str}/stop", status_code=204, summary="Stop an answer; what was said stays")
    async def stop(
        self,
        answers: NamedDependency[Answers],
        principal: NamedDependency[Principal],
        answer: FromPath[str],
    ) -> None:
        await answers.stop(principal, answer)


def wants_stream(request: AnyRequest) -> bool:
    return STREAM in request.headers.get("accept", "")


async def answer_to(request: AnyRequest, run: Run) -> Response[Any]:
    """Its events as they come, or the whole answer once it is there."""
    headers = {"Ahead-Answer": run.id, "Ahead-Conversation": run.conversation}
    if wants_stream(request):
        return ServerSentEvent(_events(run), headers=headers, status_code=200)
    return Response(await run.finished(), headers=headers, status_code=200)


async def _events(run: Run) -> AsyncIterator[ServerSentEventMessage]:
    async for event in run.follow():
        kind = (
            "step" if isinstance(event, Step) else "citation" if isinstance(event, Citation) else "sentence"
        )
        yield ServerSentEventMessage(data=msgspec.json.encode(event), event=kind)
    yield ServerSentEventMessage(data=msgspec.json.encode(run.answer), event="done")
