"""Claims as programs and spreadsheets write them: 837P and 837I interchanges, and comma-separated text.

Names, addresses and member numbers in an interchange are passed over: a claim here has codes, dates, age and sex, and
the state of who bills, where it is filed.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from ahead.lookup.parameters import read_as_of
from ahead.shared.errors import BadInput

from .schemas import Claim, ClaimLine, Diagnosis, Procedure, Setting

MAX_CHARACTERS = 1_000_000
MAX_CLAIMS = 50
_PRINCIPAL, _OTHER = ("ABK", "BK"), ("ABF", "BF", "ABN", "BN")
_PROCEDURES = ("BBR", "BBQ")
_INPATIENT_BILLS = ("11", "18", "41")
SETTINGS: dict[str, Setting] = {
    "practitioner": "practitioner",
    "outpatient_hospital": "outpatient_hospital",
    "inpatient": "inpatient",
    "dme_supplier": "dme_supplier",
}


def read_any(text: str) -> list[Claim]:
    """The claims of a pasted or uploaded text, told apart by how it begins.

    Raises:
        BadInput: it is neither form, or can't be read; says where.
    """
    if len(text) > MAX_CHARACTERS:
        raise _bad(f"The text is longer than {MAX_CHARACTERS:,} characters.")
    text = text.lstrip("\ufeff \r\n\t")
    if text.startswith("ISA"):
        return read_x12(text)
    if not text:
        raise _bad("Nothing was given.", "Paste an 837 interchange, or lines of comma-separated text.")
    return [read_csv(text)]


def read_x12(text: str) -> list[Claim]:
    """The claims of an 837P or 837I interchange, at most `MAX_CLAIMS`."""
    from x12sdk.io import X12ModelReader

    if len(text) < 106:
        raise _bad("The interchange is cut off: its ISA segment has 106 characters.")
    # The reader passes over a transaction without an end; here that would be a claim nobody checked.
    end = text.rstrip().removesuffix(text[105]).rpartition(text[105])[2].strip()
    if not end.startswith(f"IEA{text[3]}"):
        raise _bad("The interchange is cut off: its last segment is not IEA.")
    found: list[Claim] = []
    try:
        with X12ModelReader(text) as reader:
            models: Iterator[Any] = reader.models()
            for model in models:
                version = str(model.header.st_segment.implementation_convention_reference or "")
                if "X222" not in version and "X223" not in version:
                    raise _bad(f"The transaction {version[:20]!r} is no 837P and no 837I.")
                for submitted in model.claims():
                    found.append(_claim(submitted, professional="X222" in version))
                    if len(found) > MAX_CLAIMS:
                        raise _bad(f"The interchange has more than {MAX_CLAIMS} claims: check fewer at once.")
    except BadInput:
        raise
    except Exception as error:  # the reader raises many kinds, all about what it was given
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise _bad(f"The interchange can't be read: {reason}") from error
    if not found:
        raise _bad("The interchange has no claim.")
    return found


def _claim(submitted: Any, *, professional: bool) -> Claim:
    claim = submitted.claim
    location = (claim.clm_segment.health_care_service_location_information or "").split(":")
    place = location[0]
    diagnoses, procedures = _coded(claim.hi_segment)
    start, end = _claim_dates(claim)
    lines = tuple(
        _line(loop, place if professional else "", start, submitted, claim) for loop in claim.loop_2400 or ()
    )
    setting: Setting = "practitioner"
    if not professional:
        setting = "inpatient" if place in _INPATIENT_BILLS else "outpatient_hospital"
    age, sex = _patient(submitted, start or (lines[0].date_of_service if lines else None))
    return Claim(
        setting,
        diagnoses,
        tuple(line for line in lines if line.code),
        procedures,
        bill_type="" if professional else f"0{place}{location[2] if len(location) > 2 else ''}",
        age=age,
        sex=sex,
        discharged=end if setting == "inpatient" else None,
        state=_state(submitted, claim, professional=professional),
    )


def _state(submitted: Any, claim: Any, *, professional: bool) -> str:
    """Of the service facility where the claim names one, else of who bills; "" where it is no state's two letters."""
    facility = getattr(claim, "loop_2310c" if professional else "loop_2310e", None)
    for holder in (facility, submitted.billing_provider):
        address = getattr(holder, "n4_segment", None)
        text = str(getattr(address, "state_province_code", None) or "").strip().upper()
        if re.fullmatch(r"[A-Z]{2}", text):
            return text
    return ""


def _coded(segments: Any) -> tuple[tuple[Diagnosis, ...], tuple[Procedure, ...]]:
    first: list[Diagnosis] = []
    other: list[Diagnosis] = []
    procedures: list[Procedure] = []
    for segment in segments or ():
        for number in range(1, 13):
            parts = getattr(segment, f"health_care_code_{number}", None)
            if not parts or len(parts) < 2:
                continue
            qualifier, code = parts[0], parts[1]
            poa = parts[8] if len(parts) > 8 else ""
            if qualifier in _PRINCIPAL:
                first.append(Diagnosis(code, poa))
            elif qualifier in _OTHER:
                other.append(Diagnosis(code, poa))
            elif qualifier in _PROCEDURES:
                day = parts[3] if len(parts) > 3 else ""
                procedures.append(Procedure(code, _day(day) if day else None))
    return (*first, *other), tuple(procedures)


def _claim_dates(claim: Any) -> tuple[date | None, date | None]:
    """First and last day of an institutional claim's statement."""
    for segment in claim.dtp_segment or ():
        if str(segment.date_time_qualifier) == "434":
            days = _days(segment.date_time_period)
            return days[0], days[-1]
    return None, None


def _line(loop: Any, place: str, start: date | None, submitted: Any, claim: Any) -> ClaimLine:
    service: Any = getattr(loop, "sv1_segment", None) or getattr(loop, "sv2_segment", None)
    composite = (
        getattr(service, "product_service_id_qualifier", None)
        or getattr(service, "composite_medical_procedure_identifier", None)
        or ""
    )
    parts = str(composite).split(":")
    day = start
    segments = loop.dtp_segment or ()
    for segment in segments if isinstance(segments, list | tuple) else (segments,):
        if str(segment.date_time_qualifier) == "472":
            day = _days(segment.date_time_period)[0]
    if day is None:
        raise _bad(f"Line {loop.lx_segment.assigned_number} has no date of service.")
    units = service.service_unit_count
    if units is not None and units != int(units):
        raise _bad(f"Line {loop.lx_segment.assigned_number}: {units} is no whole number of units.")
    pointers = getattr(service, "composite_diagnosis_code_pointer", None) or ""
    return ClaimLine(
        parts[1] if len(parts) > 1 else "",
        day,
        tuple(part for part in parts[2:6] if part),
        int(units or 1),
        getattr(service, "place_of_service_code", None) or place,
        _rendering(loop, claim, submitted),
        tuple(int(one) for one in str(pointers).split(":") if one.isdecimal()),
    )


def _rendering(loop: Any, claim: Any, submitted: Any) -> str:
    """The identifier of who rendered a line: its own, the claim's, or who bills."""
    for holder, name in ((loop, "loop_2420a"), (claim, "loop_2310b")):
        found = getattr(holder, name, None)
        if found is not None and getattr(found.nm1_segment, "identification_code", None):
            return str(found.nm1_segment.identification_code)
    return str(getattr(submitted.billing_provider.nm1_segment, "identification_code", None) or "")


def _patient(submitted: Any, day: date | None) -> tuple[int | None, str]:
    person = getattr(submitted.patient, "dmg_segment", None)
    if person is None:
        return None, ""
    sex = str(getattr(person, "gender_code", "") or "")
    born = person.date_time_period
    if day is None or not isinstance(born, date):
        return None, sex
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)), sex


def _days(value: Any) -> list[date]:
    """A date, a range of dates, or their text."""
    if isinstance(value, date):
        return [value]
    if isinstance(value, list | tuple):
        return [day for one in value for day in _days(one)]
    return [_day(part) for part in str(value).split("-")]


def _day(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise _bad(f"{text[:20]!r} is no date.") from None


# Comma-separated text


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
                raise _bad(
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
            raise _bad(
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
        raise _bad(f"The text can't be read: {error}") from None


def _csv_line(number: int, cell: list[str]) -> ClaimLine:
    if cell[3] and not re.fullmatch(r"[0-9]{1,7}", cell[3]):
        raise _bad(f"Row {number}: {cell[3][:20]!r} is no number of units.")
    pointers = cell[6].replace(";", " ").split()
    if any(not pointer.isdecimal() for pointer in pointers):
        raise _bad(f"Row {number}: pointers are numbers of diagnoses, such as 1 2.")
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
        raise _bad(f"Row {number}: {problem.detail}", problem.hint) from None
    if day is None:
        raise _bad(f"Row {number} has no date.", "Write it as YYYY-MM-DD.")
    return day


def _age(number: int, text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", text):
        raise _bad(f"Row {number}: {text[:20]!r} is no age in years.")
    return int(text)


def _bad(detail: str, hint: str = "") -> BadInput:
    return BadInput(detail, slug="bad-claim", title="The claim can't be read", hint=hint)
