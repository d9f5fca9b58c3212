"""The search port: what an index is made of, what can be asked of it, and what it answers.

An adapter (meilisearch.py, tantivy.py) implements `SearchEngine` and `SearchIndex`; a contract suite holds
both to the same behaviour. Nothing in a query is a string in an engine's own language: text becomes plain
words (analysis.py), filters are the typed values below, which each adapter renders or builds itself.
"""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import msgspec

from ahead.shared.search.spelling import Vocabulary

MAX_QUERY_WORDS = 10
"""Words of a query that count (Meilisearch reads no more); the rest is ignored by both engines."""
MAX_LIMIT = 1000
MAX_OFFSET = 9000
MAX_KEYWORD = 120
"""Characters of a keyword value."""
MAX_RANK = 1000

Scalar = str | int | bool
Progress = Callable[[float, str], None]


class SearchError(Exception):
    """Something is wrong with a search; the message says what, for an operator."""


class InvalidQuery(SearchError):
    """The caller asked for a field the schema lacks, or for a value the field can't hold."""


class IndexMissing(SearchError):
    """No index was built for this schema version yet."""


class SearchUnavailable(SearchError):
    """The engine can't be reached or failed; trying again later may help."""


@dataclass(frozen=True, slots=True)
class TextField:
    """A field that is searched. The heavier a field, the earlier its matches.

    spelled: its words belong to a language; False for codes, which are not taken into the vocabulary.
    """

    name: str
    weight: float = 1.0
    spelled: bool = True


@dataclass(frozen=True, slots=True)
class FilterField:
    """A field that is filtered by and, with `facet`, counted. Dates are integers: 20261001.

    sort: results can be put in order by it (one integer a document). Left out of the schema's fingerprint where
    it is not used, so that no other index has to be built again for it.
    """

    name: str
    kind: Literal["keyword", "integer", "boolean"] = "keyword"
    facet: bool = False
    sort: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True)
class IndexSchema:
    """What an index holds. Raise `version` whenever documents are made differently: indexes of two versions
    live side by side, so that processes of an old release still find theirs during an upgrade.

    facet_values: so many values of a facet are counted, the commonest: fewer cost less where a facet has thousands.
    """

    name: str
    version: int
    text: tuple[TextField, ...]
    filters: tuple[FilterField, ...] = ()
    facet_values: int = 1000

    def __post_init__(self) -> None:
        names = [f.name for f in self.text] + [f.name for f in self.filters]
        for name in (self.name, *names):
            if not name.isidentifier() or not name.isascii():
                raise ValueError(f"{name!r} can't name an index or a field: letters, digits and _ only")
        if len(set(names)) != len(names):
            raise ValueError(f"a field of {self.name} is named twice")
        for declared in self.filters:
            if declared.sort and declared.kind != "integer":
                raise ValueError(f"{declared.name} is sorted by, and only integers are")

    @property
    def uid(self) -> str:
        return f"{self.name}_v{self.version}"

    def filter_field(self, name: str) -> FilterField:
        for candidate in self.filters:
            if candidate.name == name:
                return candidate
        raise InvalidQuery(f"{self.name} has no filter field {name!r}")

    def text_field(self, name: str) -> TextField:
        for candidate in self.text:
            if candidate.name == name:
                return candidate
        raise InvalidQuery(f"{self.name} has no text field {name!r}")

    def spelled(self, texts: Mapping[str, Sequence[str]]) -> Iterator[str]:
        """The texts of a document whose words are taken into the vocabulary."""
        for declared in self.text:
            if declared.spelled:
                yield from texts.get(declared.name, ())

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """The fields that results can be put in order by."""
        return tuple(declared.name for declared in self.filters if declared.sort)

    def fingerprint(self) -> str:
        """Changes with every change to the schema, also one whose author forgot to raise the version."""
        text = repr(self) + (repr(self.sorted_by) if self.sorted_by else "")
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Document(msgspec.Struct, frozen=True):
    """One thing that can be found.

    `text`: texts per text field; `values`: values per filter field; `rank`: 0 (last) to 1000, which of two
    equal matches comes first; `payload`: JSON-able, handed back with a hit and neither searched nor filtered.
    """

    id: str
    text: dict[str, list[str]]
    values: dict[str, Scalar | list[str] | list[int]] = {}
    rank: int = 0
    payload: dict[str, Any] = {}


Documents = Iterable[Document] | AsyncIterable[Document]


@dataclass(frozen=True, slots=True)
class Eq:
    field: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class In:
    field: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds are included; at least one is given. Integer fields only."""

    field: str
    ge: int | None = None
    le: int | None = None


Filter = Eq | In | Range


@dataclass(frozen=True, slots=True)
class Query:
    """`text` is what to look for, in anybody's words; empty finds everything that passes the filters.

    fields: search these only (default: all). prefix: the last word may be the beginning of a word.
    match: "all" words, or "most": more of them first. "most" is a wide net for when "all" found too little:
    which documents with few and common words it brings differs between engines. typos: a word that the index
    doesn't know is replaced by the nearest one that it knows, or completed; `Results.corrected` says so.
    explain: False leaves `Hit.matched` empty, for a caller that works it out itself. order: an integer field
    by which the hits are ordered, the largest first, instead of by how well they match.
    """

    text: str = ""
    filters: tuple[Filter, ...] = ()
    fields: tuple[str, ...] = ()
    limit: int = 20
    offset: int = 0
    facets: tuple[str, ...] = ()
    prefix: bool = False
    match: Literal["all", "most"] = "all"
    typos: bool = False
    explain: bool = True
    order: str = ""

    def check(self, schema: IndexSchema) -> None:
        """Raise InvalidQuery for what no engine could answer rightly."""
        if not 0 <= self.limit <= MAX_LIMIT or not 0 <= self.offset <= MAX_OFFSET:
            raise InvalidQuery(f"limit is 0 to {MAX_LIMIT}, offset 0 to {MAX_OFFSET}")
        for name in self.fields:
            schema.text_field(name)
        for name in self.facets:
            if not schema.filter_field(name).facet:
                raise InvalidQuery(f"{name!r} of {schema.name} is not counted as a facet")
        if self.order and not schema.filter_field(self.order).sort:
            raise InvalidQuery(f"{schema.name} can't be ordered by {self.order!r}")
        for condition in self.filters:
            check_filter(schema, condition)


@dataclass(frozen=True, slots=True)
class MatchedField:
    """`text` of `field` holds `words` of the query (as indexed); `whole`: it holds nothing else."""

    field: str
    text: str
    words: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Hit:
    id: str
    score: float
    text: Mapping[str, Sequence[str]]
    payload: Mapping[str, Any]
    matched: tuple[MatchedField, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """`total` counts all matches, not only this page. `corrected`: word as typed → word searched instead."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, dict[str, int]])
    corrected: Mapping[str, str] = field(default_factory=dict[str, str])


class Manifest(msgspec.Struct, frozen=True):
    """What an index was built from, and how: nothing is to do while `fingerprint` (the builder's own) and
    `layout` (of the index) are equal."""

    uid: str
    layout: str
    fingerprint: str
    documents: int
    built_at: str
    generation: str


class SearchIndex(Protocol):
    """One index. All errors are `SearchError`s."""

    @property
    def schema(self) -> IndexSchema: ...

    @property
    def engine(self) -> str: ...

    @property
    def layout(self) -> str:
        """Changes with the schema and with the way the adapter stores it."""
        ...

    async def search(self, query: Query) -> Results: ...

    async def search_many(self, queries: Sequence[Query]) -> list[Results]:
        """Several queries in one exchange with the engine."""
        ...

    async def payloads(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """What the documents with these ids bring with them; an id that the index doesn't hold is left out. At most
        `MAX_LIMIT` ids."""
        ...

    async def vocabulary(self) -> Vocabulary:
        """The words the index knows, for spelling and for how rare a word is."""
        ...

    async def manifest(self) -> Manifest | None:
        """None when nothing was built for this schema version."""
        ...

    async def rebuild(
        self, documents: Documents, *, fingerprint: str, total: int = 0, progress: Progress | None = None
    ) -> Manifest:
        """Build beside the present index, then exchange the two at once: searches see the old one or the new
        one, never a part. `total` is for the progress shown."""
        ...

    async def apply(self, *, upserts: Sequence[Document] = (), deletes: Sequence[str] = ()) -> None:
        """Change single documents of the present index; the vocabulary stays as it was built."""
        ...


class SearchEngine(Protocol):
    @property
    def name(self) -> str: ...

    def index(self, schema: IndexSchema) -> SearchIndex: ...

    async def ready(self) -> bool:
        """Whether the engine answers at all; says nothing of an index."""
        ...

    async def close(self) -> None: ...


def check_ids(ids: Sequence[str]) -> None:
    """Raise InvalidQuery for more documents than one call may ask for."""
    if len(ids) > MAX_LIMIT:
        raise InvalidQuery(f"at most {MAX_LIMIT} documents at once")


def check_filter(schema: IndexSchema, condition: Filter) -> None:
    """Raise InvalidQuery unless the condition's values are of the field's kind."""
    declared = schema.filter_field(condition.field)
    if isinstance(condition, Range):
        if declared.kind != "integer" or (condition.ge is None and condition.le is None):
            raise InvalidQuery(f"a range needs an integer field and a bound, not {condition}")
        values: Sequence[Scalar] = [v for v in (condition.ge, condition.le) if v is not None]
    else:
        values = condition.values if isinstance(condition, In) else (condition.value,)
    for value in values:
        check_value(declared, value)


def check_value(declared: FilterField, value: Scalar) -> None:
    """Raise InvalidQuery unless the value fits the field. bool is no integer here."""
    if declared.kind == "keyword":
        fits = isinstance(value, str) and len(value) <= MAX_KEYWORD
    elif declared.kind == "boolean":
        fits = isinstance(value, bool)
    else:
        fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53
    if not fits:
        raise InvalidQuery(
            f"{declared.name} is a {declared.kind} field and can't be compared with {value!r:.60}"
        )


async def batches(documents: Documents, size: int) -> AsyncIterator[list[Document]]:
    """The documents in lists of at most `size`."""
    batch: list[Document] = []
    if isinstance(documents, AsyncIterable):
        async for document in documents:
            batch.append(document)
            if len(batch) == size:
                yield batch
                batch = []
    else:
        for document in documents:
            batch.append(document)
            if len(batch) == size:
                yield batch
                batch = []
    if batch:
        yield batch


def values_of(declared: FilterField, value: Scalar | list[str] | list[int]) -> list[Scalar]:
    """A document's values of a field as a list, each checked."""
    several: list[Scalar] = [*value] if isinstance(value, list) else [value]
    for one in several:
        check_value(declared, one)
    return several
