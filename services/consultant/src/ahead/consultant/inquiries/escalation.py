"""Handing a thread to the experts."""

import json

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.consultant import events
from ahead.consultant.inquiries import texts
from ahead.consultant.inquiries.steps import record_step
from ahead.consultant.models import OUTBOX, Entry, Inquiry
from ahead.consultant.parts import Parts
from ahead.consultant.replies import Reply, encode
from ahead.shared.db import outbox


async def escalate(
    parts: Parts,
    session: AsyncSession,
    inquiry: Inquiry,
    entry: Entry,
    why: str,
    *,
    tell: bool,
    draft: Reply | None = None,
) -> None:
    """Put a thread into the experts' queue, once per message of its author. Its clock starts, unless it runs already.

    Args:
        why: for the experts.
        tell: mail the asker that a coder will answer.
        draft: what the machine would have said, for the expert to start from.
    """
    now = parts.clock.now()
    if inquiry.state != "with_expert":
        inquiry.escalated_at = now
        inquiry.due_at = now + parts.settings.expert_time(inquiry.plan)
    inquiry.state, inquiry.why = "with_expert", why[:200]
    if draft is not None:
        inquiry.draft = parts.seal(encode(draft))
    event = events.about("inquiry.escalated", inquiry, entry.id, parts.clock)
    await outbox.record(session, OUTBOX, event, clock=parts.clock)
    if tell:
        text = texts.handed_over("", json.loads(entry.kinds))
        await record_step(parts, session, inquiry, f"handover:{entry.id}", text)
