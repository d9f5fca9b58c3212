"""Takes a question: answers it, charges for it, keeps both."""

import time
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.assistant.answers.port import Answerer, Earlier, Turn
from ahead.assistant.answers.schemas import Answer, Asked
from ahead.assistant.answers.stream import Answering
from ahead.assistant.events import METRIC, answer_given, question_asked
from ahead.assistant.lookups.service import Lookup
from ahead.assistant.models import ALLOWANCE, GUESTS, OUTBOX, TURNS
from ahead.assistant.settings import Settings
from ahead.shared.auth.guests import admit_guest
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock, period_of
from ahead.shared.db import outbox
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, Forbidden, NotFound, Unauthenticated
from ahead.shared.ids import uuid7
from ahead.shared.metering import allowance as allowances
from ahead.shared.phi.masking import mask

ANSWER = "assistant:answer"
MOST_CHARACTERS = 4_000


def checked(asked: Asked) -> Asked:
    """Raises BadInput for no question, and for one that is too long."""
    if not asked.question.strip():
        raise BadInput("Write a question first.")
    if len(asked.question) > MOST_CHARACTERS:
        raise BadInput(f"A question may have {MOST_CHARACTERS:,} characters. Please shorten yours.")
    return asked


class Answers:
    """All there is about questions. A service that has the scope answers for somebody and is not charged."""

    def __init__(
        self, database: Database, settings: Settings, lookup: Lookup, answerer: Answerer, clock: Clock
    ) -> None:
        self._database = database
        self._settings = settings
        self._lookup = lookup
        self._answerer = answerer
        self._clock = clock

    async def ask(self, principal: Principal, asked: Asked, network: str) -> Answer:
        """Raises Unauthenticated, NotFound (another's conversation), Forbidden (nothing left)."""
        if principal.kind == "anonymous" or (principal.kind == "service" and not principal.has_scope(ANSWER)):
            raise Unauthenticated("CasePilot needs a visitor that it can count questions for.")
        started, now = time.monotonic(), self._clock.now()
        question = mask(asked.question).text
        as_of = asked.as_of or now.date()
        before = await self._before(principal, asked.conversation)
        await self._check(principal, now)
        id_, conversation = uuid7(), asked.conversation or uuid7()
        turn = Turn(principal, question, as_of, asked.context, before, self._lookup)
        answering = Answering(id_, conversation, self._answerer, turn)
        async for _ in answering.events():
            pass
        answer = answering.answer
        if answer.status == "unavailable":
            return answer
        async with self._database.write() as session:
            await self._charge(session, principal, id_, now, network)
            given = answer_given(
                principal,
                id_,
                now,
                answerer=answer.answerer,
                status=answer.status,
                tools=sorted(set(answering.tools)),
                latency_ms=round((time.monotonic() - started) * 1000),
                withheld=answer.withheld,
            )
            await outbox.record(session, OUTBOX, given, clock=self._clock)
            await self._keep(session, principal, question, as_of, answer, now)
        return answer

    async def turns(self, principal: Principal, conversation: str) -> Sequence[dict[str, Any]]:
        """The questions and answers of one's own conversation. Raises NotFound."""
        rows = await self._rows(principal, conversation)
        return [
            {
                "question": row.question,
                "as_of": row.as_of,
                "asked_at": row.asked_at,
                "answer": msgspec.json.decode(row.answer),
            }
            for row in rows
        ]

    async def forget(self, principal: Principal, conversation: str) -> None:
        """Raises NotFound."""
        await self._rows(principal, conversation)
        async with self._database.write() as session:
            await session.execute(delete(TURNS).where(*self._own(principal, conversation)))

    def _own(self, principal: Principal, conversation: str) -> tuple[Any, ...]:
        return (TURNS.c.conversation == conversation, TURNS.c.subject == principal.subject)

    async def _rows(self, principal: Principal, conversation: str) -> Sequence[Any]:
        query = select(TURNS).where(*self._own(principal, conversation)).order_by(TURNS.c.asked_at)
        async with self._database.read() as session:
            rows = (await session.execute(query)).all() if principal.kind != "anonymous" else []
        if not rows:
            raise NotFound("There is no such conversation of yours.")
        return rows

    async def _before(self, principal: Principal, conversation: str | None) -> list[Earlier]:
        if conversation is None:
            return []
        rows = await self._rows(principal, conversation)
        return [
            Earlier(row.question, row.as_of, msgspec.json.decode(row.answer, type=Answer)) for row in rows
        ]

    async def _check(self, principal: Principal, now: datetime) -> None:
        """Refuses before any work is done; the charge decides."""
        limit = self._settings.questions_allowed(principal.plan)
        if principal.kind == "service" or limit is None:
            return
        async with self._database.quick() as session:
            used = await allowances.used(session, ALLOWANCE, METRIC, principal.subject, period_of(now))
        if used >= limit:
            raise _exhausted(principal)

    async def _charge(
        self, session: AsyncSession, principal: Principal, thing: str, now: datetime, network: str
    ) -> None:
        if principal.kind != "service":
            cap = self._settings.shared.guests_per_network_per_day
            if not await admit_guest(session, GUESTS, principal, network, now, cap):
                raise Forbidden(
                    "The number of new guests from your network is used up for today.",
                    slug="guest-limit-of-network",
                    hint="Register a free account: it doesn't depend on your network.",
                )
            taken = await allowances.take(
                session,
                ALLOWANCE,
                metric=METRIC,
                principal=principal.subject,
                thing=thing,
                period=period_of(now),
                limit=self._settings.questions_allowed(principal.plan),
                at=now,
            )
            if taken.outcome == "denied":
                raise _exhausted(principal)
        await outbox.record(session, OUTBOX, question_asked(principal, thing, now), clock=self._clock)

    async def _keep(
        self,
        session: AsyncSession,
        principal: Principal,
        question: str,
        as_of: date,
        answer: Answer,
        now: datetime,
    ) -> None:
        await session.execute(
            insert(TURNS).values(
                id=answer.id,
                conversation=answer.conversation,
                subject=principal.subject,
                question=question,
                as_of=as_of,
                answer=msgspec.json.encode(answer).decode(),
                asked_at=now,
            )
        )


def _exhausted(principal: Principal) -> Forbidden:
    guest = principal.plan == "guest"
    return Forbidden(
        "You have asked all your questions of this month.",
        slug="allowance-exhausted",
        hint="Register a free account to ask more questions."
        if guest
        else "The count starts again next month.",
    )
