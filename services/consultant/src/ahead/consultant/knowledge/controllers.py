"""The knowledge base as JSON."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.consultant.knowledge.service import KnowledgeBase
from ahead.shared.web.hostile_input import clean_text


class OneAnswer(msgspec.Struct):
    """A published answer of an expert. `as_of`: the date of service it was given for."""

    id: str
    question: str
    answer: str
    links: list[str]
    as_of: date
    url: str
    score: float


class Answers(msgspec.Struct):
    query: str
    hits: list[OneAnswer]


class KnowledgeController(Controller):
    """Published answers are public: whoever may cite them may read them."""

    path = "/api/consultant/v1/knowledge"
    tags = ("Knowledge",)

    @get("/", summary="Published, de-identified answers of experts")
    async def search(
        self,
        knowledge: NamedDependency[KnowledgeBase],
        q: Annotated[str, QueryParameter(max_length=500)],
        limit: Annotated[int, QueryParameter(ge=1, le=20)] = 5,
    ) -> Answers:
        words = clean_text(q, what="The question", max_length=500)
        hits = await knowledge.search(words, limit)
        return Answers(
            words,
            [
                OneAnswer(one.id, one.question, one.answer, list(one.links), one.as_of, one.url, one.score)
                for one in hits
            ],
        )
