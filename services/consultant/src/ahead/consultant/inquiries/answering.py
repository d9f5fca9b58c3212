"""Asks the assistant, and answers the thread or hands it to the experts: nobody is left in silence."""

import asyncio
import json
import re
from datetime import timedelta

from msgspec.structs import replace

from ahead.consultant import events
from ahead.consultant.inquiries import repository
from ahead.consultant.inquiries.assistant import Given, ask
from ahead.consultant.inquiries.clarifying import asks_back
from ahead.consultant.inquiries.escalation import escalate
from ahead.consultant.inquiries.questions import MOST_QUESTIONS, Asked, asks_for_human, questions_in
from ahead.consultant.inquiries.steps import record_step, step_id
from ahead.consultant.models import OUTBOX, Entry, Inquiry, Sent
from ahead.consultant.parts import Parts
from ahead.consultant.replies import Part, Reply, Sentence, Source, decode, encode
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.db import outbox
from ahead.shared.tasks.jobs import TryLater

AT_ONCE = 3
AGAIN_AFTER = timedelta(seconds=3)


class Answerer:
    """Does the job ``answer``."""

    def __init__(self, parts: Parts, client: ServiceClient) -> None:
        self._parts = parts
        self._client = client

    async def answer(self, entry: str, inquiry: str) -> None:
        """Raises TryLater while it is worth waiting for the assistant."""
        async with self._parts.database.read() as session:
            thread = await repository.inquiry(session, inquiry)
            if thread is None or await self._done(session, thread, entry):
                return
            entries = await repository.entries(session, inquiry)
        asked = next((one for one in entries if one.id == entry), None)
        if asked is None:
            return
        text = self._whole_question(entries, asked)
        if thread.state == "with_expert" and not re.search(r"[?\d]", text):
            return  # nothing in it that the machine could draft an answer to
        questions = questions_in(text, today=self._parts.clock.now().date())
        given: list[Given] = []
        if why := self._policy(text, len(questions)):
            reply = None
        else:
            given = await self._ask(thread, asked, questions)
            reply, why = self._compose(asked, questions, given)
        async with self._parts.database.write() as session:
            thread = await repository.inquiry(session, inquiry)
            if thread is None or await self._done(session, thread, entry):
                return
            thread.conversation = next(
                (one.conversation for one in reversed(given) if one.conversation), ""
            ) or (thread.conversation)
            await self._conclude(session, thread, asked, reply, why)

    async def _done(self, session: repository.AsyncSession, thread: Inquiry, entry: str) -> bool:
        """Whether this message has its reply, or a coder who has the thread has a draft to start from."""
        if thread.state == "held" or (thread.state == "with_expert" and thread.draft is not None):
            return True
        steps = ["answer"] if thread.state == "with_expert" else ["answer", "handover"]
        said = [await session.get(Sent, step_id(thread.id, f"{step}:{entry}")) for step in steps]
        return any(said)

    def _whole_question(self, entries: list[Entry], asked: Entry) -> str:
        """With the question before it, where this is the reply to a question back, or only asks for a person."""
        text = self._parts.unseal(asked.text)
        if asks_for_human(text) and "?" not in text:
            mine = [one for one in entries[: entries.index(asked)] if one.author == "you"]
            return f"{text}\n\n{self._parts.unseal(mine[-1].text)}" if mine else text
        before = entries[: entries.index(asked)]
        last = next((one for one in reversed(before) if one.author != "you"), None)
        if last is None or last.content is None or not decode(self._parts.unseal(last.content)).asks:
            return text
        earlier = [one for one in before[: before.index(last)] if one.author == "you"]
        return f"{text}\n\n{self._parts.unseal(earlier[-1].text)}" if earlier and "?" not in text else text

    def _policy(self, text: str, questions: int) -> str:
        """Why this is a person's to answer whatever the machine would say; empty where it isn't."""
        lower = text.lower()
        if word := next((word for word in self._parts.settings.words_for_experts if word in lower), ""):
            return f"about “{word}”"
        if questions > MOST_QUESTIONS:
            return f"{questions} questions at once"
        return ""

    async def _ask(self, thread: Inquiry, asked: Entry, questions: list[Asked]) -> list[Given]:
        settings = self._parts.settings
        patient = self._parts.clock.now() - asked.at < timedelta(seconds=settings.assistant_patience_s)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(question: Asked) -> Given:
            async with gate:
                return await ask(
                    self._client,
                    thread.account,
                    question.text,
                    question.as_of or thread.as_of,
                    thread.conversation,
                    site=settings.shared.public_url.rstrip("/"),
                )

        given = await asyncio.gather(*map(one, questions))
        if patient and any(one.away for one in given):
            raise TryLater("the assistant is away", AGAIN_AFTER)
        return given

    def _compose(self, asked: Entry, questions: list[Asked], given: list[Given]) -> tuple[Reply, str]:
        """(the reply, why a coder has to see it, if so)."""
        today = self._parts.clock.now().date()
        sources: list[Source] = []
        made: list[Part] = []
        reasons: list[str] = []
        asked_back: set[str] = set()
        for question, one in zip(questions, given, strict=True):
            one = one.numbered_after(len(sources))
            sources += one.sources
            if one.unsure:
                reasons.append(one.unsure)
            asks = asks_back(question.text, question.as_of is not None, one.codes, one.sources, today)
            asks = tuple(ask for ask in dict.fromkeys([*one.asks, *asks]) if ask not in asked_back)
            asked_back.update(asks)
            made.append(
                Part(
                    question=question.shown,
                    as_of=(question.as_of or today).isoformat(),
                    dated=question.as_of is not None,
                    sentences=one.sentences,
                    codes=one.codes,
                    unsaid=one.unsaid,
                    asks=asks,
                    with_expert=bool(one.unsure),
                )
            )
        reply = Reply(tuple(made), tuple(sources), json.loads(asked.kinds))
        if self._parts.settings.review_all and not reasons:
            reasons.append("every answer is looked at")
        return reply, "; ".join(dict.fromkeys(reasons))

    async def _conclude(
        self, session: repository.AsyncSession, thread: Inquiry, asked: Entry, reply: Reply | None, why: str
    ) -> None:
        if thread.state == "with_expert":
            # A person was asked for: what the machine would say is for the coder, and nothing is mailed.
            if reply is not None and any(part.sentences for part in reply.parts):
                thread.draft = self._parts.seal(encode(reply))
            return
        sure = reply is not None and any(not part.with_expert for part in reply.parts)
        if reply is None or not sure or self._parts.settings.review_all:
            await escalate(self._parts, session, thread, asked, why, tell=True, draft=reply)
            return
        step = f"answer:{asked.id}"
        mailed = _only_what_is_sure(reply)
        await record_step(self._parts, session, thread, step, mailed)
        event = events.about("reply.sent", thread, step, self._parts.clock)
        await outbox.record(session, OUTBOX, event, clock=self._parts.clock)
        if why:
            await escalate(self._parts, session, thread, asked, why, tell=False, draft=reply)
        else:
            thread.state = "answered"


def _only_what_is_sure(reply: Reply) -> Reply:
    """What is not sure stays with the draft: it is not mailed, and sources are numbered without it."""
    parts = [
        Part(part.question, part.as_of, part.dated, with_expert=True) if part.with_expert else part
        for part in reply.parts
    ]
    used = {n for part in parts for one in part.sentences for n in one.notes}
    kept = [one for one in reply.sources if one.n in used]
    number = {one.n: place for place, one in enumerate(kept, 1)}
    return Reply(
        tuple(
            replace(
                part,
                sentences=tuple(
                    Sentence(one.text, tuple(number[n] for n in one.notes)) for one in part.sentences
                ),
            )
            for part in parts
        ),
        tuple(replace(one, n=number[one.n]) for one in kept),
        reply.masked,
    )
