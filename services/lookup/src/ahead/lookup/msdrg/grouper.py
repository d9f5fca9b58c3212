"""The port to a grouper and code editor for inpatient claims.

Everything behind it is native and blocking, though fast (some 20,000 claims a second): services call it in a
thread.
"""

from datetime import date
from typing import Literal, Protocol

import msgspec

from ahead.lookup.catalog.schemas import Receipt

Poa = Literal["Y", "N", "U", "W", "1", ""]
Sex = Literal["M", "F", "U"]
Level = Literal["MCC", "CC", ""]


class Diagnosis(msgspec.Struct, frozen=True):
    """`code` without a dot; `poa` present on admission: yes, no, unknown, clinically undetermined, 1 exempt from
    reporting; empty: not said. A grouper takes an exempt code as present."""

    code: str
    poa: Poa = ""


class Case(msgspec.Struct, frozen=True):
    """One inpatient stay. `age` in years at admission, `discharge_status` the two digits of the claim as a number."""

    principal: Diagnosis
    secondary: tuple[Diagnosis, ...] = ()
    procedures: tuple[str, ...] = ()
    age: int = 65
    sex: Sex = "U"
    discharge_status: int = 1


class Version(msgspec.Struct, frozen=True):
    """A version of the grouper and the discharges that it is for."""

    number: int
    name: str
    first: date
    last: date


class Hac(msgspec.Struct, frozen=True):
    """A hospital-acquired condition that a code belongs to; `met` when it was counted as one."""

    number: str
    title: str
    met: bool


class GroupedDiagnosis(msgspec.Struct, frozen=True):
    """What the grouper did with one diagnosis.

    `level` is its level as a secondary diagnosis, before anything excludes it. `excluded`: by the principal
    diagnosis or the MS-DRG; `died`: it counts only if the patient is discharged alive; `used`: it made the MS-DRG
    what it is; `hac_ignored`: not present on admission, so that it doesn't count.
    """

    code: str
    valid: bool
    level: Level
    excluded: bool
    died: bool
    used: bool
    hacs: tuple[Hac, ...]


class GroupedProcedure(msgspec.Struct, frozen=True):
    code: str
    used: bool


class Grouping(msgspec.Struct, frozen=True):
    """The MS-DRG of a case. `initial` is the one before hospital-acquired conditions are taken out.

    `reason` is "OK", or why it can't be grouped, in the grouper's words: "INVALID_PDX".
    """

    reason: str
    drg: str
    title: str
    mdc: str
    mdc_title: str
    family: str
    level: Level
    initial: str
    initial_title: str
    principal: GroupedDiagnosis
    secondary: tuple[GroupedDiagnosis, ...]
    procedures: tuple[GroupedProcedure, ...]


class Edit(msgspec.Struct, frozen=True):
    """An edit of the Medicare Code Editor that a claim met, and how often."""

    name: str
    count: int


class Grouper(Protocol):
    """Groups inpatient stays, and edits their codes, by versions that it carries."""

    def version_for(self, discharged: date) -> Version | None:
        """None outside of what it knows."""
        ...

    def group(self, version: Version, case: Case) -> Grouping: ...

    def edits(self, discharged: date, case: Case) -> tuple[Edit, ...] | None:
        """None where its editor has no data for the date."""
        ...

    def receipt(self, discharged: date) -> Receipt:
        """Names program, version and window; it has no row."""
        ...

    def close(self) -> None: ...
