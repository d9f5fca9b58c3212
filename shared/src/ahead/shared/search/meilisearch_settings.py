"""Settings of a Meilisearch index, as code: all that matter, so that no default of a server decides."""

from collections.abc import Mapping
from typing import Any, cast

from ahead.shared.search.index import MAX_OFFSET, IndexSchema

ID = "id"
RANK = "rank"
STORED = "stored"
TEXT = "t_"
"""Text fields begin with this, filter fields with `FILTER`: neither can collide with the three above."""
FILTER = "f_"


def index_settings(schema: IndexSchema) -> dict[str, Any]:
    """The body of PATCH /indexes/{uid}/settings."""
    by_weight = sorted(schema.text, key=lambda f: -f.weight)
    # An order that is asked for goes before how well a document matches.
    first = ["sort"] if schema.sorted_by else []
    return {
        "searchableAttributes": [TEXT + f.name for f in by_weight],
        "displayedAttributes": [ID, STORED],
        "filterableAttributes": [FILTER + f.name for f in schema.filters],
        "rankingRules": [*first, "words", f"{RANK}:desc", "attribute", "proximity", "exactness"],
        # Spelling is ours (spelling.py): it is the same on both engines and says what it replaced.
        "typoTolerance": {"enabled": False},
        "distinctAttribute": None,
        "sortableAttributes": [FILTER + name for name in schema.sorted_by],
        "separatorTokens": [],
        "nonSeparatorTokens": [],
        "dictionary": [],
        "searchCutoffMs": None,
        "stopWords": [],
        "synonyms": {},
        "localizedAttributes": [{"attributePatterns": [f"{TEXT}*"], "locales": ["eng"]}],
        "pagination": {"maxTotalHits": MAX_OFFSET + 1000},
        "faceting": {"maxValuesPerFacet": schema.facet_values, "sortFacetValuesBy": {"*": "count"}},
        "facetSearch": False,
        "prefixSearch": "indexingTime",
        "proximityPrecision": "byAttribute",
    }


_PARTIAL = ("typoTolerance", "pagination", "faceting")
"""Objects of which only the parts named above matter here."""
_UNORDERED = ("filterableAttributes", "displayedAttributes", "sortableAttributes", "stopWords", "dictionary")


def drifted(schema: IndexSchema, held: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the settings that a server holds differently. held: what GET /indexes/{uid}/settings answers."""
    return tuple(
        name for name, wanted in index_settings(schema).items() if not _same(name, wanted, held.get(name))
    )


def _same(name: str, wanted: Any, held: Any) -> bool:
    if name in _PARTIAL:
        parts = cast("Mapping[str, Any]", held or {})
        return all(parts.get(part) == value for part, value in wanted.items())
    if name in _UNORDERED and isinstance(held, list):
        return sorted(wanted) == sorted(map(str, cast("list[Any]", held)))
    return wanted == held
