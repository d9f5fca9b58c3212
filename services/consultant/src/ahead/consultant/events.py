"""The events of CaseConsultant: ids only."""

from ahead.consultant.models import Inquiry
from ahead.consultant.settings import SERVICE
from ahead.shared.clock import Clock, period_of
from ahead.shared.events.envelope import Event, make_event
from ahead.shared.ids import deterministic_id


def about(name: str, inquiry: Inquiry, step: str, clock: Clock) -> Event:
    """``inquiry.received``, ``reply.sent`` or ``inquiry.escalated``; the same step twice is the same event."""
    now = clock.now()
    return make_event(
        SERVICE,
        name,
        subject=inquiry.account,
        plan=inquiry.plan,
        period=period_of(now),
        thing=inquiry.id,
        at=now,
        id=deterministic_id(name, inquiry.id, step),
    )
