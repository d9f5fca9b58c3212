"""Which engine is used, and building an index only when there is something to build."""

from collections.abc import Callable
from pathlib import Path

import structlog

from ahead.shared.search.fallback import FallbackEngine, FallbackIndex
from ahead.shared.search.index import (
    Documents,
    Manifest,
    Progress,
    SearchEngine,
    SearchIndex,
    SearchUnavailable,
)
from ahead.shared.search.meilisearch import MeilisearchEngine
from ahead.shared.search.tantivy import TantivyEngine
from ahead.shared.settings import SharedSettings

log = structlog.get_logger(__name__)


def open_engine(shared: SharedSettings, service: str) -> SearchEngine:
    """The engine that the settings name. Connects to nothing yet.

    Tantivy's indexes lie in `<data>/<service>/search`: also beside Meilisearch, for when that fails.
    """
    embedded = TantivyEngine(Path(shared.data).absolute() / service / "search")
    if shared.engine == "tantivy":
        return embedded
    if not shared.meilisearch_url:
        raise ValueError("AHEAD_SEARCH_ENGINE is meilisearch, but AHEAD_MEILISEARCH_URL is not set")
    return FallbackEngine(MeilisearchEngine(shared.meilisearch_url, shared.meilisearch_key), embedded)


async def is_current(index: SearchIndex, fingerprint: str) -> bool:
    """Whether the index was built from just this, in the way it would be built now."""
    manifest = await index.manifest()
    return manifest is not None and manifest.fingerprint == fingerprint and manifest.layout == index.layout


async def was_built(index: SearchIndex) -> bool:
    """Whether there is any index of this version here, current or not."""
    return await (index.embedded if isinstance(index, FallbackIndex) else index).manifest() is not None


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

    Of two engines each is built when it has to be. A server that does not answer is left out, because the embedded
    index is enough to serve; not so with `force`, where somebody waits for just this.

    documents: called only when they are needed. fingerprint: names everything that documents are made from,
    such as the ids of the releases.
    """
    if isinstance(index, FallbackIndex):
        return await _rebuild_both(index, documents, fingerprint, total, progress, force=force)
    if not force and await is_current(index, fingerprint):
        return None
    return await index.rebuild(documents(), fingerprint=fingerprint, total=total, progress=progress)


async def _rebuild_both(
    index: FallbackIndex,
    documents: Callable[[], Documents],
    fingerprint: str,
    total: int,
    progress: Progress | None,
    *,
    force: bool,
) -> Manifest | None:
    beside = force or not await is_current(index.embedded, fingerprint)
    try:
        server = force or not await is_current(index.server, fingerprint)
        if not server and (wrong := await index.server.mend()):
            log.warning("search.settings_mended", engine=index.server.engine, settings=wrong)
    except SearchUnavailable as error:
        log.warning("search.server_left_out", engine=index.server.engine, reason=str(error))
        server = False
    try:
        if server and beside:
            return await index.rebuild(documents(), fingerprint=fingerprint, total=total, progress=progress)
        for part, needed in ((index.server, server), (index.embedded, beside)):
            if needed:
                return await part.rebuild(
                    documents(), fingerprint=fingerprint, total=total, progress=progress
                )
    except SearchUnavailable as error:
        if force or not await is_current(index.embedded, fingerprint):
            raise
        log.warning("search.server_left_out", engine=index.server.engine, reason=str(error))
        return await index.embedded.manifest()
    return None
