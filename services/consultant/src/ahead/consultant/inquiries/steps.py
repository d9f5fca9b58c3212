"""A step of a thread that goes out by mail: shown in the thread, in the ledger, and as a job, in one transaction."""

import hashlib

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.consultant.models import JOBS, Entry, Inquiry, Sent
from ahead.consultant.parts import Parts
from ahead.consultant.replies import Reply, encode, to_text
from ahead.shared.db import outbox
from ahead.shared.ids import deterministic_id
from ahead.shared.mail import message_id_for

SEND = "send"


def step_id(inquiry: str, step: str) -> str:
    return deterministic_id("consultant step", inquiry, step)


async def record_step(
    parts: Parts,
    session: AsyncSession,
    inquiry: Inquiry,
    step: str,
    said: str | Reply,
    *,
    expert: str = "",
) -> bool:
    """False when the step was recorded before: it is never mailed twice.

    Args:
        said: an answer in its parts, or a text.
        expert: the account of the person who wrote it; empty for what is automatic.
    """
    key = step_id(inquiry.id, step)
    if await session.get(Sent, key) is not None:
        return False
    message_id = message_id_for(parts.settings.domain, "consultant", key)
    now = parts.clock.now()
    session.add(
        Entry(
            id=key,
            inquiry=inquiry.id,
            author="expert" if expert else "automatic",
            message_id=parts.keybox.blind(message_id),
            header=parts.seal(message_id),
            digest=hashlib.sha256(key.encode()).hexdigest(),
            text=parts.seal(said if isinstance(said, str) else to_text(said)),
            content=None if isinstance(said, str) else parts.seal(encode(said)),
            by=expert,
            at=now,
        )
    )
    session.add(
        Sent(
            id=key,
            inquiry=inquiry.id,
            step=step,
            sender=inquiry.sender,
            automatic=not expert,
            created_at=now,
        )
    )
    if step.startswith(("answer:", "expert:")):
        inquiry.replied_at = inquiry.replied_at or now
    await session.flush()
    if not inquiry.address:  # asked on the page: it is read there
        return True
    await outbox.enqueue(session, JOBS, SEND, {"step": key}, key=f"send:{key}", clock=parts.clock)
    return True
