"""The gate: a sentence is shown only when what it says came from a tool result of this turn.

Every code in it must be known from a result; figures and quoted words must stand in one of the texts that its
citations point at; what states a fact needs a citation.
"""

from collections.abc import Sequence

from ahead.assistant.answers.record import Record
from ahead.assistant.answers.schemas import Citation
from ahead.assistant.gate.patterns import MONEY, codes_in


class Gate:
    """`record`: the results of this turn, read at each sentence. Counts what it keeps back."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.withheld = 0

    def passes(self, text: str, cited: Sequence[Citation], *, factual: bool = True) -> bool:
        """Whether the sentence may be shown."""
        quoted = " ".join(citation.quote for citation in cited)
        borne_out = bool(cited) or not factual
        money = all(figure in quoted for figure in MONEY.findall(text))
        if borne_out and money and codes_in(text) <= self._record.codes:
            return True
        self.withheld += 1
        return False
