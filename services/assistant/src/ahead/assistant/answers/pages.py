"""`/casepilot`: a form and its answer; works without scripts."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body

from ahead.assistant.answers.schemas import Asked
from ahead.assistant.answers.service import Answers, checked
from ahead.shared.auth.middleware import network_bucket_of
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

AnyRequest = Request[Any, Any, Any]


class QuestionForm(msgspec.Struct, frozen=True):
    question: str = ""
    as_of: str = ""
    conversation: str = ""


Form = Annotated[QuestionForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


class AnswerPages(Controller):
    path = "/casepilot"
    include_in_schema = False

    @get("/")
    async def page(self) -> Page:
        return Page("answers/casepilot.html", {"question": "", "as_of": "", "answer": None})

    @post("/", status_code=200)
    async def ask(
        self,
        request: AnyRequest,
        answers: NamedDependency[Answers],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
        data: Form,
    ) -> Page:
        try:
            as_of = date.fromisoformat(data.as_of) if data.as_of else None
        except ValueError:
            raise BadInput("Write the date of service as 2026-01-31.") from None
        asked = checked(Asked(data.question, as_of, conversation=data.conversation or None))
        answer = await answers.ask(principal, asked, network_bucket_of(request, clock.now()))
        context = {"question": data.question, "as_of": data.as_of, "answer": answer}
        return Page("answers/casepilot.html", context)
