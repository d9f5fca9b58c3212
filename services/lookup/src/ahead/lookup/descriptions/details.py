"""What the details in a code mean: side, trimester, severity, stage, 7th character.

Each is read from the official wording and said only where it is there: a description may be short, but it is
never wrong about the side, the encounter or the trimester.
"""

import re

from ahead.lookup.catalog.schemas import CodeFacts, Node, SeventhCharacter

from .words import seventh_characters

_NOT_A_SIDE = re.compile(
    r"\baccidentally left\b|\bleft (?:in|during|behind|without|against)\b", re.IGNORECASE
)
_STOP = (
    "with|without|and|or|to|of|due|by|in|into|on|at|as|following|from|causing|during|affecting|involving|except|"
    "not|that|which|status|level|after|before|subsequent|initial|sequela"
)
_SIDE = re.compile(rf"\b(right|left)\b((?:[ -](?!(?:{_STOP})\b)[\w'-]+){{0,3}})", re.IGNORECASE)
_BILATERAL = re.compile(r"\b(bilateral(?:ly)?|both)\b", re.IGNORECASE)
_TRIMESTER = re.compile(r"\b(first|second|third|unspecified) trimester\b", re.IGNORECASE)
_SEVERITY = re.compile(
    r"\b(mild|moderate|severe|profound)\b(?! (?:stage|sedation|stress|combined|acute respiratory|sepsis))",
    re.IGNORECASE,
)
_STAGE = re.compile(r"\bstages? (\d[ab]?(?: through (?:stage )?\d)?|I{1,3}V?|IV)\b(?! heart)")

_HEART = re.compile(
    r"\b(heart|bundle|fascicular|ventric\w+|atri\w+|circumflex|main|anterior descending|coronary)\b"
)
_INTENT = (
    (r"\baccidental \(unintentional\)", "It happened by accident."),
    (r", intentional self-harm", "The person did it on purpose to harm himself or herself."),
    (r", assault", "Another person did it on purpose to do harm."),
    (r", undetermined", "The record says that it could not be found out whether it was an accident."),
)
"""What T36-T65 and T71 say of how it came about."""

TRIMESTERS = {
    "first": "the first trimester is the time before 14 weeks of pregnancy",
    "second": "the second trimester runs from 14 weeks of pregnancy to less than 28 weeks",
    "third": "the third trimester runs from 28 weeks of pregnancy until the birth",
    "unspecified": "the record does not say in which trimester of the pregnancy this was",
}


def base_title(facts: CodeFacts) -> str:
    """The title without the 7th character's meaning."""
    rule = facts.seventh_character
    title = facts.node.title
    if rule is not None and rule.chosen is not None:
        return title.removesuffix(f", {rule.chosen.meaning}")
    return title


def sides_in(title: str) -> set[str]:
    """ "right", "left" and "both", as far as the wording names them as sides."""
    text = _NOT_A_SIDE.sub(" ", title)
    found = {match[1].lower() for match in _SIDE.finditer(text)}
    if _BILATERAL.search(text):
        found.add("both")
    return found


def side(title: str) -> str:
    """A sentence on the side, or ""."""
    text = _NOT_A_SIDE.sub(" ", title)
    named: dict[str, str] = {}
    for match in _SIDE.finditer(text):
        named.setdefault(match[1].lower(), match[1].lower() + match[2])
    both = _BILATERAL.search(text)
    if len(named) == 2:
        quoted = " and ".join(f"“{phrase}”" for phrase in named.values())
        sentence = f"It tells the two sides apart, {quoted}, each as seen from the patient"
        return f"{sentence}, and says what the two have in common." if both else f"{sentence}."
    if named:
        which, phrase = next(iter(named.items()))
        if both:
            return f"“{both[1].capitalize()}” and “{phrase}” are told apart, sides being the patient's own."
        if phrase in (which, f"{which} side"):
            return f"It is on the patient's {which} side."
        if _HEART.search(phrase):
            return f"“{phrase[0].upper()}{phrase[1:]}” names a part of the heart or its wiring, not a side of the body."
        return f"It is on the patient's {which} side ({phrase})."
    if both:
        return "It is meant for both sides." if both[1].lower() != "both" else _both(text)
    return ""


def _both(text: str) -> str:
    match = re.search(r"\bboth ([\w-]+)", text, re.IGNORECASE)
    return f"“Both {match[1].lower()}” means that each of the two is affected." if match else ""


def trimester(title: str) -> str:
    """A sentence on the trimester, or ""."""
    named = list(dict.fromkeys(match[1].lower() for match in _TRIMESTER.finditer(title)))
    if not named:
        return ""
    text = "; ".join(TRIMESTERS[name] for name in named)
    return text[0].upper() + text[1:] + "."


def intent(node: Node) -> str:
    """A sentence on how a poisoning came about, or ""."""
    for pattern, text in _INTENT:
        if node.code.startswith("T") and re.search(pattern, node.title, re.IGNORECASE):
            if node.code < "T51" and text.endswith("by accident."):
                return "It happened by accident, such as by a mix-up or a wrong dose."
            return text
    return ""


def severity(title: str) -> str:
    """A sentence on severity or stage, or ""."""
    grades = list(dict.fromkeys(match[1].lower() for match in _SEVERITY.finditer(title)))
    stage = _STAGE.search(title)
    if stage is not None:
        return f"“{stage[0].capitalize()}” is a step on the scale used for this condition, and a higher one is worse."
    if not grades:
        return ""
    quoted = " or ".join(f"“{grade}”" for grade in grades)
    return f"The word {quoted} is the provider's grading of how strong it is."


def seventh(character: SeventhCharacter) -> str:
    """A sentence on the 7th character."""
    text = seventh_characters().get(character.meaning)
    if text is None:
        return f"The 7th character {character.character} stands for “{character.meaning}”."
    return f"The 7th character {character.character} says that {text}."
