"""States, localities and settings that a question names."""

import re

STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "district of columbia": "DC", "florida": "FL", "georgia": "GA",
    "hawaii": "HI", "idaho": "ID", "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS",
    "kentucky": "KY", "louisiana": "LA", "maine": "ME", "maryland": "MD", "massachusetts": "MA",
    "michigan": "MI", "minnesota": "MN", "mississippi": "MS", "missouri": "MO", "montana": "MT",
    "nebraska": "NE", "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM",
    "new york": "NY", "north carolina": "NC", "north dakota": "ND", "ohio": "OH", "oklahoma": "OK",
    "oregon": "OR", "pennsylvania": "PA", "puerto rico": "PR", "rhode island": "RI", "south carolina": "SC",
    "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT",
    "virgin islands": "VI", "virginia": "VA", "washington": "WA", "west virginia": "WV", "wisconsin": "WI",
    "wyoming": "WY", "guam": "HI",
}  # fmt: skip
# The fee schedule prices Guam with Hawaii.
_NAMES = re.compile(r"\b(" + "|".join(sorted(STATES, key=len, reverse=True)) + r")\b", re.I)
_LETTERS = re.compile(r"(?<![\w-])(" + "|".join(sorted(set(STATES.values()))) + r")(?![\w-])")
_LOCALITY = re.compile(
    r"\b(?:locality|city of|area of|in|for|at|near)\s+((?:[A-Z][a-z]+|st\.)(?:[ -][A-Z][a-z]+){0,2})"
)
_FILLERS = frozenset(
    [
        "medicare",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "cms",
        "icd",
        "cpt",
        "hcpcs",
        "facility",
        "office",
        "hospital",
    ]
)
_SETTINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("dme", re.compile(r"\bdme(?:pos)?\b|durable medical|\bsupplier", re.I)),
    (
        "hospital",
        re.compile(
            r"outpatient|\bopps\b|\bhospitals?\b|\bfacility (?:claim|side|mue)|\bub-?04\b|\binstitutional",
            re.I,
        ),
    ),
    (
        "practitioner",
        re.compile(r"practitioner|professional|physician|\bpro[- ]?fee|\bdoctor|\b1500\b|\bprovider", re.I),
    ),
)
_NONFACILITY = re.compile(r"non[- ]?facility|\boffice\b|\bpos ?11\b", re.I)
_FACILITY = re.compile(
    r"(?<!non)(?<!non[- ])\bfacility\b|\bhospital\b|\bpos ?(?:19|21|22|23|24)\b|\binpatient\b", re.I
)


def state_in(text: str) -> str:
    """Two letters, or ""."""
    if found := _NAMES.search(text):
        return STATES[found[1].lower()]
    # Two capitals are a state only where a place is said: IN, OR and ME are words, CO and MA are modifiers.
    if found := re.search(r"\b(?:in|for|locality|state of|,)\s+" + _LETTERS.pattern, text):
        return found[1]
    return ""


def locality_in(text: str) -> str:
    """Words of a locality that is no state: "Los Angeles"."""
    for found in _LOCALITY.finditer(text):
        words = found[1].strip()
        if words.lower() not in STATES and not any(one in _FILLERS for one in words.lower().split()):
            return words
    return ""


def setting_in(text: str) -> str:
    """Whose edits and limits: practitioner, hospital, dme, or ""."""
    return next((name for name, pattern in _SETTINGS if pattern.search(text)), "")


def price_setting_in(text: str) -> str:
    """Which price of the fee schedule: "facility", "nonfacility", or "" where none is said."""
    if _NONFACILITY.search(text):
        return "nonfacility"
    return "facility" if _FACILITY.search(text) else ""
