"""A plain description of an MS-DRG, composed from its title, its type and its place."""

import re

from ahead.lookup.catalog.schemas import CodeFacts

# Abbreviations of the titles, as they stand there.
_WORDS = (
    (r"\bO\.R\.", "operating room"),
    (r"\bMV >96 HOURS", "a breathing machine for more than 96 hours"),
    (r"\bMV <=96 HOURS", "a breathing machine for up to 96 hours"),
    (r"\bMV\b", "a breathing machine"),
    (r"\bECMO\b", "a heart-lung support machine (ECMO)"),
    (r"\bAMI\b", "a heart attack (AMI)"),
    (r"\bCNS\b", "the brain and spinal cord"),
    (r"\bCDE\b|\bC\.D\.E\.", "exploration of the common bile duct"),
    (r"\bPTCA\b", "widening of heart arteries by catheter (PTCA)"),
    (r"\bD&C\b", "scraping of the womb (D&C)"),
    (r"\bCC/MCC\b", "a complication (CC or MCC)"),
    (r"\bMCC\b", "a major complication (MCC)"),
    (r"\bCC\b", "a complication (CC)"),
    (r"\bHIV\b", "HIV"),
    (r"\bCAR\b", "CAR"),
)
_SEVERITY = re.compile(r",? (WITH MCC|WITH CC/MCC|WITH CC|WITHOUT CC/MCC|WITHOUT MCC|WITHOUT CC)(?= |$)")
_LEVELS = {
    "WITH MCC": "The patient also has a major complication or other serious illness (called MCC).",
    "WITH CC": "The patient also has a complication or other illness that makes care harder (called CC), but "
    "no major one.",
    "WITH CC/MCC": "The patient also has a complication or other illness that makes care harder (called CC), or a "
    "major one (MCC).",
    "WITHOUT CC/MCC": "The patient has no other illness that counts as making care harder (called CC or MCC).",
    "WITHOUT MCC": "The patient has no other illness that counts as major (called MCC).",
    "WITHOUT CC": "The patient has no other illness that counts as making care harder (called CC).",
}
_SPECIAL = {
    "998": "Stays whose main diagnosis can't be the reason for a hospital stay: the claim has to be corrected.",
    "999": "Stays that can't be sorted into any group, because something in the claim is missing or wrong.",
}
_WHAT = (
    "An MS-DRG is a group of hospital stays for which Medicare pays the hospital alike. The stay is sorted by its "
    "main diagnosis, procedures, other diagnoses, and how the patient left."
)


def without_severity(title: str) -> str:
    """ "HEART FAILURE AND SHOCK WITH MCC" as "HEART FAILURE AND SHOCK"."""
    return _SEVERITY.sub("", title).strip()


def describe(facts: CodeFacts) -> tuple[str, ...]:
    """Paragraphs for a reader without medical training."""
    node = facts.node
    if node.kind != "code":
        return _place(facts)
    if node.code in _SPECIAL:
        return (_SPECIAL[node.code], _WHAT)
    levels = list(dict.fromkeys(found[1] for found in _SEVERITY.finditer(node.title)))
    subject = _words(
        _SEVERITY.sub("", node.title) if len(levels) == 1 and node.title.endswith(levels[0]) else node.title
    )
    said = f"A group of hospital stays{_kind(facts)}: {subject}."
    if len(levels) == 1 and node.title.endswith(levels[0]):
        said += f" {_LEVELS[levels[0]]}"
    return (said, _WHAT)


def _place(facts: CodeFacts) -> tuple[str, ...]:
    node = facts.node
    count = f"{node.codes_below:,} groups of hospital stays (MS-DRGs)"
    return (f"{count} stand here: {node.title}.", _WHAT)


def _kind(facts: CodeFacts) -> str:
    kind = facts.node.parent or ""
    if kind.endswith("-SURG"):
        return " with an operation or another procedure that decides"
    if kind.endswith("-MED"):
        return " without an operation that decides"
    return ""


def _words(title: str) -> str:
    text = title
    kept: list[str] = []
    for pattern, words in _WORDS:

        def put(_found: re.Match[str], words: str = words) -> str:
            kept.append(words)
            return f"\x00{len(kept) - 1}\x00"

        text = re.sub(pattern, put, text)
    text = text.lower()
    return re.sub("\x00([0-9]+)\x00", lambda found: kept[int(found[1])], text)
