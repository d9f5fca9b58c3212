"""How documents and filters are written for Meilisearch."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import msgspec

from ahead.shared.search.analysis import indexed
from ahead.shared.search.index import Document, Eq, Filter, In, IndexSchema, Scalar, values_of
from ahead.shared.search.meilisearch_settings import FILTER, ID, RANK, STORED, TEXT


class Stored(msgspec.Struct):
    id: str
    text: dict[str, list[str]]
    payload: dict[str, Any]


def encode(schema: IndexSchema, document: Document) -> bytes:
    stored = Stored(document.id, document.text, document.payload)
    made: dict[str, Any] = {
        ID: document_id(document.id),
        RANK: document.rank,
        STORED: msgspec.json.encode(stored).decode(),
    }
    for name, texts in document.text.items():
        schema.text_field(name)
        made[TEXT + name] = indexed(texts)
    for name, value in document.values.items():
        made[FILTER + name] = [
            _keyword(one) if isinstance(one, str) else one
            for one in values_of(schema.filter_field(name), value)
        ]
    return msgspec.json.encode(made)


def document_id(given: str) -> str:
    """Meilisearch takes letters, digits, - and _ only; anything else is spelled by its code point."""
    return "".join(c if c.isascii() and (c.isalnum() or c == "-") else f"_{ord(c):x}_" for c in given)


_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-._")
_EMPTY = "%"


def _keyword(value: str) -> str:
    """A keyword in an alphabet without quotes, backslashes, blanks or capitals: `I` is `%49`.

    A filter can't be broken out of because nothing in it can end it, and Meilisearch, which compares without
    regard to case, compares exactly. `_unkeyword` reverses it.
    """
    coded = "".join(c if c in _PLAIN else "".join(f"%{b:02x}" for b in _bytes(c)) for c in value)
    return coded or _EMPTY


def _unkeyword(coded: str) -> str:
    return "" if coded == _EMPTY else unquote(coded)


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")


def _literal(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return f'"{_keyword(value)}"'


def render(schema: IndexSchema, condition: Filter) -> str:
    """A condition, checked before by Query.check, in Meilisearch's filter language."""
    name = FILTER + schema.filter_field(condition.field).name
    if isinstance(condition, Eq):
        return f"{name} = {_literal(condition.value)}"
    if isinstance(condition, In):
        return f"{name} IN [{', '.join(_literal(value) for value in condition.values)}]"
    bounds = [(">=", condition.ge), ("<=", condition.le)]
    return " AND ".join(f"{name} {sign} {value}" for sign, value in bounds if value is not None)


def facet_counts(counted: Mapping[str, int]) -> dict[str, int]:
    named = {_unkeyword(value): int(count) for value, count in counted.items()}
    return dict(sorted(named.items(), key=lambda item: (-item[1], item[0])))
