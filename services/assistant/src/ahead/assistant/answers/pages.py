"""`/casepilot`: asking, and the conversation it belongs to. Works without scripts, as plain forms."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery

from ahead.assistant.answers.handlers import ASK_LIMITS, AnyRequest, see_other
from ahead.assistant.answers.schemas import Asked, Context
from ahead.assistant.answers.service import Answers, checked
from ahead.assistant.answers.showing import SYSTEMS, TOPICS, all_shown, topic_of
from ahead.assistant.conversations.exports import DISCLAIMER
from ahead.assistant.conversations.service import REASONS, Conversations
from ahead.assistant.experts.service import Experts
from ahead.shared.auth.middleware import network_bucket_of
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.errors import BadInput, NotFound, Problem
from ahead.shared.web.rate_limit import RATE_LIMIT
from ahead.shared.web.templating import Page


class QuestionForm(msgspec.Struct, frozen=True):
    question: str = ""
    as_of: str = ""
    conversation: str = ""
    system: str = ""
    code: str = ""


Form = Annotated[QuestionForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


@dataclass(frozen=True)
class Desk:
    """What the pages are made of. One dependency: several would each be resolved as a task of its own."""

    answers: Answers
    conversations: Conversations
    experts: Experts
    clock: Clock


class AnswerPages(Controller):
    path = "/casepilot"
    include_in_schema = False

    @get("/")
    async def home(
        self,
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        q: FromQuery[str] = "",
        as_of: FromQuery[str] = "",
        system: FromQuery[str] = "",
        code: FromQuery[str] = "",
        topic: FromQuery[str] = "",
    ) -> Page:
        form = QuestionForm(q[:4000], as_of, "", system, code)
        return await casepilot_page(desk, principal, form=form, topic=topic)

    @get("/c/{conversation:str}")
    async def conversation(
        self,
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
    ) -> Page:
        return await casepilot_page(desk, principal, form=QuestionForm(conversation=conversation))

    @post("/", status_code=200, opt={RATE_LIMIT: ASK_LIMITS})
    async def ask(
        self,
        request: AnyRequest,
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        data: Form,
    ) -> Page | Response[bytes]:
        try:
            try:
                as_of = date.fromisoformat(data.as_of) if data.as_of else None
            except ValueError:
                raise BadInput("Write the date of service as 2026-01-31.") from None
            context = Context(data.system, data.code) if data.code and data.system in SYSTEMS else None
            asked = checked(Asked(data.question, as_of, context, data.conversation or None))
            network = network_bucket_of(request, desk.clock.now())
            run = await desk.answers.start(principal, asked, network)
        except NotFound:
            raise
        except Problem as problem:
            return await casepilot_page(desk, principal, form=data, problem=problem)
        await run.finished()
        return see_other(run.conversation, run.id)

    @post("/a/{answer:str}/retry", status_code=200, opt={RATE_LIMIT: ASK_LIMITS})
    async def retry(
        self,
        request: AnyRequest,
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        answer: FromPath[str],
    ) -> Response[bytes]:
        run = await desk.answers.retry(principal, answer, network_bucket_of(request, desk.clock.now()))
        await run.finished()
        return see_other(run.conversation, run.id)

    @post("/a/{answer:str}/stop", status_code=200)
    async def stop(
        self, desk: NamedDependency[Desk], principal: NamedDependency[Principal], answer: FromPath[str]
    ) -> Response[bytes]:
        run, row = await desk.answers.run_of(principal, answer)
        if run is not None:
            run.stop()
            await run.finished()
        return see_other(row.conversation, row.id)


async def casepilot_page(
    desk: Desk,
    principal: Principal,
    *,
    form: QuestionForm,
    topic: str = "",
    problem: Problem | None = None,
) -> Page:
    """The conversation where the form names one, and the form to ask in it. Raises NotFound."""
    conversation, turns = None, []
    if form.conversation:
        conversation, rows = await desk.conversations.one(principal, form.conversation)
        turns = all_shown(rows)
    return Page(
        "answers/casepilot.html",
        {
            "conversation": conversation,
            "turns": turns,
            "form": form,
            "system_name": SYSTEMS.get(form.system, "") if form.code else "",
            "topics": TOPICS,
            "topic": topic_of(topic),
            "problem": problem,
            "conversations": await desk.conversations.listed(principal),
            "today": desk.clock.now().date(),
            "reasons": REASONS,
            "disclaimer": DISCLAIMER,
            "experts": desk.experts.installed,
        },
        status_code=problem.status if problem else 200,
    )
