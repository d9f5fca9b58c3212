"""What an expert does with a thread: reads it whole, answers it, in the same thread."""

import hashlib

from ahead.consultant import events
from ahead.consultant.asking.service import Said, Thread
from ahead.consultant.inquiries import repository
from ahead.consultant.inquiries.steps import record_step
from ahead.consultant.models import OUTBOX
from ahead.consultant.parts import Parts
from ahead.shared.db import outbox
from ahead.shared.errors import BadInput, Conflict, NotFound

MAX_ANSWER = 20_000


class Desk:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def waiting(self) -> list[Thread]:
        async with self._parts.database.read() as session:
            rows = await repository.waiting(session)
        return [
            Thread(row.id, self._parts.unseal(row.subject), row.state, row.why, row.created_at)
            for row in rows
        ]

    async def thread(self, inquiry_id: str) -> Thread:
        """Raises NotFound."""
        async with self._parts.database.read() as session:
            row = await repository.inquiry(session, inquiry_id)
            if row is None:
                raise NotFound("There is no such inquiry.")
            entries = await repository.entries(session, inquiry_id)
        said = tuple(Said(one.author, one.at, self._parts.unseal(one.text)) for one in entries)
        return Thread(row.id, self._parts.unseal(row.subject), row.state, row.why, row.created_at, said)

    async def answer(self, inquiry_id: str, text: str, seen: int) -> None:
        """Answer as a person.

        Args:
            seen: how many messages the expert saw; more have come, nothing is sent.

        Raises:
            BadInput, NotFound, Conflict
        """
        text = text.strip()
        if not text or len(text) > MAX_ANSWER:
            raise BadInput(f"Write an answer, at most {MAX_ANSWER:,} characters.")
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        async with self._parts.database.write() as session:
            inquiry = await repository.inquiry(session, inquiry_id)
            if inquiry is None:
                raise NotFound("There is no such inquiry.")
            count = len(await repository.entries(session, inquiry_id))
            if count != seen:
                raise Conflict(
                    "Something was added to this thread meanwhile: read it, then send your answer again."
                )
            step = f"expert:{seen}:{digest}"
            if await record_step(self._parts, session, inquiry, step, text, automatic=False):
                inquiry.state, inquiry.why = "answered", ""
                event = events.about("reply.sent", inquiry, step, self._parts.clock)
                await outbox.record(session, OUTBOX, event, clock=self._parts.clock)
