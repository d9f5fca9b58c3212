"""Gathers all texts that lead to codes from the releases held, for the wording."""

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.schemas import Release
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.indexes import repository as rows
from ahead.lookup.indexes.kinds import KINDS as BOOKS
from ahead.lookup.search.documents import CODE_KINDS, OWNED, chapter_key, rank
from ahead.lookup.search.texts import SHORT, TERM, TITLE, book_texts
from ahead.lookup.search.wording import Wording, WordingBuilder
from ahead.shared.processes import Progress, no_progress

_BOOKS_OF = "icd10cm"
_LONG_AND_SHORT = "hcpcs"


async def books_held(catalog: Catalog) -> tuple[Release, ...]:
    """The newest release of each index book."""
    every = [await catalog.releases(kind.system) for kind in BOOKS.values()]
    return tuple(max(held, key=lambda release: (release.window_from, release.id)) for held in every if held)


def wording_fingerprint(of_documents: str, books: Sequence[Release]) -> str:
    parts = [of_documents, *(f"{book.id} {book.sha256} {book.loader}" for book in books)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


async def gather(
    catalog: Catalog,
    repository: CatalogRepository,
    releases: Sequence[Release],
    books: Sequence[Release],
    owned: Mapping[int, Mapping[str, str]] | None = None,
    progress: Progress = no_progress,
) -> Wording:
    """owned: owners' titles by release and code, where everybody may see them."""
    builder = WordingBuilder()
    newest_first = sorted(releases, key=lambda release: (release.window_from, release.id), reverse=True)
    for i, release in enumerate(newest_first):
        progress(i / (len(newest_first) + 1), f"reading the texts of {release.system} {release.edition}")
        await _codes(builder, catalog, release, (owned or {}).get(release.id, {}))
    for book, kind in BOOKS.items():
        release = next((one for one in books if one.system == kind.system), None)
        if release is None:
            continue
        entries = await repository.read(release.id, lambda c, r=release.id: _every(c, r))
        for text in book_texts(book, entries):
            known = (builder.number(_BOOKS_OF, code) for code in text.codes)
            if numbers := [number for number in known if number is not None]:
                builder.text(text.kind, text.text, numbers)
    return builder.build()


async def _codes(
    builder: WordingBuilder, catalog: Catalog, release: Release, titles: Mapping[str, str]
) -> None:
    builder.release(release.id)
    above: list[tuple[int, str]] = []
    async for node in catalog.documents(release.id):
        if node.kind not in CODE_KINDS:
            continue
        while above and above[-1][0] >= node.depth:
            above.pop()
        parent = above[-1][1] if above else None
        above.append((node.depth, node.code))
        title = titles.get(node.code, "") or ("" if node.system in OWNED else node.title)
        number = builder.code(
            node.system,
            node.code,
            parent,
            title,
            chapter=chapter_key(node.system, node.chapter),
            billable=node.billable,
            prior=rank(node),
        )
        if title:
            builder.text(TITLE, title, [number])
        if node.kind == "extension":
            continue  # the notes of the code above stand there as well
        kind = SHORT if node.system == _LONG_AND_SHORT else TERM
        for text in (*node.inclusion_terms, *node.includes):
            builder.text(kind, text, [number])


def _every(connection: Connection, release: int) -> list[rows.EntryRow]:
    entries: list[rows.EntryRow] = []
    while chunk := rows.all_entries(connection, release, entries[-1].ordinal if entries else 0):
        entries += chunk
    return entries
