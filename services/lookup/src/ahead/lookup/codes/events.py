"""Events of code pages."""

from datetime import datetime

from ahead.shared.auth.principal import Principal
from ahead.shared.clock import period_of
from ahead.shared.events.envelope import Event, make_event
from ahead.shared.ids import deterministic_id

METRIC = "code.viewed"


def view_id(subject: str, thing: str, period: str) -> str:
    """One id per grant, for ever: a retry meets itself and can't be counted twice."""
    return deterministic_id(METRIC, subject, thing, period)


def code_viewed(principal: Principal, thing: str, at: datetime) -> Event:
    """A grant was given: one per principal, code and period."""
    period = period_of(at)
    return make_event(
        "lookup",
        METRIC,
        id=view_id(principal.subject, thing, period),
        subject=principal.subject,
        plan=principal.plan,
        period=period,
        thing=thing,
        at=at,
    )


def code_revisited(principal: Principal, thing: str, at: datetime) -> Event:
    """A page that was granted before in the period was opened again; costs nothing."""
    return make_event(
        "lookup",
        "code.revisited",
        subject=principal.subject,
        plan=principal.plan,
        period=period_of(at),
        thing=thing,
        at=at,
    )


def code_denied(principal: Principal, thing: str, at: datetime, reason: str) -> Event:
    """A view was refused: ``allowance`` (nothing left) or ``network`` (too many new guests)."""
    return make_event(
        "lookup",
        "code.denied",
        subject=principal.subject,
        plan=principal.plan,
        period=period_of(at),
        thing=thing,
        at=at,
        reason=reason,
    )
