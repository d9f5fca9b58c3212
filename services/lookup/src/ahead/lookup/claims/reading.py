"""Tidies a claim that somebody typed, pasted or sent, and says exactly what in it can't be read."""

import re

import msgspec

from ahead.lookup.catalog import spelling
from ahead.lookup.catalog.procedure_codes import code_of
from ahead.lookup.parameters import EARLIEST, LATEST
from ahead.shared.errors import BadInput

from .schemas import Claim, ClaimLine, Diagnosis, Procedure

MAX_LINES = 100
MAX_DIAGNOSES = 25
MAX_EARLIER = 500
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_PLACE = re.compile(r"[0-9]{2}")
_STATE = re.compile(r"[A-Z]{2}")
_POA = frozenset({"", "Y", "N", "U", "W", "1"})


def tidied(claim: Claim) -> Claim:
    """The claim in capitals and keys.

    Raises:
        BadInput: with the line or diagnosis and what is wrong with it.
    """
    _bounded("lines", len(claim.lines), MAX_LINES)
    _bounded("diagnoses", len(claim.diagnoses), MAX_DIAGNOSES)
    _bounded("procedures", len(claim.procedures), MAX_DIAGNOSES)
    _bounded("earlier lines", len(claim.earlier), MAX_EARLIER)
    if claim.inpatient:
        if claim.discharged is None:
            raise _bad("An inpatient claim is judged by its date of discharge: give it as `discharged`.")
        if not claim.diagnoses:
            raise _bad("Give at least the principal diagnosis.")
    elif not claim.lines:
        raise _bad("Give at least one line.")
    if claim.age is not None and not 0 <= claim.age <= 124:
        raise _bad("The patient's age is in years, from 0 to 124.")
    sex = claim.sex.strip().upper()
    if sex not in ("", "F", "M", "U"):
        raise _bad("The patient's sex is F, M or U.")
    state, contractor = claim.state.strip().upper(), " ".join(claim.contractor.split())
    if state and not _STATE.fullmatch(state):
        raise _bad("The state in which the claim is filed has two letters, such as TX.")
    if contractor and not 3 <= len(contractor) <= 80:
        raise _bad("The contractor is a name of 3 to 80 characters, such as Palmetto GBA.")
    diagnoses = tuple(_diagnosis(number, one) for number, one in enumerate(claim.diagnoses, 1))
    return msgspec.structs.replace(
        claim,
        sex=sex,
        state=state,
        contractor=contractor,
        diagnoses=diagnoses,
        lines=tuple(_line(f"Line {n}", one, len(diagnoses)) for n, one in enumerate(claim.lines, 1)),
        earlier=tuple(_line(f"Earlier line {n}", one, None) for n, one in enumerate(claim.earlier, 1)),
        procedures=tuple(_procedure(number, one) for number, one in enumerate(claim.procedures, 1)),
    )


def _bounded(what: str, number: int, most: int) -> None:
    if number > most:
        raise _bad(f"A claim has at most {most} {what} here; this one has {number}.")


def _diagnosis(number: int, one: Diagnosis) -> Diagnosis:
    where = f"Diagnosis {number}"
    poa = one.poa.strip().upper()
    if poa not in _POA:
        raise _bad(f"{where}: {one.poa[:10]!r} is no POA indicator (Y, N, U, W, 1 or nothing).")
    try:
        return Diagnosis(spelling.read("icd10cm", one.code).key, poa)
    except BadInput as problem:
        raise _bad(f"{where}: {problem.detail}") from None


def _procedure(number: int, one: Procedure) -> Procedure:
    try:
        return Procedure(spelling.read("icd10pcs", one.code).key, one.performed)
    except BadInput as problem:
        raise _bad(f"Procedure {number}: {problem.detail}") from None


def _line(where: str, line: ClaimLine, diagnoses: int | None) -> ClaimLine:
    try:
        code = code_of(line.code)
    except BadInput as problem:
        raise _bad(f"{where}: {problem.detail}") from None
    modifiers = tuple(modifier.strip().upper() for modifier in line.modifiers)
    for modifier in modifiers:
        if not _MODIFIER.fullmatch(modifier):
            raise _bad(f"{where}: {modifier[:10]!r} is not a modifier.")
    if not 1 <= line.units <= 9_999_999:
        raise _bad(f"{where}: {line.units} is no number of units.")
    place = line.place_of_service.strip()
    if place and not _PLACE.fullmatch(place):
        raise _bad(f"{where}: a place of service has two digits, such as 11.")
    if not EARLIEST <= line.date_of_service <= LATEST:
        raise _bad(f"{where}: the date of service {line.date_of_service} is too far away.")
    if diagnoses is not None and any(not 1 <= pointer <= diagnoses for pointer in line.pointers):
        raise _bad(f"{where}: a pointer leads to none of the {diagnoses} diagnoses.")
    return ClaimLine(
        code,
        line.date_of_service,
        modifiers,
        line.units,
        place,
        line.rendering.strip(),
        line.pointers,
    )


def _bad(detail: str) -> BadInput:
    return BadInput(detail, slug="bad-claim", title="The claim can't be read")
