"""The event of a search, with what was typed masked."""

import re
from datetime import datetime

from ahead.lookup.search.schemas import SearchAnswer
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import period_of
from ahead.shared.events.envelope import Event, make_event

MAX_QUERY = 80

_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")
# Five digits or more, also when blanks, dots, slashes or dashes part them: record numbers, telephone
# numbers, dates of birth. What has the shape of a code stays.
_CODE_OR_DIGITS = re.compile(r"(?P<code>\b[A-Za-z]\d[0-9A-Za-z]\.?[0-9A-Za-z]{0,4}\b)|\d(?:[ ./\-]?\d){4,}")


def mask(query: str) -> str:
    """The query without what could name a person, at most 80 characters: e-mail addresses and long numbers go."""
    without_addresses = _EMAIL.sub("@", " ".join(query.split()))
    masked = _CODE_OR_DIGITS.sub(lambda found: found["code"] or "#", without_addresses)
    return masked[:MAX_QUERY]


def search_performed(principal: Principal, answer: SearchAnswer, at: datetime) -> Event:
    """Somebody searched and got an answer; `results` is 0 when nothing was found."""
    return make_event(
        "lookup",
        "search.performed",
        subject=principal.subject,
        plan=principal.plan,
        period=period_of(at),
        thing="search",
        at=at,
        query=mask(answer.query),
        results=answer.total,
        engine=answer.engine,
        took_ms=answer.took_ms,
    )
