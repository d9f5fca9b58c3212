"""Judges a claim: every rule that something is held for, and a plain "not checked" for the rest."""

from collections import Counter
from collections.abc import Awaitable, Callable

from ahead.lookup.tools.schemas import ToolResult

from .reading import tidied
from .rules import diagnoses, edits, inpatient, laterality, modifiers, validity
from .rules.held import Coded, Knowledge
from .schemas import Claim, ClaimAnswer, Counts

Rule = Callable[[Claim, tuple[Coded, ...]], Awaitable[list[ToolResult]]]


class ClaimCheck:
    """Args:
    further: rules of features that are installed beside: global days, age and sex, coverage.
    """

    def __init__(self, held: Knowledge, further: tuple[Rule, ...] = ()) -> None:
        self._held = held
        self._further = further

    async def check(self, claim: Claim) -> ClaimAnswer:
        """Raises:
        BadInput: the claim can't be read; says which line or diagnosis.
        """
        claim = tidied(claim)
        coded = await validity.coded_diagnoses(claim, self._held)
        results = [
            *await validity.check(claim, self._held),
            *diagnoses.check(claim, coded),
            *laterality.check(claim, coded),
            *await inpatient.check(claim, coded, self._held),
            *await edits.check(claim, self._held),
            *modifiers.check(claim),
        ]
        for rule in self._further:
            results += await rule(claim, coded)
        counted = Counter(one.status for one in results)
        counts = Counts(counted["pass"], counted["fail"], counted["bypassed"], counted["not_checked"])
        open_ends = counts.not_checked or counts.bypassed
        verdict = "conflicts" if counts.failed else "not_fully_checked" if open_ends else "clean"
        return ClaimAnswer(claim.dates[-1], verdict, counts, tuple(results))
