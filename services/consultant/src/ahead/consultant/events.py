"""The events of CaseConsultant: ids only."""

from ahead.consultant.models import Inquiry, Sent
from ahead.consultant.settings import SERVICE
from ahead.shared.clock import Clock, period_of
from ahead.shared.events.envelope import Event, make_event
from ahead.shared.ids import deterministic_id


def _subject(inquiry: Inquiry) -> str:
    """Whose it is; a stranger's is nobody's, and an event without a subject wouldn't be counted."""
    return inquiry.account or "g:anonymous"


def about(name: str, inquiry: Inquiry, step: str, clock: Clock) -> Event:
    """``inquiry.received``, ``reply.sent`` or ``inquiry.escalated``; the same step twice is the same event."""
    now = clock.now()
    return make_event(
        SERVICE,
        name,
        subject=_subject(inquiry),
        plan=inquiry.plan,
        period=period_of(now),
        thing=inquiry.id,
        at=now,
        id=deterministic_id(name, inquiry.id, step),
    )


def returned(why: str, inquiry: Inquiry, mail: Sent, address: str, clock: Clock) -> Event:
    """``mail.bounced`` or ``mail.complained``: once a mail.

    Args:
        why: "bounced" or "complained".
        address: its name in events (`ahead.shared.mail.returned.address_name`), never the address.
    """
    now = clock.now()
    return make_event(
        SERVICE,
        f"mail.{why}",
        subject=_subject(inquiry),
        plan=inquiry.plan,
        period=period_of(now),
        thing=mail.id,
        at=now,
        id=deterministic_id(f"mail.{why}", mail.id),
        address=address,
    )
