"""A claim as rows of comma-separated text, as spreadsheets and the form of the page write it."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

from ahead.lookup.parameters import read_as_of
from ahead.shared.errors import BadInput

from .schemas import Claim, ClaimLine, Diagnosis, Procedure, Setting

SETTINGS: dict[str, Setting] = {
    "practitioner": "practitioner",
    "outpatient_hospital": "outpatient_hospital",
    "inpatient": "inpatient",
    "dme_supplier": "dme_supplier",
}


def read_csv(text: str) -> Claim:
    """One claim as rows that begin with what they are.

    setting,practitioner / filed,TX,Novitas / patient,67,F / discharged,2026-02-03 / diagnosis,E11.9,Y /
    procedure,0DTJ4ZZ,2026-02-01 /
    line,99213,25,1,2026-02-02,11,1 2,1234567893 / earlier,... (as line)
    """
    setting: Setting = "practitioner"
    age: int | None = None
    sex = state = contractor = ""
    discharged: date | None = None
    diagnoses: list[Diagnosis] = []
    procedures: list[Procedure] = []
    lines: list[ClaimLine] = []
    earlier: list[ClaimLine] = []
    for number, cells in _rows(text):
        what, cell = cells[0].lower(), [*cells, *[""] * 8]
        if what == "setting":
            if cell[1] not in SETTINGS:
                raise bad_claim(
                    f"Row {number}: {cell[1][:40]!r} is no setting.", f"Settings: {', '.join(SETTINGS)}."
                )
            setting = SETTINGS[cell[1]]
        elif what == "filed":
            state, contractor = cell[1], cell[2]
        elif what == "patient":
            age, sex = _age(number, cell[1]), cell[2]
        elif what == "discharged":
            discharged = _dated(number, cell[1])
        elif what == "diagnosis":
            diagnoses.append(Diagnosis(cell[1], cell[2]))
        elif what == "procedure":
            procedures.append(Procedure(cell[1], _dated(number, cell[2]) if cell[2] else None))
        elif what in ("line", "earlier"):
            (lines if what == "line" else earlier).append(_csv_line(number, cell))
        else:
            raise bad_claim(
                f"Row {number} begins with {cells[0][:40]!r}.",
                "Rows begin with setting, filed, patient, discharged, diagnosis, procedure, line or earlier.",
            )
    return Claim(
        setting,
        tuple(diagnoses),
        tuple(lines),
        tuple(procedures),
        tuple(earlier),
        age=age,
        sex=sex,
        discharged=discharged,
        state=state,
        contractor=contractor,
    )


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), strict=True), 1):
            tidy = [cell.strip() for cell in cells]
            if any(tidy) and not tidy[0].startswith("#"):
                yield number, tidy
    except csv.Error as error:
        raise bad_claim(f"The text can't be read: {error}") from None


def _csv_line(number: int, cell: list[str]) -> ClaimLine:
    if cell[3] and not re.fullmatch(r"[0-9]{1,7}", cell[3]):
        raise bad_claim(f"Row {number}: {cell[3][:20]!r} is no number of units.")
    pointers = cell[6].replace(";", " ").split()
    if any(not pointer.isdecimal() for pointer in pointers):
        raise bad_claim(f"Row {number}: pointers are numbers of diagnoses, such as 1 2.")
    return ClaimLine(
        cell[1],
        _dated(number, cell[4]),
        tuple(cell[2].replace(";", " ").split()),
        int(cell[3] or 1),
        cell[5],
        cell[7],
        tuple(int(pointer) for pointer in pointers),
    )


def _dated(number: int, text: str) -> date:
    try:
        day = read_as_of(text)
    except BadInput as problem:
        raise bad_claim(f"Row {number}: {problem.detail}", problem.hint) from None
    if day is None:
        raise bad_claim(f"Row {number} has no date.", "Write it as YYYY-MM-DD.")
    return day


def _age(number: int, text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", text):
        raise bad_claim(f"Row {number}: {text[:20]!r} is no age in years.")
    return int(text)


def bad_claim(detail: str, hint: str = "") -> BadInput:
    return BadInput(detail, slug="bad-claim", title="The claim can't be read", hint=hint)
