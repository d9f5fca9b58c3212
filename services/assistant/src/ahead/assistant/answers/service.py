"""Takes a question: charges for it, answers it, keeps both. An answer that fails costs nothing."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.assistant.answers import repository
from ahead.assistant.answers.keeping import give_back
from ahead.assistant.answers.port import Answerer, Earlier, Turn
from ahead.assistant.answers.running import Run, Running
from ahead.assistant.answers.schemas import Answer, Asked, Context
from ahead.assistant.answers.stream import BROKEN, Answering
from ahead.assistant.events import METRIC, answer_given, question_asked
from ahead.assistant.lookups.service import Lookup
from ahead.assistant.models import ALLOWANCE, GUESTS, OUTBOX
from ahead.assistant.settings import Settings
from ahead.shared.auth.guests import admit_guest
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock, next_month, period_of
from ahead.shared.db import outbox
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, Conflict, Forbidden, Unauthenticated
from ahead.shared.ids import uuid7
from ahead.shared.logging import get_logger
from ahead.shared.metering import allowance as allowances
from ahead.shared.phi.masking import mask
from ahead.shared.web.allowance import QUESTIONS, Allowance
from ahead.shared.web.hostile_input import check_text

log = get_logger(__name__)

ANSWER = "assistant:answer"
MOST_CHARACTERS = 4_000
MOST_OF_A_TITLE = 90


def checked(asked: Asked) -> Asked:
    """Raises BadInput for no question, and for one that is too long."""
    check_text(asked.question, "The question")
    if not asked.question.strip():
        raise BadInput("Write a question first.")
    if len(asked.question) > MOST_CHARACTERS:
        raise BadInput(f"A question may have {MOST_CHARACTERS:,} characters. Please shorten yours.")
    return asked


def title_of(question: str) -> str:
    words = " ".join(question.split())
    return words if len(words) <= MOST_OF_A_TITLE else words[: MOST_OF_A_TITLE - 1].rstrip() + "…"


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
        self._running = Running(settings.answers_at_once)

    async def ask(self, principal: Principal, asked: Asked, network: str) -> Answer:
        """`start`, and the whole answer."""
        return await (await self.start(principal, asked, network)).finished()

    async def start(self, principal: Principal, asked: Asked, network: str) -> Run:
        """Charges and begins. Raises Unauthenticated, NotFound (another's conversation), Forbidden (nothing left)."""
        _may_ask(principal)
        now, question = self._clock.now(), mask(asked.question.strip()).text
        run = Run(uuid7(), asked.conversation or uuid7())
        as_of, context = asked.as_of or now.date(), asked.context

        async def begin(session: AsyncSession) -> tuple[list[Earlier], str]:
            history: list[Earlier] = []
            if asked.conversation:
                await repository.get_conversation_for(session, principal, run.conversation)
                history = repository.history_of(await repository.turns_of(session, run.conversation))
                await repository.change_conversation(session, run.conversation, updated_at=now)
            else:
                title = title_of(question)
                await repository.add_conversation(session, principal, run.conversation, title, now)
            charged = await self._charge(session, principal, run.id, now, network)
            await repository.add_turn(
                session,
                id=run.id,
                conversation=run.conversation,
                subject=principal.subject,
                question=question,
                as_of=as_of,
                system=context.system[:20] if context else "",
                code=context.code[:20] if context else "",
                charged=charged,
                asked_at=now,
                begun_at=now,
            )
            return history, charged

        history, charged = await self._database.transact(begin)
        turn = Turn(principal, question, as_of, context, history, self._lookup)
        self._begin(run, turn, charged, attempt=1)
        return run

    async def retry(self, principal: Principal, id_: str, network: str) -> Run:
        """Answers a question again, in its place. It costs nothing where it was paid for in this month.

        Raises NotFound, Conflict (it is being answered), Forbidden (nothing left).
        """
        _may_ask(principal)
        now = self._clock.now()

        async def begin(session: AsyncSession) -> tuple[Any, list[Earlier], str]:
            row = await repository.get_turn_for(session, principal, id_)
            if row.state == "working":
                raise Conflict("This question is being answered.")
            history = repository.history_of(await repository.turns_of(session, row.conversation), id_)
            charged = await self._charge(session, principal, id_, now, network)
            await repository.change_turn(
                session,
                id_,
                state="working",
                attempt=row.attempt + 1,
                charged=charged or row.charged,
                begun_at=now,
            )
            return row, history, charged

        row, history, charged = await self._database.transact(begin)
        context = Context(row.system, row.code) if row.code else None
        run = Run(id_, row.conversation)
        turn = Turn(principal, row.question, row.as_of, context, history, self._lookup)
        self._begin(run, turn, charged, attempt=row.attempt + 1)
        return run

    def _begin(self, run: Run, turn: Turn, charged: str, attempt: int) -> None:
        async def work(run: Run) -> None:
            await self._make(run, turn, charged, attempt)

        self._running.start(run, work)

    async def _make(self, run: Run, turn: Turn, charged: str, attempt: int) -> None:
        started = time.monotonic()
        answering = Answering(run.id, run.conversation, self._answerer, turn)

        async def collect() -> None:
            async for event in answering.events():
                run.push(event)

        async with self._running.slots:
            try:
                cut = await run.make(collect(), self._settings.answer_seconds)
                if cut:
                    run.push(answering.end(cut, failed=False))
            except Exception as error:
                log.exception("answer.failed", answer=run.id, error=type(error).__name__)
                run.push(answering.end(BROKEN, failed=True))
        answer = answering.answer
        latency_ms = round((time.monotonic() - started) * 1000)
        try:
            await self._keep(turn.principal, answer, answering.tools, charged, attempt, latency_ms)
        except Exception as error:  # the sweep gives the question back
            log.exception("answer.not_kept", answer=run.id, error=type(error).__name__)
        run.finish(answer)

    async def _keep(
        self,
        principal: Principal,
        answer: Answer,
        tools: list[str],
        charged: str,
        attempt: int,
        latency_ms: int,
    ) -> None:
        now, failed = self._clock.now(), answer.status == "unavailable"
        text = msgspec.json.encode(answer).decode()
        values: dict[str, Any] = {
            "answer": text,
            "answerer": answer.answerer,
            "status": answer.status,
            "withheld": answer.withheld,
        }
        if failed:
            values["charged"] = ""
        if failed and attempt > 1 and not charged:
            values = {}  # the answer that was paid for stays
        events = (
            question_asked(principal, answer.id, now),
            answer_given(
                principal,
                answer.id,
                now,
                attempt=attempt,
                answerer=answer.answerer,
                status=answer.status,
                tools=sorted(set(tools)),
                latency_ms=latency_ms,
                sentences=len(answer.sentences),
                withheld=answer.withheld,
            ),
        )

        async def keep(session: AsyncSession) -> None:
            kept = await repository.finish_turn(session, answer.id, **values)
            if failed or not kept:
                await give_back(session, principal.subject, answer.id, charged)
                return
            await repository.change_conversation(session, answer.conversation, updated_at=now)
            for event in events:
                await outbox.record(session, OUTBOX, event, clock=self._clock)

        await self._database.transact(keep)

    async def stop(self, principal: Principal, id_: str) -> None:
        """What was said until now stays. Raises NotFound."""
        async with self._database.read() as session:
            await repository.get_turn_for(session, principal, id_)
        run = self._running.get(id_)
        if run is not None:
            run.stop()

    async def run_of(self, principal: Principal, id_: str) -> tuple[Run | None, Any]:
        """The run where this process has it, and the turn as it is kept. Raises NotFound."""
        run = self._running.get(id_)
        async with self._database.read() as session:
            return run, await repository.get_turn_for(session, principal, id_)

    async def allowance(self, principal: Principal) -> Allowance | None:
        """The true state for the header; None for services."""
        if principal.kind == "service":
            return None
        now, used = self._clock.now(), 0
        if principal.kind != "anonymous":
            async with self._database.quick() as session:
                used = await allowances.used(session, ALLOWANCE, METRIC, principal.subject, period_of(now))
        limit = self._settings.questions_allowed(principal.plan)
        more = self._settings.questions_free
        return Allowance(principal.plan, limit, used, unit=QUESTIONS, more=more, renews=next_month(now))

    async def aclose(self) -> None:
        await self._running.drain(self._settings.answer_seconds / 4)

    async def _charge(
        self, session: AsyncSession, principal: Principal, thing: str, now: datetime, network: str
    ) -> str:
        """The period that was charged; "" where nothing had to be."""
        if principal.kind == "service":
            return ""
        cap = self._settings.shared.guests_per_network_per_day
        if not await admit_guest(session, GUESTS, principal, network, now, cap):
            raise Forbidden(
                "The number of new guests from your network is used up for today.",
                slug="guest-limit-of-network",
                hint="Register a free account: it doesn't depend on your network.",
            )
        period = period_of(now)
        taken = await allowances.take(
            session,
            ALLOWANCE,
            metric=METRIC,
            principal=principal.subject,
            thing=thing,
            period=period,
            limit=self._settings.questions_allowed(principal.plan),
            at=now,
            also=[principal.linked_guest] if principal.linked_guest else (),
        )
        if taken.outcome == "denied":
            raise _exhausted(principal)
        return period if taken.outcome == "granted" else ""


def _may_ask(principal: Principal) -> None:
    if principal.kind == "anonymous" or (principal.kind == "service" and not principal.has_scope(ANSWER)):
        raise Unauthenticated("CasePilot needs a visitor that it can count questions for.")


def _exhausted(principal: Principal) -> Forbidden:
    guest = principal.plan == "guest"
    return Forbidden(
        "You have asked all your questions of this month.",
        slug="allowance-exhausted",
        title="No question left this month",
        hint="Register a free account to ask more questions."
        if guest
        else "The count starts again next month.",
    )


def told(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Turns as JSON."""
    return [
        {
            "id": row.id,
            "question": row.question,
            "as_of": row.as_of,
            "asked_at": row.asked_at,
            "state": row.state,
            "rating": row.rating,
            "answer": msgspec.json.decode(row.answer) if row.answer else None,
        }
        for row in rows
    ]
