"""A plain description of a HCPCS code, composed from its wording, its letter and its days.

It never repeats the official wording: it says what kind of thing the code stands for, how it reaches the patient, what
one unit is, and what decides whether the code may be used.
"""

import re

from ahead.lookup.catalog.schemas import CodeFacts

from .places import letter_of, stretch_of
from .units import unit_of

_NOC = re.compile(
    r"\bnot otherwise (?:classified|specified)\b|\bunlisted\b|\bunclassified\b|\bmiscellaneous\b|\bn\.?o\.?[cs]\b",
    re.IGNORECASE,
)
# What the wording says of how it is given; the first that fits.
_WAYS: tuple[tuple[str, str], ...] = (
    (r"\binhalation solution|\binhaled\b|\bnebuliz", "It is breathed in, mostly as a fine mist from a device."),
    (r"\bintravitreal\b", "It is injected into the eye."),
    (r"\bintra-?articular\b", "It is injected into a joint."),
    (r"\bintrathecal\b", "It is injected into the fluid around the spinal cord."),
    (r"\bintravesical\b", "It is put into the bladder."),
    (r"\binjection\b.*\b(?:intravenous|iv)\b", "It is given through a vein."),
    (r"^injection\b|\bfor injection\b|\binjection,", "It is given by injection or infusion."),
    (r"^infusion\b|\binfusion,", "It runs into a vein over some time."),
    (r"\bimplant\b", "It is placed inside the body and left there."),
    (r"\boral\b(?! (?:surgery|and maxillofacial|care|health|exam|evaluation|device|interface|thermometer))",
     "It is taken by mouth."),
    (r"\btopical\b", "It is put on the skin."),
    (r"\bnasal (?:spray|vaccine)\b", "It is given through the nose."),
)  # fmt: skip
_MARKS: tuple[tuple[str, str], ...] = (
    (r"\bbiosimilar\b", "“Biosimilar” means that it is made to work like a biological drug that was there before."),
    (r"\bcompounded product\b", "“Compounded” means that a pharmacy mixed it for the patient."),
    (r"\bnon-compounded\b", "“Non-compounded” means that it is used as the manufacturer supplies it."),
    (r"\badministered through dme\b", "It is given through equipment that the patient uses at home."),
    (r"\bnot therapeutically equivalent to ([a-z]\d{4})",
     "It is a product of its own: {0} is not to be used in its place."),
    (r"\bcustom[- ](?:fabricated|made|molded)\b", "It is made for one patient."),
    (r"\bprefabricated\b", "It is made in advance and then fitted."),
    (r"\breplacement(?: only)?\b", "It stands for a replacement, not for the first supply."),
    (r"\brental\b", "It is for renting, not for buying."),
    (r"\baddition to\b|\badd-on\b", "It is billed together with the code of the item that it is added to."),
    (r"\bdiagnostic\b", "It helps to find out what the patient has."),
)  # fmt: skip
_TIME = re.compile(
    r"\b(?:per|each)(?: additional)? (\d+ minutes|15 minutes|hour|half hour|day|diem|week|month)\b"
)
_COUNT = re.compile(
    r"\bper (mile|study dose|treatment|session|visit|encounter|test|study|box|pair|set|dose|vial)\b|, (each|pair)\b"
)
_SCREENING = re.compile(
    r"^(?:patient|documentation|clinician|most recent|percentage|individual|adult|risk)\b", re.IGNORECASE
)
_INJECTED = re.compile(
    r"(?:injection|infusion|instillation),? +([a-z][\w' -]*?[\w)])(?=,| \(|;| per | for |$)", re.IGNORECASE
)
_NAMED = re.compile(r"([a-z][\w' -]*?\w)(?=,| \()", re.IGNORECASE)
_NO_NAME = re.compile(
    r"\b(?:unclassified|otherwise|drugs?|product|injection|infusion|instillation|services?|supplies|solution)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 5
MOST_SENTENCES = 7


def describe(facts: CodeFacts) -> tuple[str, ...]:
    """Paragraphs: what it is, then what decides its use."""
    node = facts.node
    if node.kind != "code":
        return (_group(facts),)
    title = node.title
    kind = _kind(node.code, title)
    ways = [way for way in _first(_WAYS, title, 1) if way.removeprefix("It is ").rstrip(".") not in kind]
    what = [kind, _drug(node.code, title), *ways, *_first(_MARKS, title, 2), _unit(title)]
    use = [_noc(title), _payer(node.code), _days(facts)]
    first = [text for text in what if text]
    second = [text for text in use if text][: max(MOST_SENTENCES - len(first), 1)]
    return tuple(" ".join(part) for part in (first, second) if part)


def is_noc(title: str) -> bool:
    """Does the wording say that the code is for what has no code of its own?"""
    return _NOC.search(title) is not None


def _group(facts: CodeFacts) -> str:
    about = (stretch_of(facts.node.code[:5]) or letter_of(facts.node.code)).about
    return f"This heading holds codes for {about}; there are {facts.node.codes_below:,} in use below it."


def _kind(code: str, title: str) -> str:
    stretch, letter = stretch_of(code), letter_of(code)
    about = stretch.about if stretch is not None else letter.about
    if code[0] in "GM" and _SCREENING.search(title):
        return "This code reports how care was given or found; it describes no treatment and mostly brings no payment."
    return f"This code belongs to the codes for {about}."


def _drug(code: str, title: str) -> str:
    """The drug's name, where the wording begins with it; a name of many words is left to the title."""
    match = _INJECTED.match(title) or (_NAMED.match(title) if code[0] == "J" else None)
    name = " ".join(match[1].split()) if match is not None else ""
    if not name or _NO_NAME.search(name) or len(name.split()) > _MOST_WORDS:
        return ""
    return f"The drug is {name[:1].lower()}{name[1:]}."


def _first(rules: tuple[tuple[str, str], ...], title: str, most: int) -> list[str]:
    found: list[str] = []
    for pattern, text in rules:
        match = re.search(pattern, title, re.IGNORECASE)
        if match is not None and len(found) < most:
            found.append(text.format(*(group.upper() for group in match.groups() if group)))
    return found


def _unit(title: str) -> str:
    unit = unit_of(title)
    if unit is not None:
        if unit.up_to:
            return f"One unit stands for any amount {unit.text}."
        return (
            f"One unit stands for {unit.text}: the amount given is divided by it to get the number of units."
        )
    if match := _TIME.search(title.lower()):
        return f"It is counted by time: one unit stands for {_one(match[1])}."
    if match := _COUNT.search(title.lower()):
        return f"It is counted one by one: one unit stands for one {match[1] or match[2]}.".replace(
            "one each", "each item"
        )
    return ""


def _one(time: str) -> str:
    return time if time[0].isdigit() else f"one {time.replace('diem', 'day')}"


def _noc(title: str) -> str:
    if not is_noc(title):
        return ""
    return (
        "It is for what has no code of its own, so the claim has to say what was given or done, and the payer decides "
        "by that."
    )


def _payer(code: str) -> str:
    return {
        "S": "Private insurers use it; Medicare does not pay by it.",
        "T": "State Medicaid programs use it; Medicare does not pay by it.",
        "H": "State Medicaid programs use it for mental health and addiction services.",
        "C": "It is used on claims of hospital outpatient departments.",
        "K": "The contractors for equipment use it while there is no lasting code.",
        "Q": "It is a temporary code.",
    }.get(code[0], "")


def _days(facts: CodeFacts) -> str:
    if facts.last_day is not None:
        return f"It ended on {facts.last_day.isoformat()} and is not reported for care after that day."
    if facts.first_day is not None and facts.first_day > facts.release.window_from:
        return f"It begins on {facts.first_day.isoformat()}."
    return ""
