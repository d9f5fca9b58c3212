"""Asks the assistant, and answers the thread or hands it to the experts: nobody is left in silence."""

from typing import Any

import httpx

from ahead.consultant import events
from ahead.consultant.inquiries import repository, texts
from ahead.consultant.inquiries.service import escalate
from ahead.consultant.inquiries.steps import record_step
from ahead.consultant.models import OUTBOX
from ahead.consultant.parts import Parts
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.db import outbox
from ahead.shared.errors import Problem
from ahead.shared.logging import get_logger

log = get_logger(__name__)


class Answerer:
    """Does the job ``answer``."""

    def __init__(self, parts: Parts, client: ServiceClient) -> None:
        self._parts = parts
        self._client = client

    async def answer(self, entry: str, inquiry: str) -> None:
        async with self._parts.database.read() as session:
            thread = await repository.inquiry(session, inquiry)
            if thread is None or thread.state != "received":
                return
            entries = await repository.entries(session, inquiry)
        asked = next((one for one in entries if one.id == entry), None)
        if asked is None:
            return
        question = self._parts.unseal(asked.text)
        result, why = await self._ask(thread.account, inquiry, question)
        async with self._parts.database.write() as session:
            thread = await repository.inquiry(session, inquiry)
            if thread is None or thread.state != "received":
                return
            if result is None:
                await escalate(self._parts, session, thread, entry, why, tell=True)
                return
            masked = {"details": asked.masked} if asked.masked else {}
            await record_step(self._parts, session, thread, f"answer:{entry}", texts.answer(result, masked))
            thread.state = "answered"
            event = events.about("reply.sent", thread, f"answer:{entry}", self._parts.clock)
            await outbox.record(session, OUTBOX, event, clock=self._parts.clock)

    async def _ask(self, account: str, conversation: str, question: str) -> tuple[dict[str, Any] | None, str]:
        """(the assistant's answer, "") or (None, why there is none that may be sent)."""
        body = {"question": question, "conversation": None}
        try:
            response = await self._client.post(
                "assistant", "/api/assistant/v1/answers", json=body, on_behalf_of=account
            )
        except Problem:
            return None, "the assistant is away"
        if response.status_code not in (200, 201):
            log.warning("assistant refused", status=response.status_code)
            return None, f"the assistant answered {response.status_code}"
        try:
            result: Any = response.json()
        except (ValueError, httpx.HTTPError):
            return None, "the assistant's answer can't be read"
        if not isinstance(result, dict) or not result.get("sentences"):
            return None, "no answer in the sources"
        if result.get("status") != "answered":
            return None, f"the assistant is not sure ({result.get('status')})"
        if not all(one.get("citations") for one in result["sentences"]):
            return None, "a sentence without a source"
        return result, ""
