"""Queries of the port in Tantivy's own terms."""

import tantivy

from ahead.shared.search.index import Eq, Filter, In, IndexSchema, Query
from ahead.shared.search.reading import ReadQuery

_Q = tantivy.Query
_FIELD_TYPES = {
    "integer": tantivy.FieldType.Integer,
    "boolean": tantivy.FieldType.Boolean,
    "keyword": tantivy.FieldType.Text,
}


def build_query(
    schema: IndexSchema, built: tantivy.Schema, query: Query, reading: ReadQuery
) -> tantivy.Query:
    """built: the schema as Tantivy has it."""
    fields = [f for f in schema.text if not query.fields or f.name in query.fields]
    clauses: list[tantivy.Query] = []
    for i, word in enumerate(reading.words):
        open_ended = reading.prefix and i == len(reading.words) - 1
        per_field = [
            _Q.boost_query(_word(built, f.name, word, open_ended=open_ended), f.weight) for f in fields
        ]
        clauses.append(per_field[0] if len(per_field) == 1 else _Q.disjunction_max_query(per_field, 0.1))
    subqueries: list[tuple[tantivy.Occur, tantivy.Query]] = []
    if not clauses:
        subqueries.append((tantivy.Occur.Must, _Q.all_query()))
    elif query.match == "all":
        subqueries += [(tantivy.Occur.Must, clause) for clause in clauses]
    else:
        subqueries.append(
            (tantivy.Occur.Must, _Q.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses]))
        )
    subqueries += [
        (tantivy.Occur.Must, _Q.const_score_query(_filter(schema, built, condition), 0.0))
        for condition in query.filters
    ]
    return _Q.boolean_query(subqueries)


def _word(built: tantivy.Schema, name: str, word: str, *, open_ended: bool) -> tantivy.Query:
    exact = _Q.term_query(built, name, word)
    if not open_ended:
        return exact
    started = _Q.fuzzy_term_query(built, name, word, distance=0, prefix=True)
    return _Q.boolean_query([(tantivy.Occur.Should, exact), (tantivy.Occur.Should, started)])


def _filter(schema: IndexSchema, built: tantivy.Schema, condition: Filter) -> tantivy.Query:
    kind = _FIELD_TYPES[schema.filter_field(condition.field).kind]
    if isinstance(condition, Eq):
        return _Q.term_query(built, condition.field, condition.value)
    if isinstance(condition, In):
        if not condition.values:
            return _Q.empty_query()
        return _Q.boolean_query(
            [(tantivy.Occur.Should, _Q.term_query(built, condition.field, v)) for v in condition.values]
        )
    return _Q.range_query(built, condition.field, kind, condition.ge, condition.le)
