"""Reads a question: the codes it names, what it wants to know of them, and whether it follows up."""

import re
from dataclasses import dataclass

from ahead.assistant.gate.patterns import codes_in

# What is asked, by the words that ask it: label and panel words that tell of it on a code's page.
TOPICS: dict[str, tuple[str, str]] = {
    "valid": (r"valid|billable|bill\b|deleted|active|still used", "valid on|effective|billable"),
    "global": (r"global (?:day|period)|post-?op", "global"),
    "mue": (r"\bmue|units? (?:limit|allowed|per)|unlikely|how many units", "mue|unlikely|units"),
    "ncci": (r"ncci|\bptp\b|bundl|edit\b|edits\b|unbundl", "ncci|ptp|bundl|column"),
    "modifier": (r"modifier|bilateral|assistant", "modifier|bilat|asst|surg"),
    "fee": (
        r"\bfee|price|paid|pay\b|payment|reimburs|allow|rvu|rate\b",
        "amount|rvu|payment|status|price|fee",
    ),
    "addon": (r"add-?on", "add-on"),
    "drg": (r"\bdrg|\bmcc\b|\bcc\b|complication", "drg|mcc|cc"),
    "hcc": (r"\bhcc|risk adjust", "hcc|risk"),
    "crosswalk": (r"icd-?9|crosswalk|\bgem", "icd-9|crosswalk|equival"),
    "coverage": (r"cover|\blcd|\bncd|medical necessity", "coverage|lcd|ncd|article"),
    "poa": (r"present on admission|\bpoa\b", "present on admission|poa"),
    "history": (r"histor|change|added|revised|introduced", "histor|change|added|since"),
    "age_sex": (r"\bage\b|\bsex\b|gender|newborn|pediatric|maternity", "age|sex|newborn|pediatric|maternity"),
}
_FOLLOWS = re.compile(
    r"^(?:and|what about|how about|is it|does it|can it|its?\b|why|then|also)|\b(?:it|its|that|this|same) ?(?:code)?\b",
    re.I,
)
_FILLERS = re.compile(
    r"\b(?:what(?:'s| is| are)?|which|the|a|an|is|are|for|of|codes?|coded?|icd-?10(?:-?(?:cm|pcs))?|cpt|hcpcs|please"
    r"|do i|should i|use|how|me|find|give|diagnosis|to|i)\b|[?!.,;]",
    re.I,
)


@dataclass(frozen=True)
class Question:
    """`words`: what to search for where no code is named. `wanted`: patterns of labels that answer it."""

    codes: tuple[str, ...]
    words: str
    wanted: tuple[str, ...]
    follows: bool


def read(text: str) -> Question:
    wanted = tuple(labels for asks, labels in TOPICS.values() if re.search(asks, text, re.I))
    codes = sorted(codes_in(text), key=text.upper().index)
    words = " ".join(_FILLERS.sub(" ", text).split())[:200]
    return Question(tuple(codes[:6]), words, wanted, bool(_FOLLOWS.search(text.strip())))


def systems_of(code: str) -> tuple[str, ...]:
    """Code systems that a spelling may belong to, the likeliest first."""
    if "." in code:
        return ("icd10cm",)
    if re.fullmatch(r"\d{4}[0-9A-Z]", code):
        return ("cpt",)
    if re.fullmatch(r"[A-V]\d{4}", code):
        return ("hcpcs", "icd10cm")
    if len(code) == 7:
        return ("icd10pcs", "icd10cm")
    return ("icd10cm",)
