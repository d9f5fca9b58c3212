"""What the grouper tool is asked and answers."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Receipt
from ahead.lookup.tools.schemas import ToolResult

CodeRole = Literal["principal", "secondary", "procedure"]


class TypedDiagnosis(msgspec.Struct, frozen=True):
    """A diagnosis as typed, with or without its dot; `poa` Y, N, U or W, empty where the code is exempt."""

    code: str
    poa: str = ""


class Asked(msgspec.Struct, frozen=True):
    """An inpatient stay. `age` in years at admission; `sex` M, F or U; `discharge_status` as on the claim, "01";
    `as_of` the date of discharge (default today)."""

    principal: TypedDiagnosis
    secondary: tuple[TypedDiagnosis, ...] = ()
    procedures: tuple[str, ...] = ()
    age: int | None = None
    sex: str = ""
    discharge_status: str = "01"
    as_of: str | None = None


class CodeInCase(msgspec.Struct, frozen=True):
    """What one code of the stay does.

    `level`: CC, MCC or "". `counts`: it raises the severity of the stay. `why` says it in words. `drg_without`:
    the MS-DRG if this secondary diagnosis were not there, as the grouper says with the rest unchanged.
    """

    line: int
    role: CodeRole
    code: str
    poa: str
    level: str
    counts: bool
    decides: bool
    why: str
    hac: str = ""
    drg_without: str = ""
    receipts: tuple[Receipt, ...] = ()


class Payment(msgspec.Struct, frozen=True):
    """Weight and lengths of stay of the MS-DRG from Table 5, as printed; `status` not_checked says why in `why`."""

    status: Literal["held", "not_checked"]
    why: str
    weight: str = ""
    weight_before_cap: str = ""
    gmlos: str = ""
    amlos: str = ""
    post_acute: bool = False
    special_pay: bool = False
    receipt: Receipt | None = None


class Grouped(msgspec.Struct, frozen=True):
    """The MS-DRG of the stay. `before_hacs` is the one it would have without hospital-acquired conditions."""

    drg: str
    title: str
    mdc: str
    mdc_title: str
    type: str
    severity: str
    version: str
    before_hacs: str
    made_by: tuple[str, ...]
    codes: tuple[CodeInCase, ...]
    payment: Payment


class GroupingAnswer(msgspec.Struct, frozen=True):
    """`results` has the verdict in the form of all tools; `grouping` is None where the stay wasn't grouped."""

    as_of: date
    results: tuple[ToolResult, ...]
    grouping: Grouped | None = None
    missing_poa: tuple[str, ...] = ()
