"""A raw prefix query to the embedded engine, behind the same path: what suggestions are measured against."""

import os
from pathlib import Path
from typing import Any

import tantivy
from litestar import Litestar, get

from ahead.lookup.search.documents import SCHEMA
from ahead.shared.search.tantivy import TantivyIndex

INDEX = TantivyIndex(Path(os.environ["RAW_INDEX_DIRECTORY"]), SCHEMA)


@get("/api/lookup/v1/suggest", sync_to_thread=False)
def suggest(q: str) -> dict[str, Any]:
    opened = INDEX._current()
    prefix = q.split()[-1].lower() if q.split() else ""
    query = tantivy.Query.fuzzy_term_query(opened.index.schema, "title", prefix, distance=0, prefix=True)
    found = opened.searcher.search(query, 10)
    return {"hits": [opened.searcher.doc(address)["_stored"][0] for _, address in found.hits]}


@get(["/", "/readyz"], sync_to_thread=False)
def ready() -> str:
    return "ready"


app = Litestar([suggest, ready], logging_config=None, openapi_config=None)
