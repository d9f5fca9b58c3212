"""Claims as programs write them, 837P and 837I interchanges; and which form a text has.

Names, addresses and member numbers in an interchange are passed over: a claim here has codes, dates, age and sex, and
the state of who bills, where it is filed.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from ahead.shared.errors import BadInput

from .comma_separated import bad_claim, read_csv
from .schemas import Claim, ClaimLine, Diagnosis, Procedure, Setting

MAX_CHARACTERS = 1_000_000
MAX_CLAIMS = 50
_PRINCIPAL, _OTHER = ("ABK", "BK"), ("ABF", "BF", "ABN", "BN")
_PROCEDURES = ("BBR", "BBQ")
_INPATIENT_BILLS = ("11", "18", "41")


def read_any(text: str) -> list[Claim]:
    """The claims of a pasted or uploaded text, told apart by how it begins.

    Raises:
        BadInput: it is neither form, or can't be read; says where.
    """
    if len(text) > MAX_CHARACTERS:
        raise bad_claim(f"The text is longer than {MAX_CHARACTERS:,} characters.")
    text = text.lstrip("\ufeff \r\n\t")
    if text.startswith("ISA"):
        return read_x12(text)
    if not text:
        raise bad_claim("Nothing was given.", "Paste an 837 interchange, or lines of comma-separated text.")
    return [read_csv(text)]


def read_x12(text: str) -> list[Claim]:
    """The claims of an 837P or 837I interchange, at most `MAX_CLAIMS`."""
    from x12sdk.io import X12ModelReader

    if len(text) < 106:
        raise bad_claim("The interchange is cut off: its ISA segment has 106 characters.")
    # The reader passes over a transaction without an end; here that would be a claim nobody checked.
    end = text.rstrip().removesuffix(text[105]).rpartition(text[105])[2].strip()
    if not end.startswith(f"IEA{text[3]}"):
        raise bad_claim("The interchange is cut off: its last segment is not IEA.")
    found: list[Claim] = []
    try:
        with X12ModelReader(text) as reader:
            models: Iterator[Any] = reader.models()
            for model in models:
                version = str(model.header.st_segment.implementation_convention_reference or "")
                if "X222" not in version and "X223" not in version:
                    raise bad_claim(f"The transaction {version[:20]!r} is no 837P and no 837I.")
                for submitted in model.claims():
                    found.append(_claim(submitted, professional="X222" in version))
                    if len(found) > MAX_CLAIMS:
                        raise bad_claim(
                            f"The interchange has more than {MAX_CLAIMS} claims: check fewer at once."
                        )
    except BadInput:
        raise
    except Exception as error:  # the reader raises many kinds, all about what it was given
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise bad_claim(f"The interchange can't be read: {reason}") from error
    if not found:
        raise bad_claim("The interchange has no claim.")
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
        raise bad_claim(f"Line {loop.lx_segment.assigned_number} has no date of service.")
    units = service.service_unit_count
    if units is not None and units != int(units):
        raise bad_claim(f"Line {loop.lx_segment.assigned_number}: {units} is no whole number of units.")
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
        raise bad_claim(f"{text[:20]!r} is no date.") from None
