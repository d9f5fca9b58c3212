"""What both doors of the search, JSON and page, do alike: read the parameters, record the search."""

from typing import Annotated, Any

from litestar import Request
from litestar.params import QueryParameter

from ahead.lookup.search.events import search_performed
from ahead.lookup.search.schemas import SearchAnswer
from ahead.lookup.search.service import Scope
from ahead.shared.auth.principal import Principal
from ahead.shared.auth.visitors import takes_nothing
from ahead.shared.clock import Clock
from ahead.shared.errors import BadInput, NotFound
from ahead.shared.events.publisher import BufferedPublisher
from ahead.shared.web import clean_text

MAX_QUERY = 500

QueryText = Annotated[str, QueryParameter(name="q", description="Codes or words, at most 500 characters.")]
System = Annotated[
    str | None, QueryParameter(name="system", description="One code system only, such as icd10cm.")
]

Chapter = Annotated[
    str | None, QueryParameter(name="chapter", max_length=60, description="As facets name it: icd10cm:4.")
]
Billable = Annotated[bool | None, QueryParameter(name="billable", description="Billable codes or headings.")]
AsTyped = Annotated[
    bool, QueryParameter(name="as_typed", description="Correct no word; did_you_mean says what would be.")
]


def read_query(text: str) -> str:
    """The text as typed, trimmed.

    Raises:
        BadInput: longer than 500 characters, or with control characters.
    """
    return clean_text(text, what="The search text", max_length=MAX_QUERY)


def need_query(text: str) -> str:
    typed = read_query(text)
    if not typed:
        raise BadInput(
            "There is nothing to search for.", slug="empty-query", hint="Give a code or words as q."
        )
    return typed


def need_edition(scope: Scope) -> None:
    """Raises NotFound when no edition is held for the date: that is not the same as finding nothing."""
    if not scope.releases:
        raise NotFound(
            " ".join(scope.remarks) or "No code system is loaded.",
            slug="no-edition-held",
            title="No edition is held for this date",
            hint="Choose a date of service inside the window of an edition that is held.",
        )


class SearchLog:
    """Records searches as plain analytics: never waited for; robots and prefetches are not counted."""

    def __init__(self, analytics: BufferedPublisher, clock: Clock) -> None:
        self._analytics = analytics
        self._clock = clock

    def record(self, request: Request[Any, Any, Any], principal: Principal, answer: SearchAnswer) -> None:
        if takes_nothing(request) is None:
            self._analytics.offer(search_performed(principal, answer, self._clock.now()))
