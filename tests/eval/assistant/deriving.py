"""Expected facts of the question set, worked out from the official files by a reader of its own.

Shares no code with any service. A derivation is a mapping with `derive` and its arguments; `facts` answers the
strings that a right answer must contain. A derivation that does not resolve raises `LookupError`.
"""

import contextlib
import csv
import gzip
import zipfile
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

PTP = {"practitioner": "ncci/ptp_practitioner_2024-07-01.tsv.gz"}
PTP["hospital"] = "ncci/ptp_outpatient_hospital_2024-07-01.tsv.gz"
MUE = {
    "practitioner": "ncci/mue_practitioner_2024-07-01.csv",
    "hospital": "ncci/mue_outpatient_hospital_2024-07-01.csv",
    "dme": "ncci/mue_dme_supplier_2024-07-01.csv",
}


class Sources:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._csv = lru_cache(maxsize=None)(self._read_csv)
        self._relative_values = lru_cache(maxsize=1)(self._read_pfs)
        self._lines = lru_cache(maxsize=None)(self._read_lines)
        self._order = lru_cache(maxsize=None)(self._read_order)
        self._wanted: set[tuple[str, str, str]] = set()
        self._pairs: dict[tuple[str, str, str], list[tuple[str, str]]] | None = None

    def expect(self, derivations: list[Mapping[str, Any]]) -> None:
        """Say which pairs will be asked, so that the two big files are read once."""
        self._wanted = {(d["setting"], d["one"], d["two"]) for d in derivations if d["derive"] == "ptp"}
        self._pairs = None

    def facts(self, derivation: Mapping[str, Any]) -> list[str]:
        way: Callable[..., list[str]] = getattr(self, f"_derive_{derivation['derive']}")
        return way(**{name: value for name, value in derivation.items() if name != "derive"})

    def _read_csv(self, relative: str) -> list[dict[str, str]]:
        with (self._root / relative).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def _member(self, relative: str, ending: str) -> Iterator[str]:
        yield from self._lines(relative, ending)

    def _read_lines(self, relative: str, ending: str) -> list[str]:
        with zipfile.ZipFile(self._root / relative) as archive:
            name = next(n for n in archive.namelist() if n.lower().endswith(ending))
            return archive.read(name).decode("utf-8-sig", errors="replace").splitlines()

    def _one(self, relative: str, key: str, code: str) -> dict[str, str]:
        for row in self._csv(relative):
            if row[key] == code:
                return row
        raise LookupError(f"{code} is not in {relative}")

    def _derive_mue(self, code: str, setting: str) -> list[str]:
        row = self._one(MUE[setting], "hcpcs_code", code)
        return [row["mue_units"]]

    def _derive_ptp(self, one: str, two: str, setting: str) -> list[str]:
        """The indicator of the active edit of this pair, in the order of the file."""
        if self._pairs is None:
            self._pairs = {}
            for place, relative in PTP.items():
                wanted = {f"{a}\t{b}\t" for s, a, b in self._wanted if s == place}
                with gzip.open(self._root / relative, "rt", encoding="utf-8") as file:
                    for line in file:
                        if line[:12] in wanted:
                            a, b, deleted, indicator, _ = line.rstrip("\n").split("\t")
                            self._pairs.setdefault((place, a, b), []).append((deleted, indicator))
        for deleted, indicator in self._pairs.get((setting, one, two), ()):
            if deleted == "*":
                return [one, two, indicator]
        raise LookupError(f"no active edit {one}/{two} for {setting}")

    def _derive_addon(self, code: str) -> list[str]:
        """One listed primary suffices; the answer must at least say the add-on's own code."""
        rows = [r for r in self._csv("ncci/addon_code_edits_2024-06-03.csv") if r["add_on_code"] == code]
        if not rows:
            raise LookupError(f"{code} is no add-on")
        return [
            code,
            *({r["primary_code"] for r in rows} if len({r["primary_code"] for r in rows}) == 1 else ()),
        ]

    def _read_pfs(self) -> dict[str, list[str]]:
        with (self._root / "pfs/PPRRVU2025_Oct.csv").open(encoding="utf-8-sig", newline="") as file:
            return {row[0]: row for row in csv.reader(file) if not row[1].strip()}

    def _pfs(self, code: str) -> list[str]:
        try:
            return self._relative_values()[code]
        except KeyError:
            raise LookupError(f"{code} is not in the fee schedule") from None

    def _derive_global(self, code: str) -> list[str]:
        days = self._pfs(code)[14]
        return [days.lstrip("0") or "0"] if days.isdigit() else [days]

    def _derive_work(self, code: str) -> list[str]:
        return [self._pfs(code)[5]]

    def _derive_fee(self, code: str, carrier: str, locality: str, setting: str) -> list[str]:
        """Dollars: RVUs by the three indices, times the conversion factor, rounded half up at the end."""
        row = self._pfs(code)
        with (self._root / "pfs/GPCI2025.csv").open(encoding="utf-8-sig", newline="") as file:
            area = next(r for r in csv.reader(file) if r[0].strip() == carrier and r[2].strip() == locality)
        work, practice, liability = (Decimal(cell.strip()) for cell in area[4:7])
        expense = Decimal(row[6] if setting == "nonfacility" else row[8])
        total = Decimal(row[5]) * work + expense * practice + Decimal(row[10]) * liability
        return [str((total * Decimal(row[24])).quantize(Decimal("0.01"), ROUND_HALF_UP))]

    def _derive_lab(self, code: str) -> list[str]:
        return [self._one("clfs/clfs-2026q2-rates-derived.csv", "hcpcs", code)["rate_usd"]]

    def _derive_hcpcs(self, code: str) -> list[str]:
        row = self._one("hcpcs/hcpcs_level2_2024q3_from_ANWEB.csv", "hcpcs_code", code)
        return [code, row["long_description"].split(",")[0].split(";")[0].strip()]

    def _derive_modifier(self, code: str) -> list[str]:
        row = self._one("reference/hcpcs_level2_modifiers_2024.csv", "mod_code", code)
        return [code, " ".join(row["mod_description"].split()[:3])]

    def _derive_place(self, code: str) -> list[str]:
        return [code, self._one("reference/place_of_service_codes_2024.csv", "pos_code", code)["pos_name"]]

    def _read_order(self, relative: str, ending: str) -> dict[str, tuple[bool, str]]:
        lines = self._member(relative, ending)
        return {x[6:14].strip(): (x[14:15] == "1", x[77:].strip()) for x in lines if len(x) > 77}

    def _cm(self, code: str) -> tuple[bool, str]:
        return self._order("icd10cm/icd10cm-2026.zip", "order-2026.txt")[code.replace(".", "")]

    def _derive_diagnosis(self, code: str) -> list[str]:
        return [code, self._cm(code)[1]]

    def _derive_billable(self, code: str, billable: bool) -> list[str]:
        if self._cm(code)[0] is not billable:
            raise LookupError(f"{code}: billable is not {billable}")
        return [code]

    def _derive_procedure(self, code: str) -> list[str]:
        return [code, self._order("icd10pcs/icd10pcs-2026.zip", "order_2026.txt")[code][1]]

    def _derive_gem(self, code: str) -> list[str]:
        """ICD-9-CM to ICD-10-CM: every target, with its dot."""
        found = [
            line.split()[1]
            for line in self._member("gems/dxgem-2018.zip", "2018_i9gem.txt")
            if line.split()[0] == code.replace(".", "")
        ]
        if not found:
            raise LookupError(f"{code} is not in the map")
        return [t if len(t) <= 3 else f"{t[:3]}.{t[3:]}" for t in found]

    def _derive_absent(self, code: str) -> list[str]:
        """Proves that no file of any code system held knows this code."""
        bare = code.replace(".", "")
        held = bare in self._order("icd10cm/icd10cm-2026.zip", "order-2026.txt")
        held |= bare in self._order("icd10pcs/icd10pcs-2026.zip", "order_2026.txt")
        held |= any(r["hcpcs_code"] == bare for r in self._csv("hcpcs/hcpcs_level2_2024q3_from_ANWEB.csv"))
        for line in self._member("icd10cm/icd10cm-2027.zip", "codes_2027.txt"):
            held |= line.split(maxsplit=1)[0] == bare if line.strip() else False
        with contextlib.suppress(LookupError):
            held |= bool(self._pfs(bare))
        if held:
            raise LookupError(f"{code} exists")
        return []

    def _derive_nothing(self, why: str) -> list[str]:
        if not why:
            raise LookupError("say why the sources cannot answer")
        return []

    def _derive_poa(self, code: str, exempt: bool) -> list[str]:
        listed = any(
            x.split("\t")[1:2] == [code]
            for x in self._member("icd10cm/poa-exempt-2026.zip", "poaexemptcodesfy26.txt")
        )
        if listed is not exempt:
            raise LookupError(f"{code}: exempt is not {exempt}")
        self._cm(code)
        return [code, "exempt"]

    def _derive_severity(self, code: str, level: str) -> list[str]:
        for name, ending in (
            ("MCC", "6i-complete-mcc-list-fy2026.txt"),
            ("CC", "6j-complete-cc-list-fy2026.txt"),
        ):
            lines = self._member("msdrg/ipps-fy2026-tables.zip", ending)
            if any(x.split("\t")[0].strip() == code for x in lines):
                if name != level:
                    raise LookupError(f"{code} is {name}")
                return [code, name]
        if level != "none":
            raise LookupError(f"{code} is neither CC nor MCC")
        return [code]

    def _derive_weight(self, drg: str) -> list[str]:
        for line in self._member("msdrg/ipps-fy2026-tables.zip", "table-5-fy2026-final.txt"):
            cells = line.split("\t")
            if cells[0].strip() == drg:
                return [cells[7].strip()]
        raise LookupError(f"no MS-DRG {drg}")

    def known(self) -> dict[str, str]:
        """Every code held, without dot; of ICD-10-CM the last digits of the years that have it in force."""
        found = {row["hcpcs_code"]: "h" for row in self._csv("hcpcs/hcpcs_level2_2024q3_from_ANWEB.csv")}
        found |= {row["hcpcs"]: "l" for row in self._csv("clfs/clfs-2026q2-rates-derived.csv")}
        found |= {row["hcpcs_code"]: "m" for name in MUE.values() for row in self._csv(name)}
        found |= dict.fromkeys(self._relative_values(), "p")
        found |= dict.fromkeys(self._order("icd10pcs/icd10pcs-2026.zip", "order_2026.txt"), "s")
        lists = [("5", "icd10cm/icd10cm-2025-april.zip", "codes"), ("7", "icd10cm/icd10cm-2027.zip", "codes")]
        headings = self._order("icd10cm/icd10cm-2026.zip", "order-2026.txt")
        for code in headings:
            found[code] = found.get(code, "") + "6"
        for year, relative, kind in lists:
            with zipfile.ZipFile(self._root / relative) as archive:
                name = next(
                    n for n in archive.namelist() if kind in n and "addenda" not in n and n.endswith(".txt")
                )
                held = {x.split(maxsplit=1)[0] for x in archive.read(name).decode().splitlines() if x.strip()}
            # headings carry over where a list holds billable codes only
            for code in held | {c for c in headings if not headings[c][0]}:
                found[code] = found.get(code, "") + year
        return found
