"""The event of a claim check. It says how much was judged, never what."""

from datetime import datetime

from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock, period_of
from ahead.shared.events.envelope import Event, make_event
from ahead.shared.events.publisher import BufferedPublisher

from .schemas import Claim, ClaimAnswer


def claim_checked(principal: Principal, claim: Claim, answer: ClaimAnswer, at: datetime) -> Event:
    return make_event(
        "lookup",
        "claim.checked",
        subject=principal.subject,
        plan=principal.plan,
        period=period_of(at),
        thing="claim",
        at=at,
        setting=claim.setting,
        lines=len(claim.lines),
        diagnoses=len(claim.diagnoses),
        verdict=answer.verdict,
        not_checked=answer.counts.not_checked,
    )


class ClaimLog:
    """Tells metering of checks; plain analytics."""

    def __init__(self, analytics: BufferedPublisher, clock: Clock) -> None:
        self._analytics = analytics
        self._clock = clock

    def checked(self, principal: Principal, claim: Claim, answer: ClaimAnswer) -> None:
        if principal.kind != "service":
            self._analytics.offer(claim_checked(principal, claim, answer, self._clock.now()))
