"""What a description and a title say of side and encounter, by words of the tests' own: nothing is shared with what
composes descriptions.
"""

import re

LEFT_BEHIND = ("accidentally left", "left behind", "left in ", "left without")


def sides(text: str) -> set[str]:
    lowered = text.lower()
    for phrase in LEFT_BEHIND:
        lowered = lowered.replace(phrase, "")
    words = set(re.findall(r"[a-z]+", lowered))
    found = words & {"right", "left"}
    if words & {"bilateral", "bilaterally", "both"}:
        found.add("both")
    return found


def encounter(code: str, title: str) -> str:
    """By the last words of the title, which the official list prints for 7th characters."""
    tail = title.rsplit(", ", 1)[-1].lower()
    if "initial encounter" in title.lower() and len(code) == 7:
        return "active"
    if "subsequent encounter" in title.lower() and len(code) == 7:
        return "later"
    if tail in ("sequela", "sequela of fracture") and len(code) == 7:
        return "late"
    return ""


ENCOUNTER_WORDS = {
    "active": ("under active treatment", "active treatment of the condition is going on"),
    "later": ("active treatment is over", "is over and it"),
    "late": ("this is a late effect that remains",),
}
