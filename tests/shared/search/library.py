"""A small index for the contract suite, with a name of its own for every test."""

from typing import Any
from uuid import uuid4

from ahead.shared.search.index import (
    Document,
    FilterField,
    IndexSchema,
    Query,
    Results,
    SearchIndex,
    TextField,
)


def schema(version: int = 1, name: str = "") -> IndexSchema:
    return IndexSchema(
        name=name or f"books_{uuid4().hex[:10]}",
        version=version,
        text=(TextField("title", 8), TextField("notes", 2)),
        filters=(
            FilterField("shelf", facet=True),
            FilterField("year", "integer", sort=True),
            FilterField("lent", "boolean", facet=True),
            FilterField("tags", facet=True),
        ),
    )


def book(
    number: int | str,
    title: str,
    *notes: str,
    shelf: str = "A",
    year: int = 2000,
    lent: bool = False,
    tags: list[str] | None = None,
    rank: int = 100,
) -> Document:
    return Document(
        id=str(number),
        text={"title": [title], "notes": list(notes)},
        values={"shelf": shelf, "year": year, "lent": lent, "tags": tags or []},
        rank=rank,
        payload={"title": title, "year": year},
    )


BOOKS = [
    book(1, "Essential hypertension", "high blood pressure", shelf="I", year=1990, tags=["heart", "common"]),
    book(2, "Secondary hypertension", "blood pressure from another cause", shelf="I", year=1995, lent=True),
    book(3, "Fracture of wrist", "broken bones", shelf="S", year=2001, tags=["injury"]),
    book(4, "Fractures of carpal bones", "wrist, seven of eight", shelf="S", year=2005, tags=["injury"]),
    book(5, "Sézary disease", "lymphoma of the skin", shelf="C", year=2010),
    book(6, "Injuries, head", "diagnoses, treatments", shelf="S", year=2015, lent=True),
]


def ids(results: Results) -> list[str]:
    return [hit.id for hit in results.hits]


async def found(index: SearchIndex, text: str, **asked: Any) -> list[str]:
    return ids(await index.search(Query(text, **asked)))
