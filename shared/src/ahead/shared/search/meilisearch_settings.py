"""Settings of a Meilisearch index, as code: all that matter, so that no default of a server decides."""

from typing import Any

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
    return {
        "searchableAttributes": [TEXT + f.name for f in by_weight],
        "displayedAttributes": [ID, STORED],
        "filterableAttributes": [FILTER + f.name for f in schema.filters],
        "rankingRules": ["words", f"{RANK}:desc", "attribute", "proximity", "exactness"],
        # Spelling is ours (spelling.py): it is the same on both engines and says what it replaced.
        "typoTolerance": {"enabled": False},
        "stopWords": [],
        "synonyms": {},
        "localizedAttributes": [{"attributePatterns": [f"{TEXT}*"], "locales": ["eng"]}],
        "pagination": {"maxTotalHits": MAX_OFFSET + 1000},
        "faceting": {"maxValuesPerFacet": 1000, "sortFacetValuesBy": {"*": "count"}},
        "facetSearch": False,
        "prefixSearch": "indexingTime",
        "proximityPrecision": "byAttribute",
    }
