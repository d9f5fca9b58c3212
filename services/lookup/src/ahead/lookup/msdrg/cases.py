"""Reads an inpatient stay as typed into a case for the grouper and the code editor."""

import re

from ahead.lookup.catalog.spelling import dotted, read
from ahead.shared.errors import BadInput

from .grouper import Case, Diagnosis, Poa, Sex
from .schemas import Asked, TypedDiagnosis

MAX_SECONDARY = 24
MAX_PROCEDURES = 25
"""What an institutional claim has room for, beside the principal diagnosis."""
MAX_AGE = 124
_PCS = re.compile(r"[0-9A-HJ-NP-Z]{7}")
_POA: dict[str, Poa] = {"Y": "Y", "N": "N", "U": "U", "W": "W", "": "", "1": "1"}
_SEX: dict[str, Sex] = {"M": "M", "F": "F", "U": "U"}

DISCHARGE_STATUSES = (
    ("01", "01 Home or self care"),
    ("02", "02 Short-term hospital"),
    ("03", "03 Skilled nursing facility"),
    ("04", "04 Custodial or supportive care"),
    ("05", "05 Cancer center or children's hospital"),
    ("06", "06 Home health"),
    ("07", "07 Left against medical advice"),
    ("20", "20 Died"),
    ("21", "21 Court or law enforcement"),
    ("30", "30 Still a patient"),
    ("43", "43 Federal hospital"),
    ("50", "50 Hospice at home"),
    ("51", "51 Hospice in a facility"),
    ("61", "61 Swing bed of the hospital"),
    ("62", "62 Inpatient rehabilitation"),
    ("63", "63 Long-term care hospital"),
    ("64", "64 Nursing facility, Medicaid only"),
    ("65", "65 Psychiatric hospital"),
    ("66", "66 Critical access hospital"),
    ("69", "69 Designated disaster care site"),
    ("70", "70 Other facility"),
    ("81", "81 Home, planned readmission"),
    ("82", "82 Short-term hospital, planned readmission"),
    ("83", "83 Skilled nursing facility, planned readmission"),
    ("84", "84 Custodial care, planned readmission"),
    ("85", "85 Cancer center or children's hospital, planned readmission"),
    ("86", "86 Home health, planned readmission"),
    ("87", "87 Law enforcement, planned readmission"),
    ("88", "88 Federal hospital, planned readmission"),
    ("89", "89 Swing bed, planned readmission"),
    ("90", "90 Inpatient rehabilitation, planned readmission"),
    ("91", "91 Long-term care hospital, planned readmission"),
    ("92", "92 Nursing facility, Medicaid only, planned readmission"),
    ("93", "93 Psychiatric hospital, planned readmission"),
    ("94", "94 Critical access hospital, planned readmission"),
    ("95", "95 Other facility, planned readmission"),
)
DIED = 20


def read_case(asked: Asked) -> Case:
    """Raises BadInput: something in it can't be what it is for."""
    if len(asked.secondary) > MAX_SECONDARY:
        raise BadInput(f"Give at most {MAX_SECONDARY} secondary diagnoses.", slug="bad-case")
    if len(asked.procedures) > MAX_PROCEDURES:
        raise BadInput(f"Give at most {MAX_PROCEDURES} procedures.", slug="bad-case")
    if asked.age is None or not 0 <= asked.age <= MAX_AGE:
        raise BadInput(f"Give the age in years, 0 to {MAX_AGE}.", slug="bad-age")
    sex = asked.sex.strip().upper()[:1]
    if sex not in _SEX:
        raise BadInput("Give the sex: M, F or U for unknown.", slug="bad-sex")
    status = asked.discharge_status.strip()
    if not re.fullmatch(r"[0-9]{1,2}", status):
        raise BadInput(
            f"{status[:10]!r} is no discharge status.",
            slug="bad-status",
            hint="Two digits, such as 01 or 20.",
        )
    return Case(
        _diagnosis(asked.principal),
        tuple(_diagnosis(one) for one in asked.secondary),
        tuple(_procedure(one) for one in asked.procedures),
        asked.age,
        _SEX[sex],
        int(status),
    )


def _diagnosis(typed: TypedDiagnosis) -> Diagnosis:
    key = read("icd10cm", typed.code).key
    poa = typed.poa.strip().upper()
    if poa not in _POA:
        raise BadInput(
            f"{typed.poa[:10]!r} is no present-on-admission indicator.",
            slug="bad-poa",
            hint="Y yes, N no, U unknown, W clinically undetermined; nothing or 1 for codes that are exempt.",
        )
    return Diagnosis(key, _POA[poa])


def _procedure(typed: str) -> str:
    code = typed.strip().upper().replace(".", "")
    if not _PCS.fullmatch(code):
        raise BadInput(
            f"{typed.strip()[:20]!r} is not an ICD-10-PCS code.",
            slug="malformed-code",
            hint="A code has seven characters, such as 0SR90JZ.",
        )
    return code


def printed(code: str) -> str:
    return dotted("icd10cm", code)


def lines_of(text: str) -> tuple[TypedDiagnosis, ...]:
    """Diagnoses typed one a line or with commas between, each with its indicator behind: "E11.65 Y"."""
    found: list[TypedDiagnosis] = []
    for part in re.split(r"[\n,;]+", text):
        words = part.split()
        if words:
            found.append(TypedDiagnosis(words[0], " ".join(words[1:])))
    return tuple(found)


def codes_of(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"[\s,;]+", text.strip())) if text.strip() else ()
