"""Which engine is used, and building an index only when there is something to build."""

from collections.abc import Callable
from pathlib import Path

from ahead.shared.search.index import Documents, Manifest, Progress, SearchEngine, SearchIndex
from ahead.shared.search.meilisearch import MeilisearchEngine
from ahead.shared.search.tantivy import TantivyEngine
from ahead.shared.settings import SharedSettings


def open_engine(shared: SharedSettings, service: str) -> SearchEngine:
    """The engine that the settings name. Connects to nothing yet.

    Tantivy's indexes lie in `<data>/<service>/search`.
    """
    if shared.engine == "meilisearch":
        if not shared.meilisearch_url:
            raise ValueError("AHEAD_SEARCH_ENGINE is meilisearch, but AHEAD_MEILISEARCH_URL is not set")
        return MeilisearchEngine(shared.meilisearch_url, shared.meilisearch_key)
    return TantivyEngine(Path(shared.data).absolute() / service / "search")


async def is_current(index: SearchIndex, fingerprint: str) -> bool:
    """Whether the index was built from just this, in the way it would be built now."""
    manifest = await index.manifest()
    return manifest is not None and manifest.fingerprint == fingerprint and manifest.layout == index.layout


async def rebuild_if_changed(
    index: SearchIndex,
    documents: Callable[[], Documents],
    *,
    fingerprint: str,
    total: int = 0,
    progress: Progress | None = None,
    force: bool = False,
) -> Manifest | None:
    """Rebuild unless the index is current; None when nothing was to do.

    documents: called only when they are needed. fingerprint: names everything that documents are made from,
    such as the ids of the releases.
    """
    if not force and await is_current(index, fingerprint):
        return None
    return await index.rebuild(documents(), fingerprint=fingerprint, total=total, progress=progress)
