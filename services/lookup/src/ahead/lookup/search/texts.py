"""The texts that lead to codes: official titles, inclusion terms and the four books, each with its codes.

What a text leads to is what the official source says; of the table of neoplasms and of the table of drugs every
cell becomes a text of its own, its column in words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ahead.lookup.indexes.kinds import Book
from ahead.lookup.indexes.repository import EntryRow

TITLE, TERM, INDEX, EXTERNAL, NEOPLASM, DRUG, SHORT, PROCEDURE_INDEX, PROCEDURE_TERM, GROUP = range(10)
KINDS = (
    "title",
    "inclusion term",
    "alphabetic index",
    "external cause index",
    "table of neoplasms",
    "table of drugs",
    "short title",
    "procedure index",
    "part of the body",
    "Medicare group",
)
_OF_BOOK: dict[Book, int] = {
    "index": INDEX,
    "external-cause": EXTERNAL,
    "neoplasm": NEOPLASM,
    "drugs": DRUG,
}

# What stands in parentheses may be there or not (a nonessential modifier): other words for the same column.
_NEOPLASM = (
    "malignant neoplasm (primary) (cancer) (carcinoma) (tumor)",
    "secondary malignant neoplasm (metastatic) (metastasis) (cancer) (carcinoma)",
    "in situ neoplasm (carcinoma) (cancer)",
    "benign neoplasm (tumor)",
    "neoplasm of uncertain behavior (tumor)",
    "neoplasm of unspecified behavior (tumor) (mass) (growth)",
)
_DRUGS = (
    "poisoning, accidental (unintentional) (overdose) (toxicity) (toxic effect)",
    "poisoning, intentional self-harm (overdose) (suicide attempt) (toxic effect)",
    "poisoning, assault (overdose) (toxic effect)",
    "poisoning, undetermined (overdose) (toxic effect)",
    "adverse effect (reaction) (toxicity) (side effect)",
    "underdosing (noncompliance) (missed doses)",
)


@dataclass(frozen=True, slots=True)
class Text:
    """codes: keys, without dots; each stands for all that lies below it."""

    kind: int
    text: str
    codes: tuple[str, ...]


def key_of(printed: str) -> str:
    return printed.replace(".", "").rstrip("-").strip()


def book_texts(book: Book, entries: Iterable[EntryRow]) -> Iterator[Text]:
    """Every term with the terms above it, as a coder would say it, and the codes printed beside it."""
    kind = _OF_BOOK[book]
    columns = _NEOPLASM if book == "neoplasm" else _DRUGS if book == "drugs" else ()
    titles: dict[int, str] = {}
    places: dict[str, tuple[str, ...]] = {}
    seeing: list[tuple[str, str]] = []
    for entry in entries:
        titles[entry.ordinal] = entry.printed
        path = ", ".join([*(titles[ordinal] for ordinal in entry.above), entry.printed])
        if columns:
            yield from _cells(kind, path, entry.cells, columns)
            continue
        codes = tuple(
            key
            for key in map(
                key_of, (entry.code, entry.manifestation, entry.see_category, entry.see_subcategory)
            )
            if key
        )
        if codes:
            places.setdefault(_place(path), codes)
            yield Text(kind, path, codes)
        elif entry.see:
            seeing.append((path, entry.see))
    yield from _referred(kind, seeing, places)


def _cells(kind: int, path: str, cells: str, columns: Sequence[str]) -> Iterator[Text]:
    if kind == NEOPLASM:
        path = path.removeprefix("Neoplasm, neoplastic").lstrip(" ,")
    for column, printed in zip(columns, cells.split("|"), strict=False):
        if key := key_of(printed):
            yield Text(kind, f"{path}, {column}" if path else column, (key,))


def _referred(
    kind: int, seeing: Sequence[tuple[str, str]], places: Mapping[str, tuple[str, ...]]
) -> Iterator[Text]:
    """Terms that only say "see": they lead where the term they name leads."""
    for path, reference in seeing:
        for one in reference.split(";"):
            if codes := places.get(_place(one)):
                yield Text(kind, path, codes)


def _place(path: str) -> str:
    """A path of terms, without nonessential modifiers, to compare with what a reference names."""
    out: list[str] = []
    depth = 0
    for sign in path.lower():
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and sign != ")":
            out.append(sign)
    return ", ".join(" ".join(part.split()) for part in "".join(out).split(",") if part.strip())
