"""A step of a thread that goes out by mail: shown in the thread, in the ledger, and as a job, in one transaction."""

import hashlib

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.consultant.models import JOBS, Entry, Inquiry, Sent
from ahead.consultant.parts import Parts
from ahead.shared.db import outbox
from ahead.shared.ids import deterministic_id
from ahead.shared.mail import message_id_for

SEND = "send"


async def record_step(
    parts: Parts, session: AsyncSession, inquiry: Inquiry, step: str, text: str, *, automatic: bool = True
) -> bool:
    """False when the step was recorded before: it is never mailed twice."""
    step_id = deterministic_id("consultant step", inquiry.id, step)
    if await session.get(Sent, step_id) is not None:
        return False
    message_id = message_id_for(parts.settings.domain, "consultant", step_id)
    now = parts.clock.now()
    session.add(
        Entry(
            id=step_id,
            inquiry=inquiry.id,
            author="automatic" if automatic else "expert",
            message_id=parts.keybox.blind(message_id),
            header=parts.seal(message_id),
            digest=hashlib.sha256(step_id.encode()).hexdigest(),
            text=parts.seal(text),
            at=now,
        )
    )
    session.add(
        Sent(
            id=step_id,
            inquiry=inquiry.id,
            step=step,
            sender=inquiry.sender,
            automatic=automatic,
            created_at=now,
        )
    )
    await session.flush()
    if not inquiry.address:  # asked on the page: it is read there
        return True
    await outbox.enqueue(session, JOBS, SEND, {"step": step_id}, key=f"send:{step_id}", clock=parts.clock)
    return True
