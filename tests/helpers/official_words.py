"""The words of the official texts held, read in place: what the lexicon of search may lead to."""

import csv
import io
import os
import re
import zipfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ahead.shared.search.analysis import words

_HERE = Path(__file__).parents[3] / "shared" / "data"
_NOTES = ("inclusionTerm", "includes")
_PCS_TEXTS = {"title", "definition", "explanation", "includes", "label", "use", "see", "body_part", "device"}


class Texts:
    """Official texts of one code system: titles, inclusion terms, and ways through its indexes."""

    def __init__(self, coded: Iterable[tuple[str, str]]) -> None:
        self._texts = sorted({(code.replace(".", ""), text) for code, text in coded})
        self._codes = [code for code, _ in self._texts]
        self.vocabulary = frozenset(
            word for text in {text for _, text in self._texts} for word in set(words(text))
        )

    def below(self, prefix: str) -> Iterator[str]:
        """Every text about a code that begins with this."""
        for i in range(bisect_left(self._codes, prefix), len(self._codes)):
            if not self._codes[i].startswith(prefix):
                return
            yield self._texts[i][1]

    def says(self, prefix: str, phrase: str) -> bool:
        """A text about a code below `prefix` holds every word of the phrase."""
        wanted = set(words(phrase))
        return any(wanted <= set(words(text)) for text in self.below(prefix))


def official(*parts: str) -> Path:
    path = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or _HERE).joinpath(*parts)
    if not path.exists():
        if "AHEAD_OFFICIAL_DATA" in os.environ:
            pytest.fail(f"an official file is not there (AHEAD_OFFICIAL_DATA): {path}")
        pytest.skip("the official files are not on this machine (AHEAD_OFFICIAL_DATA)")
    return path


@lru_cache(maxsize=1)
def official_texts() -> dict[str, Texts]:
    """By code system. Read once for the run: a few seconds."""
    return {
        "icd10cm": Texts(_icd10cm()),
        "icd10pcs": Texts(_icd10pcs()),
        "hcpcs": Texts(_hcpcs()),
    }


def _icd10cm() -> Iterator[tuple[str, str]]:
    folder = official("icd10cm")
    for name, member in (("icd10cm-2026.zip", "icd10cm-order-2026.txt"),):
        for line in _lines(folder / name, member):
            yield line[6:14].strip(), line[77:].strip()
    for line in _lines(folder / "icd10cm-2027.zip", "icd10cm_codes_2027.txt"):
        code, _, title = line.partition(" ")
        yield code, title.strip()
    with zipfile.ZipFile(folder / "icd10cm-tabular-2021.zip") as archive:
        root = ElementTree.fromstring(archive.read("icd10cm_tabular_2021.xml"))
    for node in root.iter("diag"):
        code = node.findtext("name", "")
        yield code, node.findtext("desc", "")
        for kind in _NOTES:
            for note in node.iterfind(f"{kind}/note"):
                yield code, note.text or ""
    books = [(folder / "icd10cm-index-2025-rebuilt.zip", "RECONSTRUCTED-icd10cm-index-2025.xml")]
    tables = folder / "icd10cm-tables-april-2026.zip"
    books += [(tables, f"icd10cm-{book}-April-1-2026-XML.xml") for book in ("drug", "eindex", "neoplasm")]
    for path, member in books:
        with zipfile.ZipFile(path) as archive:
            root = ElementTree.fromstring(archive.read(member))
        for entry in root.iter("mainTerm"):
            yield from _ways(entry, "")


def _ways(entry: ElementTree.Element, above: str) -> Iterator[tuple[str, str]]:
    title = entry.find("title")
    way = f"{above} {' '.join(title.itertext()) if title is not None else ''}".strip()
    cells = [cell.text or "" for cell in entry.iterfind("cell")]
    for code in (*(entry.findtext(tag, "") for tag in ("code", "manif")), *cells, ""):
        yield code.strip("-. "), way
    for below in entry.iterfind("term"):
        yield from _ways(below, way)


def _icd10pcs() -> Iterator[tuple[str, str]]:
    folder = official("icd10pcs")
    for line in _lines(folder / "icd10pcs-2026.zip", "icd10pcs_order_2026.txt"):
        yield line[6:14].strip(), line[77:].strip()
    with zipfile.ZipFile(folder / "icd10pcs-xml-2021.zip") as archive:
        index = ElementTree.fromstring(archive.read("icd10pcs_index_2021.xml"))
        definitions = ElementTree.fromstring(archive.read("icd10pcs_definitions_2021.xml"))
    for root in (index, definitions):
        for element in root.iter():
            if element.text and element.text.strip():
                yield "", element.text
    for entry in index.iter("mainTerm"):
        yield from _procedures(entry, "")


def _procedures(entry: ElementTree.Element, above: str) -> Iterator[tuple[str, str]]:
    way = f"{above} {entry.findtext('title', '')}".strip()
    for codes in entry.iterfind("*/codes"):
        yield (codes.text or "").strip(), way
    for codes in entry.iterfind("codes"):
        yield (codes.text or "").strip(), way
    for below in entry.iterfind("term"):
        yield from _procedures(below, way)


def _hcpcs() -> Iterator[tuple[str, str]]:
    with official("hcpcs", "hcpcs_level2_2024q3_from_ANWEB.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["hcpcs_code"], row["long_description"]
            yield row["hcpcs_code"], row["short_description"]


def _lines(path: Path, member: str) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive, archive.open(member) as file:
        text = io.TextIOWrapper(file, encoding="utf-8")
        yield from (line.rstrip("\r\n") for line in text if re.search(r"\S", line))
