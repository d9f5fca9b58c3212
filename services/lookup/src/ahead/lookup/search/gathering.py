"""Gathers all texts that lead to codes from the releases held, for the wording."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.schemas import Release
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.hcpcs.repository import families
from ahead.lookup.indexes import repository as rows
from ahead.lookup.indexes.kinds import KINDS as BOOKS
from ahead.lookup.search import procedure_texts
from ahead.lookup.search.documents import CODE_KINDS, OWNED, chapter_key, rank
from ahead.lookup.search.texts import GROUP, SHORT, TERM, TITLE, Text, book_texts
from ahead.lookup.search.wording import Wording, WordingBuilder
from ahead.shared.processes import Progress, no_progress

_BOOKS_OF = "icd10cm"
_LONG_AND_SHORT = "hcpcs"
_GROUPS, _GROUPED = "rbcs", "cpt"
"""Medicare's own groups name what codes do whose titles are their owner's."""


async def books_held(catalog: Catalog) -> tuple[Release, ...]:
    """The newest release of each index book, of what stands beside the procedures, and of Medicare's groups."""
    named = [*(kind.system for kind in BOOKS.values()), *procedure_texts.SOURCES, _GROUPS]
    every = [await catalog.releases(system) for system in named]
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
    of_procedures = await _of_procedures(repository, books)
    between = procedure_texts.places_between(of_procedures)
    newest_first = sorted(releases, key=lambda release: (release.window_from, release.id), reverse=True)
    for i, release in enumerate(newest_first):
        progress(i / (len(newest_first) + 1), f"reading the texts of {release.system} {release.edition}")
        if release.system == procedure_texts.SYSTEM:
            await _procedures(builder, catalog, release, between)
        else:
            await _codes(builder, catalog, release, (owned or {}).get(release.id, {}))
    for book, kind in BOOKS.items():
        release = next((one for one in books if one.system == kind.system), None)
        if release is None:
            continue
        entries = await repository.read(release.id, lambda c, r=release.id: _every(c, r))
        _led(builder, _BOOKS_OF, book_texts(book, entries))
    _led(builder, procedure_texts.SYSTEM, of_procedures)
    if (groups := next((one for one in books if one.system == _GROUPS), None)) is not None:
        named = await repository.read(groups.id, lambda c: families(c, groups.id))
        _led(builder, _GROUPED, (Text(GROUP, name, codes) for name, codes in named.items()))
    return builder.build()


def _led(builder: WordingBuilder, system: str, texts: Iterable[Text]) -> None:
    for text in texts:
        known = (builder.number(system, code) for code in text.codes)
        if numbers := [number for number in known if number is not None]:
            builder.text(text.kind, text.text, numbers)


async def _of_procedures(repository: CatalogRepository, books: Sequence[Release]) -> list[Text]:
    """What the index, the definitions and the tables of the procedures say, as far as they are held."""
    held = {book.system: book.id for book in books}
    texts: list[Text] = []
    if (index := held.get(procedure_texts.INDEX)) is not None:
        texts += await repository.read(index, lambda c: list(procedure_texts.index_texts(c, index)))
    definitions, tables = held.get(procedure_texts.DEFINITIONS), held.get(procedure_texts.TABLES)
    if definitions is not None and tables is not None:
        parts = await repository.read(definitions, lambda c: procedure_texts.counted_parts(c, definitions))
        texts += await repository.read(tables, lambda c: list(procedure_texts.part_texts(c, tables, parts)))
    return texts


async def _procedures(
    builder: WordingBuilder, catalog: Catalog, release: Release, between: Collection[str]
) -> None:
    """Tables, the places between, and codes."""
    builder.release(release.id)
    nodes = [node async for node in catalog.documents(release.id) if node.kind in CODE_KINDS]
    titles = {node.code: node.title for node in nodes if len(node.code) == procedure_texts.WHOLE}
    common = procedure_texts.in_common(titles, between)
    for node in nodes:
        chapter = chapter_key(node.system, node.chapter)
        parent = None
        if len(node.code) == procedure_texts.WHOLE:
            parent = node.code[: procedure_texts.TABLE]
            for end in range(procedure_texts.TABLE + 1, procedure_texts.WHOLE):
                if (start := node.code[:end]) in common:
                    if builder.number(node.system, start) is None:
                        builder.code(
                            node.system, start, parent, common[start], chapter=chapter, billable=False
                        )
                    parent = start
        number = builder.code(
            node.system,
            node.code,
            parent,
            node.title,
            chapter=chapter,
            billable=node.billable,
            prior=rank(node),
        )
        builder.text(TITLE, node.title, [number])


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
