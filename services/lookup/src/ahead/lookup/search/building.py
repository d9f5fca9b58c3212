"""Building the search index from the releases held: the very first before the processes start, every other while they
serve; and a command."""

import asyncio
from collections.abc import Sequence

from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.schemas import Release
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.catalog.spelling import SYSTEMS
from ahead.lookup.cpt.kinds import LICENSED
from ahead.lookup.cpt.service import titles
from ahead.lookup.db import open_database
from ahead.lookup.search.documents import SCHEMA, documents, fingerprint
from ahead.lookup.search.finding import search_folder
from ahead.lookup.search.gathering import books_held, gather, wording_fingerprint
from ahead.lookup.search.wording_files import WordingFiles
from ahead.lookup.settings import Settings
from ahead.shared.processes import Progress, no_progress
from ahead.shared.search.index import Manifest
from ahead.shared.search.rebuild import open_engine, rebuild_if_changed, was_built


def build_index(
    settings: Settings, progress: Progress = no_progress, *, force: bool = False, keep_only: bool = False
) -> Manifest | None:
    """Build the index unless it is there, made from just these releases; None when nothing was to do.

    keep_only: bring an index up to date, but don't make the very first one.

    Raises:
        SearchError: the engine can't be reached, or refused something. Of Meilisearch and the index of Tantivy
            beside it, a Meilisearch that does not answer is left out until the next time, unless `force`.
    """
    return asyncio.run(_build(settings, progress, force=force, keep_only=keep_only))


async def keep_index(settings: Settings) -> None:
    """Bring the index up to date with the releases held, and its settings with the code. In a thread of its own:
    making the documents is work."""
    await asyncio.to_thread(build_index, settings, keep_only=True)


def begin_index(settings: Settings, progress: Progress = no_progress) -> None:
    """Make the very first index. One that is only out of date serves on until the scheduler has made the next: what
    was loaded before a start shall not keep anybody waiting for pages that need no search.

    Raises:
        SearchError: as `build_index`.
    """
    asyncio.run(_begin(settings, progress))


async def _begin(settings: Settings, progress: Progress) -> None:
    engine = open_engine(settings.shared, "lookup")
    try:
        built = await was_built(engine.index(SCHEMA))
    finally:
        await engine.close()
    if built:
        progress(1.0, "what was loaded since the last one is found some minutes after the start")
    else:
        await _build(settings, progress, force=False, keep_only=False)


async def _build(settings: Settings, progress: Progress, *, force: bool, keep_only: bool) -> Manifest | None:
    database = open_database(settings)
    catalog = Catalog(database, settings.releases_dir)
    repository = CatalogRepository(database, settings.releases_dir)
    engine = open_engine(settings.shared, "lookup")
    try:
        if keep_only and not await was_built(engine.index(SCHEMA)):
            return None
        # Edits and other lists have releases too, and no codes to be found.
        held = [release for release in await catalog.releases() if release.system in SYSTEMS]
        releases = tuple(r for r in await catalog.answering() if r.system in SYSTEMS)
        public = settings.cpt_titles == "public"
        owned = await _owned(repository, releases) if public else {}
        made_from = fingerprint(held, owned=bool(owned))
        books = await books_held(catalog)
        texts_from = wording_fingerprint(made_from, books)
        files = WordingFiles(search_folder(settings))
        if force or not files.is_current(texts_from):
            # Before the index: texts that lead to a code which the index does not hold yet find it a moment later.
            wording = await gather(catalog, repository, releases, books, owned, progress)
            await asyncio.to_thread(files.save, wording, texts_from)
        manifest = await rebuild_if_changed(
            engine.index(SCHEMA),
            lambda: documents(catalog, releases, owned),
            fingerprint=made_from,
            total=sum(release.rows for release in releases),
            progress=progress,
            force=force,
        )
        if manifest is not None:
            progress(1.0, f"{manifest.documents:,} codes can be found")
        return manifest
    finally:
        await repository.close()
        await engine.close()
        await catalog.close()
        await database.close()


async def _owned(repository: CatalogRepository, releases: Sequence[Release]) -> dict[int, dict[str, str]]:
    """Titles of licensed text, for an operator whose licence lets everybody see them."""
    return {
        release.id: await repository.read(release.id, lambda c, r=release.id: titles(c, r))
        for release in releases
        if release.kind == LICENSED
    }
