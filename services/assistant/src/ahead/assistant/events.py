"""Events of CasePilot; never the text of a question or an answer."""

from datetime import datetime

from ahead.shared.auth.principal import Principal
from ahead.shared.clock import period_of
from ahead.shared.events.envelope import Event, make_event
from ahead.shared.ids import deterministic_id

METRIC = "question.asked"


def question_asked(principal: Principal, answer_id: str, at: datetime) -> Event:
    """A question was taken: one per answer."""
    return make_event(
        "assistant",
        METRIC,
        id=deterministic_id(METRIC, principal.subject, answer_id),
        subject=principal.subject,
        plan=principal.plan,
        period=period_of(at),
        thing=answer_id,
        at=at,
    )


def answer_given(
    principal: Principal,
    answer_id: str,
    at: datetime,
    *,
    attempt: int,
    answerer: str,
    status: str,
    tools: list[str],
    latency_ms: int,
    sentences: int,
    withheld: int,
) -> Event:
    """An answer was given; a further one where the question was asked again.

    `latency_ms`: until the end, waiting for its turn left out. `sentences` passed the gate, `withheld` didn't.
    """
    return make_event(
        "assistant",
        "answer.given",
        id=deterministic_id("answer.given", principal.subject, answer_id, str(attempt)),
        subject=principal.subject,
        plan=principal.plan,
        period=period_of(at),
        thing=answer_id,
        at=at,
        attempt=attempt,
        answerer=answerer,
        status=status,
        tools=tools,
        latency_ms=latency_ms,
        sentences=sentences,
        withheld=withheld,
    )
