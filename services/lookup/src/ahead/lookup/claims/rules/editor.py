"""The Medicare Code Editor: age, sex, manifestation, unacceptable and questionable principal diagnoses. Inpatient
claims only."""

from ahead.lookup.mce.service import Mce
from ahead.lookup.msdrg.schemas import Asked, TypedDiagnosis
from ahead.lookup.tools.schemas import ToolResult
from ahead.shared.errors import BadInput

from ..schemas import Claim
from .held import Coded, result

RULE = "mce"


class CodeEditorRule:
    def __init__(self, mce: Mce) -> None:
        self._mce = mce

    async def __call__(self, claim: Claim, coded: tuple[Coded, ...]) -> list[ToolResult]:
        if not claim.inpatient or not coded:
            return []
        if claim.age is None or not claim.sex:
            why = (
                "The Medicare Code Editor judges by the patient's age and sex, and one of them is not given."
            )
            return [result(RULE, "not_checked", why, "Give both.")]
        typed = [TypedDiagnosis(one.code, one.poa) for one in coded]
        asked = Asked(
            typed[0],
            tuple(typed[1:]),
            tuple(one.code for one in claim.procedures),
            claim.age,
            claim.sex,
        )
        try:
            answer = await self._mce.check(asked, claim.dates[-1])
        except BadInput as problem:
            said = f"{problem.detail} {problem.hint}".strip()
            return [result(RULE, "not_checked", f"The Medicare Code Editor was not asked: {said}")]
        # Lines of the editor count codes of the stay: the diagnoses first, then the procedures.
        return [
            result(
                one.rule,
                one.status,
                one.why,
                one.fix,
                diagnoses=[line for line in one.lines if line <= len(coded)],
                receipts=one.receipts,
            )
            for one in answer.results
        ]
