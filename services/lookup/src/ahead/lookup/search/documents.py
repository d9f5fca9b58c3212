"""What the search index is told about a code."""

import hashlib
from collections.abc import AsyncIterator, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from ahead.lookup.catalog.schemas import Document as Node
from ahead.lookup.catalog.schemas import Release
from ahead.lookup.catalog.service import Catalog
from ahead.shared.search.index import MAX_RANK, Document, FilterField, IndexSchema, TextField

SCHEMA = IndexSchema(
    name="lookup_codes",
    version=6,
    text=(
        TextField("code", 10, spelled=False),
        TextField("title", 8),
        TextField("terms", 6),
        TextField("context", 1, spelled=False),
    ),
    filters=(
        FilterField("release", "integer"),
        FilterField("system", facet=True),
        FilterField("chapter", facet=True),
        FilterField("billable", "boolean", facet=True),
    ),
)
"""Raise the version whenever `document` makes something different of the same code."""

OWNED = frozenset({"cpt"})
"""Code systems whose titles are their owner's: what stands in their place is our own name for a group of numbers, by
which a code isn't looked for."""

CODE_KINDS = ("category", "subcategory", "code", "extension")
"""Chapters and sections are browsed; what is searched for is codes and their headings."""

_KIND_RANK = {"category": 600, "subcategory": 500, "code": 520, "extension": 150}
_INITIAL_RANK = 300
_PROCEDURE_RANK, _ENDED_RANK = 420, 120
_COMMON_BONUS = 300
_DESCRIBED = Path(__file__).parent.parent / "descriptions" / "data" / "icd10cm.tsv"


def document(node: Node, owned: str = "") -> Document:
    """One code of one release.

    Args:
        owned: the owner's title, where the licence lets everybody see it.
    """
    prior = rank(node)
    title = owned or node.title
    return Document(
        id=document_id(node.release_id, node.code),
        text={
            "code": [node.code],
            "title": [] if node.system in OWNED and not owned else [title],
            "terms": [*node.inclusion_terms, *node.includes],
            "context": list(node.ancestors[1:3]),
        },
        values={
            "release": node.release_id,
            "system": node.system,
            "chapter": chapter_key(node.system, node.chapter),
            "billable": node.billable,
        },
        rank=prior,
        payload={
            "system": node.system,
            "code": node.dotted,
            "title": title,
            "billable": node.billable,
            "rank": prior,
        },
    )


def document_id(release: int, code: str) -> str:
    """code: undotted."""
    return f"{release}:{code}"


def chapter_key(system: str, chapter: str) -> str:
    """Chapters of two code systems share their numbers, so that the system belongs to the name: "icd10cm:4"."""
    return f"{system}:{chapter}"


def rank(node: Node) -> int:
    """How likely somebody means this code when the words fit several: the general and the common first."""
    base = _KIND_RANK[node.kind]
    if node.system == "hcpcs":
        base = _PROCEDURE_RANK if node.billable else _ENDED_RANK
    if node.kind == "extension" and node.code.endswith("A"):
        base = _INITIAL_RANK
    if node.system == "icd10cm" and node.code in common_codes():
        base += _COMMON_BONUS
    return max(0, min(MAX_RANK, base - min(len(node.title), 120)))


@lru_cache(maxsize=1)
def common_codes() -> frozenset[str]:
    """Codes that are in daily use: those that have a description of their own, without dots."""
    lines = _DESCRIBED.read_text("utf-8").splitlines() if _DESCRIBED.is_file() else []
    starts = (line.partition("\t")[0] for line in lines if line and not line.startswith("#"))
    return frozenset(code.replace(".", "") for code in starts)


def fingerprint(releases: Iterable[Release], owned: bool = False) -> str:
    """Equal as long as documents would be made from the same releases in the same way.

    owned: owners' titles are in them.
    """
    parts = ["owned titles"] if owned else []
    parts += [f"{release.id} {release.sha256} {release.loader}" for release in releases]
    digest = hashlib.sha256("\n".join([*parts, *sorted(common_codes())]).encode())
    return digest.hexdigest()[:32]


async def documents(
    catalog: Catalog, releases: Iterable[Release], owned: Mapping[int, Mapping[str, str]] | None = None
) -> AsyncIterator[Document]:
    """owned: owners' titles by release and code, where everybody may see them."""
    for release in releases:
        titles = (owned or {}).get(release.id, {})
        async for node in catalog.documents(release.id):
            if node.kind in CODE_KINDS:
                yield document(node, titles.get(node.code, ""))
