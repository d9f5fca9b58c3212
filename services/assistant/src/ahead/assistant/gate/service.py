"""The gate: a sentence is shown only when what it says came from a tool result of this turn.

Every code in it must be known from a result; figures and quoted words must stand in one of the texts that its
citations point at; what states a fact needs a citation.
"""

import re
from collections.abc import Sequence

from ahead.assistant.answers.schemas import Citation, Sentence

# Diagnoses with a dot or four and more characters, procedures, HCPCS and CPT, as they stand in a sentence.
CODE = re.compile(
    r"(?<![\w.$])(?:[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?|[A-V]\d{4}|\d{4}[0-9AFMTU]|[0-9A-HJ-NP-Z]{7})(?![\w])"
)
_MONEY = re.compile(r"\$\s?[\d,]+(?:\.\d+)?")
_SEVEN_LETTERS = re.compile(r"[A-Z]{7}|\d{7}")


def codes_in(text: str) -> set[str]:
    """Tokens that read as codes, in upper case."""
    return {
        found.group()
        for found in CODE.finditer(text.upper())
        if not _SEVEN_LETTERS.fullmatch(found.group()) and any(letter.isdigit() for letter in found.group())
    }


class Gate:
    """`known`: codes that results of this turn name. Counts what it keeps back."""

    def __init__(self, known: set[str], citations: Sequence[Citation]) -> None:
        self._known = known
        self._citations = {citation.n: citation for citation in citations}
        self.withheld = 0

    def passes(self, sentence: Sentence, *, factual: bool = True) -> bool:
        """Whether the sentence may be shown."""
        cited = [self._citations[n] for n in sentence.citations if n in self._citations]
        resolved = len(cited) == len(sentence.citations) and (bool(cited) or not factual)
        quoted = " ".join(citation.quote for citation in cited)
        money = all(figure in quoted for figure in _MONEY.findall(sentence.text))
        if resolved and money and codes_in(sentence.text) <= self._known:
            return True
        self.withheld += 1
        return False
