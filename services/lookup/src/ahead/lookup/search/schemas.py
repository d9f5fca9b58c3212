"""What the search answers; public data only."""

import msgspec

Facets = dict[str, dict[str, int]]


class Matched(msgspec.Struct, frozen=True):
    """field: "code", "keyword", "heading", or a kind of text as `texts.KINDS` names it; text: its wording; why: in
    plain words."""

    field: str
    text: str
    why: str


class SearchHit(msgspec.Struct, frozen=True):
    system: str
    code: str
    title: str
    billable: bool
    matched: tuple[Matched, ...] = ()


class OfferedReading(msgspec.Struct, frozen=True):
    """One thing that a term may stand for; query: the whole query read so."""

    text: str
    query: str


class Offered(msgspec.Struct, frozen=True):
    """An ambiguous term of the query. decided: the other words speak for the first reading."""

    term: str
    decided: bool
    readings: tuple[OfferedReading, ...]


class SearchAnswer(msgspec.Struct, frozen=True):
    """interpreted: the words or the code that were searched for. corrected: the query as corrected, when it was
    (the answer is then for that). did_you_mean: a correction that was not applied. total: all hits there are, of
    which at most 200 can be paged through. readings: of ambiguous terms. missing: codes of a list that are not in these
    editions."""

    query: str
    interpreted: str
    corrected: str | None
    did_you_mean: str | None
    total: int
    engine: str
    took_ms: float
    facets: Facets
    hits: tuple[SearchHit, ...]
    readings: tuple[Offered, ...] = ()
    missing: tuple[str, ...] = ()


class Suggestion(msgspec.Struct, frozen=True):
    system: str
    code: str
    title: str


class Suggestions(msgspec.Struct, frozen=True):
    hits: tuple[Suggestion, ...]
