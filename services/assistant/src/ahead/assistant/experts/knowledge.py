"""What CaseConsultant's coders have answered before, approved and published: cited after what the sources say."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx

from ahead.assistant.answers.port import Answerer, Claim, Piece, Source, Step, Turn, Verdict
from ahead.assistant.settings import SERVICE, Settings
from ahead.shared.auth.principal import Principal
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.errors import Unavailable

PEER, SCOPE = "consultant", "consultant:inquire"
NAME = "coders"
SECONDS = 2.0
MOST_OF_A_QUESTION = 500
# The rest of a longer answer is read where it is published.
MOST_SENTENCES, MOST_OF_A_QUOTE = 8, 2_000
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“\"])|\n+")

Json = dict[str, Any]


class Knowledge:
    """CaseConsultant's knowledge base. What can't be asked isn't cited: no answer waits for it or fails with it."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = ServiceClient(
            settings.shared, SERVICE, settings.service_key, [SCOPE], timeout=SECONDS, transport=transport
        )

    @property
    def installed(self) -> bool:
        return self._client.installed(PEER)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def best(self, principal: Principal, question: str) -> Json | None:
        """The published answer that fits best, as CaseConsultant judges; None where none does, or it is away."""
        params = {"q": " ".join(question.split())[:MOST_OF_A_QUESTION], "limit": 1}
        path = "/api/consultant/v1/knowledge"
        try:
            response = await self._client.request("GET", PEER, path, on_behalf_of=principal, params=params)
        except Unavailable:
            return None
        hits: list[Json] = response.json()["hits"] if response.status_code == 200 else []
        return hits[0] if hits else None


class WithCoders:
    """An answerer, and after it the coders' answer to a like question, where there is one."""

    def __init__(self, inner: Answerer, knowledge: Knowledge) -> None:
        self._inner, self._knowledge = inner, knowledge

    @property
    def name(self) -> str:
        return self._inner.name

    async def answer(self, turn: Turn) -> AsyncIterator[Piece]:
        """Raises Unavailable where Case2Code doesn't answer."""
        asked = asyncio.ensure_future(self._knowledge.best(turn.principal, turn.question))
        claims, verdict = 0, Verdict("answered")
        try:
            async for piece in self._inner.answer(turn):
                claims += isinstance(piece, Claim)
                if isinstance(piece, Verdict):
                    verdict = piece
                else:
                    yield piece
            hit = await asked
        finally:
            asked.cancel()
            with suppress(asyncio.CancelledError):
                await asked
        if hit is not None:
            yield Step(NAME, "Reading what coders have answered before")
            for claim in told(turn.record.add(NAME, hit)):
                yield claim
            # Before, nothing was found; what a coder has said is something.
            verdict = verdict if claims else Verdict("partly")
        yield verdict


def told(hit: Json) -> list[Claim]:
    """The answer sentence by sentence, the first with the question and the day that it was given for."""
    answer, as_of = hit["answer"].strip(), hit["as_of"]
    receipt = {
        "file_name": "CaseConsultant’s knowledge base",
        "release": f"approved answer for {as_of}",
        "sha256": hashlib.sha256(answer.encode()).hexdigest(),
        "row": 1,
        "window_from": as_of,
        "window_to": None,
    }
    source = Source(
        receipt, f"{hit['question'].strip()} {answer}"[:MOST_OF_A_QUOTE], f"/consultant/knowledge/{hit['id']}"
    )
    said = [one.strip() for one in _SENTENCE.split(answer) if one.strip()][:MOST_SENTENCES]
    first = f"A coder has answered a like question, for {as_of} as the date of service: {said[0]}"
    return [Claim(text, (source,)) for text in (first, *said[1:])]
