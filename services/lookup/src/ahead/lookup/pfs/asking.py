"""Reads what a tool is asked: units of therapy, and lines of a claim typed one below the other."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from ahead.lookup.catalog.procedure_codes import code_of
from ahead.shared.errors import BadInput

from . import therapy_units
from .calculator import MAX_LINES
from .schemas import FeeLine, TherapyAnswer, TherapyAsked, TherapyUnits
from .therapy_units import AMA_RULE, MEDICARE_RULE, Service

MAX_SERVICES = 25
_UNITS = re.compile(r"[xX×]([0-9]{1,4})")
_MINUTES = re.compile(r"([0-9]{1,4})min", re.IGNORECASE)
_BASE = re.compile(r"([0-9]{1,3}(?:\.[0-9])?)base", re.IGNORECASE)
HELP = (
    "One line each: code, modifiers, then x and units, @ and place of service: 27447-50 @22, 97110 GP x3. "
    "Anesthesia: 00790 QK 95min 7base; with AD, induction. Another clinician's lines: #name."
)


def therapy(asked: TherapyAsked, as_of: date) -> TherapyAnswer:
    """Raises BadInput: no services, too many, or minutes that can't be."""
    if not 1 <= len(asked.services) <= MAX_SERVICES:
        raise BadInput(f"Give 1 to {MAX_SERVICES} services.", slug="bad-services")
    services: list[Service] = []
    for one in asked.services:
        if not 0 < one.minutes <= 1_440:
            raise BadInput(f"{one.minutes} is no number of minutes of a day.", slug="bad-minutes")
        services.append(Service(code_of(one.code), one.minutes, one.timed))
    units = therapy_units.count(services)
    minutes = sum(one.minutes for one in services if one.timed)
    total = therapy_units.medicare_total(minutes)
    return TherapyAnswer(
        as_of,
        minutes,
        tuple(
            TherapyUnits(u.service.code, u.service.minutes, u.service.timed, u.medicare, u.ama, u.why)
            for u in units
        ),
        sum(u.medicare for u in units),
        sum(u.ama for u in units),
        (MEDICARE_RULE, AMA_RULE),
        f"{minutes} timed minutes are {total} unit{'' if total == 1 else 's'} by the 8-minute rule. Where minutes "
        "left are equal, either code may have the unit; here the one that stands first has it.",
    )


def typed_services(text: str) -> tuple[tuple[str, str], ...]:
    """Code and minutes of each line typed: "97110 24". Raises BadInput."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        parts = line.replace(",", " ").split()
        if not parts:
            continue
        if len(parts) != 2:
            raise BadInput(f"{line.strip()[:40]!r}: give a code and its minutes.", slug="bad-services")
        found.append((parts[0], parts[1].removesuffix("min")))
    return tuple(found)


def typed_lines(text: str, place_of_service: str) -> tuple[FeeLine, ...]:
    """Lines as `HELP` says; those without @ are at the place of service given. Raises BadInput."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_LINES:
        raise BadInput(f"Give 1 to {MAX_LINES} lines.", slug="bad-lines")
    return tuple(_typed(line, place_of_service) for line in lines)


def _typed(text: str, place: str) -> FeeLine:
    code, modifiers, units, minutes, base, provider, induction = "", [""], 1, None, None, "", False
    modifiers.clear()
    for part in text.replace(",", " ").replace("-", " ").split():
        if not code:
            code = part
        elif match := _UNITS.fullmatch(part):
            units = int(match[1])
        elif match := _MINUTES.fullmatch(part):
            minutes = int(match[1])
        elif match := _BASE.fullmatch(part):
            base = _decimal(match[1])
        elif part.startswith("@"):
            place = part[1:]
        elif part.startswith("#"):
            provider = part[1:]
        elif part.lower() == "induction":
            induction = True
        elif len(part) == 2:
            modifiers.append(part)
        else:
            raise BadInput(
                f"{part[:20]!r} in {text.strip()[:40]!r} can't be read.", slug="bad-lines", hint=HELP
            )
    return FeeLine(code, tuple(modifiers), units, place, provider, minutes, base, induction)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise BadInput(f"{text[:10]!r} is no number of units.", slug="bad-base-units") from None
