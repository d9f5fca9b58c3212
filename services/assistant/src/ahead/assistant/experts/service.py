"""Hands a conversation, and what its answers rest on, to the experts of CaseConsultant."""

from collections.abc import Sequence
from typing import Any

import httpx
import msgspec

from ahead.assistant.answers import repository
from ahead.assistant.conversations.exports import as_lines
from ahead.assistant.models import ALLOWANCE
from ahead.assistant.settings import SERVICE, Settings
from ahead.shared.auth.principal import Principal
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.clock import Clock, period_of
from ahead.shared.db.engine import Database
from ahead.shared.errors import Conflict, Forbidden, Unauthenticated, Unavailable
from ahead.shared.metering import allowance as allowances
from ahead.shared.phi.masking import mask
from ahead.shared.web.hostile_input import clean_text

METRIC = "inquiry.handed"
PEER, SCOPE = "consultant", "consultant:inquire"
MOST_CHARACTERS = 15_000
MOST_OF_A_NOTE = 2_000


class Experts:
    """`installed`: CaseConsultant is there, and accounts, without which nobody can be answered."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._client = ServiceClient(
            settings.shared, SERVICE, settings.service_key, [SCOPE], timeout=10, transport=transport
        )

    @property
    def installed(self) -> bool:
        return self._client.installed(PEER)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def hand_over(self, principal: Principal, conversation: str, note: str = "") -> str:
        """The address of the experts' thread; the same one when it was handed over before.

        It takes an inquiry of the month here, since CaseConsultant takes none from a service.

        Raises:
            Unauthenticated: a guest; the experts answer accounts.
            NotFound: another's conversation.
            Conflict: nothing was answered yet.
            Forbidden: no inquiry is left this month.
            Unavailable: CaseConsultant isn't there; nothing was taken.
        """
        if principal.kind != "account":
            raise Unauthenticated("The experts answer accounts. Log in, or register: it is free.")
        note = mask(clean_text(note, what="The note", max_length=MOST_OF_A_NOTE)).text if note else ""
        async with self._database.read() as session:
            row = await repository.get_conversation_for(session, principal, conversation)
            turns = [turn for turn in await repository.turns_of(session, conversation) if turn.answer]
        if row.inquiry:
            return row.inquiry
        if not turns:
            raise Conflict("Nothing was answered in this conversation yet.")
        period = period_of(self._clock.now())
        await self._take(principal, conversation, period)
        try:
            url = await self._send(principal, row, turns, note)
        except BaseException:
            async with self._database.write() as session:
                await allowances.give_back(
                    session,
                    ALLOWANCE,
                    metric=METRIC,
                    principal=principal.subject,
                    thing=conversation,
                    period=period,
                )
            raise
        async with self._database.write() as session:
            await repository.change_conversation(session, conversation, inquiry=url[:300])
        return url

    async def _take(self, principal: Principal, conversation: str, period: str) -> None:
        """Refuses a second one at the same time, too: the conversation is the thing."""
        async with self._database.write() as session:
            taken = await allowances.take(
                session,
                ALLOWANCE,
                metric=METRIC,
                principal=principal.subject,
                thing=conversation,
                period=period,
                limit=self._settings.inquiries_allowed(principal.plan),
                at=self._clock.now(),
            )
        if taken.outcome == "already":
            raise Conflict("This conversation is being handed to the experts.")
        if taken.outcome == "denied":
            raise Forbidden(
                f"You have handed {taken.used} conversations to the experts this month; your plan has no more.",
                slug="allowance-exhausted",
                title="No inquiry left this month",
                hint="The count starts again next month.",
            )

    async def _send(self, principal: Principal, row: Any, turns: Sequence[Any], note: str) -> str:
        body = {
            "subject": row.title,
            "text": _text(turns, note),
            "as_of": turns[-1].as_of.isoformat(),
            "conversation": row.id,
            "evidence": msgspec.json.decode(turns[-1].answer),
        }
        response = await self._client.post(
            PEER, "/api/consultant/v1/inquiries", json=body, on_behalf_of=principal
        )
        if response.status_code not in (200, 201, 202):
            raise Unavailable(f"CaseConsultant didn't take it (status {response.status_code}).")
        return str(response.json()["url"])


def _text(turns: Sequence[Any], note: str) -> str:
    """What is wanted of the expert, then the conversation; its latest part where it is long."""
    lines: list[str] = []
    for turn in turns:
        lines += [f"Question ({turn.as_of.isoformat()}): {turn.question}", ""]
        lines += ["CasePilot:", *as_lines(repository.decoded(turn)), ""]
    said = "\n".join(lines)
    head = f"{note}\n\n" if note else ""
    return head + said[-(MOST_CHARACTERS - len(head)) :]
