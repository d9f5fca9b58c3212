"""Which rate a place of service is paid at: facility or non-facility.

Medicare Claims Processing Manual, Pub. 100-04, chapter 26, section 10.5 (places of service) and chapter 12, section
20.4.2; with 02 and 10 for telehealth since 2024 (02 at the facility rate, 10 at the non-facility rate).
"""

from ahead.shared.errors import BadInput

from .kinds import Setting

RULE = (
    "Medicare Claims Processing Manual, Pub. 100-04, chapter 26, section 10.5, and chapter 12, section 20.4.2"
)

FACILITY = frozenset(
    {
        "02", "06", "08", "19", "21", "22", "23", "24", "26", "31", "34", "41", "42", "51", "52", "53", "56", "61",
    }
)  # fmt: skip
NONFACILITY = frozenset(
    {
        "01", "03", "04", "05", "07", "09", "10", "11", "12", "13", "14", "15", "16", "17", "18", "20", "25", "27",
        "32", "33", "49", "50", "54", "55", "57", "58", "60", "62", "65", "66", "71", "72", "81", "99",
    }
)  # fmt: skip


def setting_of(place: str) -> Setting:
    """Args:
    place: two digits, such as "11" (office) or "22" (outpatient hospital); or the rate itself.

    Raises:
        BadInput: no place of service has that number.
    """
    text = place.strip().lower()
    if text in ("facility", "nonfacility"):
        return "facility" if text == "facility" else "nonfacility"
    code = text.zfill(2)
    if code in FACILITY:
        return "facility"
    if code in NONFACILITY:
        return "nonfacility"
    raise BadInput(
        f"{place[:10]!r} is not a place of service.",
        slug="bad-place-of-service",
        hint="Two digits, such as 11 (office), 22 (outpatient hospital) or 24 (surgical center).",
    )


# For forms: what is asked for most.
CHOICES: tuple[tuple[str, str], ...] = (
    ("11", "11 Office"),
    ("10", "10 Telehealth, patient at home"),
    ("02", "02 Telehealth, patient elsewhere"),
    ("12", "12 Home"),
    ("19", "19 Off-campus outpatient hospital"),
    ("20", "20 Urgent care"),
    ("21", "21 Inpatient hospital"),
    ("22", "22 On-campus outpatient hospital"),
    ("23", "23 Emergency room"),
    ("24", "24 Ambulatory surgical center"),
    ("31", "31 Skilled nursing facility"),
    ("32", "32 Nursing facility"),
    ("49", "49 Independent clinic"),
)
