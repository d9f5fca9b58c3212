"""A claim as it is judged, and the answer."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.tools.schemas import ToolResult

Setting = Literal["practitioner", "outpatient_hospital", "inpatient", "dme_supplier"]


class Diagnosis(msgspec.Struct, frozen=True):
    """`poa`: Y, N, U, W, 1, or empty where none is reported."""

    code: str
    poa: str = ""


class ClaimLine(msgspec.Struct, frozen=True):
    """`pointers`: numbers of diagnoses, from 1. `rendering`: who rendered the service, any identifier."""

    code: str
    date_of_service: date
    modifiers: tuple[str, ...] = ()
    units: int = 1
    place_of_service: str = ""
    rendering: str = ""
    pointers: tuple[int, ...] = ()


class Procedure(msgspec.Struct, frozen=True):
    """ICD-10-PCS, for inpatient claims."""

    code: str
    performed: date | None = None


class Claim(msgspec.Struct, frozen=True):
    """`age` in years at the start of care; `sex` "F", "M" or "U". `discharged` dates an inpatient claim.
    `earlier`: lines of earlier claims of the same patient. `state` ("TX") and `contractor` ("Novitas", or more of its
    name) say where the claim is filed: coverage documents are of one contractor and its states."""

    setting: Setting
    diagnoses: tuple[Diagnosis, ...] = ()
    lines: tuple[ClaimLine, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    earlier: tuple[ClaimLine, ...] = ()
    bill_type: str = ""
    age: int | None = None
    sex: str = ""
    discharged: date | None = None
    state: str = ""
    contractor: str = ""

    @property
    def inpatient(self) -> bool:
        return self.setting == "inpatient"

    @property
    def dates(self) -> tuple[date, ...]:
        """The days that the claim is judged by: the discharge of an inpatient claim, else of its lines."""
        if self.inpatient and self.discharged is not None:
            return (self.discharged,)
        return tuple(sorted({line.date_of_service for line in self.lines}))


class Counts(msgspec.Struct, frozen=True):
    passed: int
    failed: int
    bypassed: int
    not_checked: int


class ClaimAnswer(msgspec.Struct, frozen=True):
    """`verdict` is "clean" only when nothing fails, nothing is bypassed on the record's word, and nothing is
    not checked."""

    as_of: date
    verdict: Literal["clean", "conflicts", "not_fully_checked"]
    counts: Counts
    results: tuple[ToolResult, ...]
