"""What a question says of a visit, of a patient and of a stay."""

import re

from .wordlists import patterns

_FAMILIES = patterns("visits")
_MINUTES = re.compile(r"\b(\d{1,4})\s*-?\s*min(?:ute)?s?\b", re.I)
_HOURS = re.compile(r"\b(\d{1,2}(?:\.\d)?)\s*h(?:ou)?rs?\b", re.I)
_LEVEL = r"(minimal|straightforward|low|limited|moderate|high|extensive)"
_ELEMENTS = {
    name: re.compile(
        rf"\b{_LEVEL}[- ]?(?:{before})?{word}|\b{word}\b[^,;.]{{0,20}}?\b{_LEVEL}\b", re.IGNORECASE
    )
    for name, word, before in (
        ("problems", "problems?", "complexity |number of |level "),
        ("data", "data", "amount of |complexity "),
        ("risk", "risk", "level of "),
    )
}
_MDM = re.compile(
    rf"\b{_LEVEL}(?:[- ]complexity)?[- ](?:mdm|medical decision)"
    rf"|\b(?:mdm|decision[- ]making)\b[^,;.]{{0,15}}?\b{_LEVEL}\b",
    re.IGNORECASE,
)
_RANK = {"minimal": 0, "straightforward": 0, "low": 1, "limited": 1, "moderate": 2, "high": 3, "extensive": 3}
_PLAIN = ("minimal", "low", "moderate", "high")
_DATA = ("minimal", "limited", "moderate", "extensive")
_AGE = re.compile(r"\b(\d{1,3})[- ]?(?:yo\b|y/?o\b|yr|year|y\.o)", re.I)
_SEX = (
    ("F", re.compile(r"\bfemale\b|\bwoman\b|\bgirl\b", re.I)),
    ("M", re.compile(r"\bmale\b|\bman\b|\bboy\b", re.I)),
)
VISITS = re.compile(
    r"9920[2-5]|9921[1-5]|9922[1-3]|9923[1-6]|9928[1-5]|9930[4-9]|99310|9934[1-5]|9934[7-9]|99350"
)


def visit_in(text: str) -> dict[str, str | int]:
    """What the text says of a visit: family, problems, data, risk, minutes."""
    said: dict[str, str | int] = {}
    family = next((name for name, words in _FAMILIES.items() if words.search(text)), "")
    if family:
        said["family"] = family
    for name, pattern in _ELEMENTS.items():
        if found := pattern.search(text):
            said[name] = _word(name, found[1] or found[2])
    if (found := _MDM.search(text)) and not {"problems", "data", "risk"} & set(said):
        word = found[1] or found[2]
        said |= {name: _word(name, word) for name in ("problems", "data", "risk")}
    if found := _MINUTES.search(text):
        said["minutes"] = int(found[1])
    elif found := _HOURS.search(text):
        said["minutes"] = round(float(found[1]) * 60)
    return said


def says_of_visit(text: str) -> bool:
    """Whether a visit is described well enough to choose a level, though no level is asked for by that word."""
    said = visit_in(text)
    elements = sum(name in said for name in ("problems", "data", "risk"))
    return elements >= 2 or ("family" in said and "minutes" in said)


def _word(element: str, said: str) -> str:
    return (_DATA if element == "data" else _PLAIN)[_RANK[said.lower()]]


def patient_in(text: str) -> tuple[int | None, str]:
    """Age in years, and sex "F", "M" or ""."""
    age = _AGE.search(text)
    sex = next((name for name, words in _SEX if words.search(text)), "")
    return (int(age[1]) if age else None), sex
