"""The gate: a sentence is shown only when what it says came from a tool result of this turn.

What states a fact needs a citation. Every code in it must be known from a result of this turn and, where a result says
that it isn't in force on the date, be told so. Every other figure (money, percentages, modifiers, units, RVUs, global
days, DRG numbers, ids of policies, sections, places of service, dates) must stand in the rows cited or in a result.
A sentence that a model wrote is held to the rows that it cites alone, in its words too (`gate/wording.py`).
"""

from collections.abc import Callable, Sequence
from datetime import date

from ahead.assistant.answers.record import Record
from ahead.assistant.answers.schemas import Citation
from ahead.assistant.gate.figures import Figures, figures_of, values_in
from ahead.assistant.gate.wording import NOT_IN_FORCE, keeps_to, speaks_of_money, tail_joins, unquoted

_SMALL_COUNT = 20


class Gate:
    """`record`: the results of this turn, read at each sentence. Counts what it keeps back."""

    def __init__(self, record: Record, as_of: date) -> None:
        self._record = record
        self._as_of = as_of
        self._values: set[str] = set()
        self._read = 0
        self._shown = ""
        self.withheld = 0

    def passes(
        self, text: str, cited: Sequence[Citation], *, factual: bool = True, written: bool = False
    ) -> bool:
        """Whether the sentence may be shown.

        Args:
            factual: it states a fact, and so needs a citation.
            written: a model wrote it.
        """
        if written:
            borne_out = bool(cited) and self._written(text, cited)
        elif factual:
            borne_out = bool(cited) and self._claimed(text, cited)
        else:
            borne_out = self._remarked(text)
        if borne_out:
            self._shown = text
            return True
        self.withheld += 1
        return False

    def _written(self, text: str, cited: Sequence[Citation]) -> bool:
        # What is quoted has to stand in a row as it is, which `keeps_to` sees to; it bears out nothing that is said.
        said, given = figures_of(unquoted(text)), _given(cited, unquoted)
        quotes = [citation.quote for citation in cited]
        money = given.money | (given.values if speaks_of_money(quotes) else set())
        named = said.codes or said.values or said.money or said.percent or said.modifiers
        return (
            bool(named)
            and said.codes <= given.codes
            and self._in_force(said.codes, text)
            and said.joined <= given.joined
            and said.values <= given.values | self._years(given)
            and said.money <= money
            and said.percent <= given.percent
            and said.modifiers <= given.modifiers | given.pairs
            and said.pairs <= given.pairs | given.modifiers
            and said.dates <= given.dates | {self._as_of.isoformat()}
            and _of_one_row(said, cited)
            and not tail_joins(self._shown, text, figures_of)
            and keeps_to(text, quotes)
        )

    def _claimed(self, text: str, cited: Sequence[Citation]) -> bool:
        said, given = figures_of(text), _given(cited)
        if not (said.codes <= self._record.codes and self._in_force(said.codes, text)):
            return False
        known = {code.replace(".", "") for code in self._record.codes}
        if not said.joined <= given.joined | known:
            return False
        figures = said.values | said.money | said.percent | said.modifiers | said.dates
        given_here = given.values | given.money | given.percent | given.modifiers | given.pairs | given.dates
        rest = figures - given_here - self._years(given) - {self._as_of.isoformat()}
        # What a tool worked out (a payment, a window) stands in its result rather than in one row.
        return not rest or rest <= self._of_results()

    def _remarked(self, text: str) -> bool:
        """Our own words, which cite nothing: no code, sum, modifier or id that no result of this turn holds."""
        said = figures_of(text)
        if not (said.codes <= self._record.codes and self._in_force(said.codes, text)):
            return False
        known = {code.replace(".", "") for code in self._record.codes}
        counted = {one for one in said.values if one.isdigit() and int(one) <= _SMALL_COUNT}
        telling = (
            (said.values - counted - self._years(Figures())) | said.money | said.percent | said.modifiers
        )
        return said.joined <= known and (not telling or telling <= self._of_results())

    def _in_force(self, codes: set[str], text: str) -> bool:
        """A code that a result calls not in force on the date may be named only where that is told."""
        return not codes & self._record.not_in_force or NOT_IN_FORCE.search(text) is not None

    def _years(self, given: Figures) -> set[str]:
        return {str(self._as_of.year)} | {one[:4] for one in given.dates}

    def _of_results(self) -> set[str]:
        if self._read < len(self._record.texts):
            self._values |= values_in(self._record.texts[self._read :])
            self._values |= self._record.codes
            self._read = len(self._record.texts)
        return self._values


def _of_one_row(said: Figures, cited: Sequence[Citation]) -> bool:
    """Whether no figure of one code's row is told of another code: the row that holds it names all codes told of."""
    figures = said.values | said.money | said.percent | said.modifiers
    rows = [figures_of(unquoted(citation.quote)) for citation in cited]
    return all(
        said.codes <= row.codes
        for row in rows
        if figures & (row.values | row.money | row.percent | row.modifiers)
    )


def _given(cited: Sequence[Citation], part: Callable[[str], str] = str) -> Figures:
    """All figures of the rows cited: what they say, and the window and the name of their edition."""
    given = Figures()
    for citation in cited:
        given.add(figures_of(part(citation.quote)))
        given.add(figures_of(f"{citation.source} {citation.release} {citation.row}"))
        given.dates |= {one for one in (citation.window_from, citation.window_to) if one}
    return given
