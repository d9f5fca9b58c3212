"""Coverage as a rule of the claim check: does one of a line's diagnoses support its code?"""

from ahead.lookup.claims.schemas import Claim, ClaimLine
from ahead.lookup.tools.schemas import ToolResult

from .service import ARTICLES, MERGED, Coverage

RULE = "coverage-diagnoses"


# Who pays such claims, as documents print the kinds of their contractors.
_KINDS = {"practitioner": "Part B", "outpatient_hospital": "Part A", "dme_supplier": "DME MAC"}


class CoverageRule:
    """Lines by what the documents held for their dates say. Where the claim doesn't say in which state or with which
    contractor it is filed, a document's "no" is not the claim's: it is "not checked", with the documents named."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage

    async def __call__(self, claim: Claim, _coded: object) -> list[ToolResult]:
        if claim.inpatient or not claim.lines:
            return []
        editions = [await self._coverage.edition(source, claim.dates[-1]) for source in (ARTICLES, MERGED)]
        every = tuple(range(1, len(claim.lines) + 1))
        if all(edition.status == "nothing_loaded" for edition in editions):
            why = "Coverage is not checked: no coverage document with its lists of codes is loaded."
            return [ToolResult(RULE, "not_checked", every, why, "", ())]
        results: list[ToolResult] = []
        for number, line in enumerate(claim.lines, 1):
            found = await self._coverage.check(
                line.code,
                _pointed(claim, line),
                line.date_of_service,
                state=claim.state,
                contractor=claim.contractor,
                kind=_KINDS.get(claim.setting, ""),
            )
            results.append(ToolResult(RULE, found.status, (number,), found.why, found.fix, found.receipts))
        return results


def _pointed(claim: Claim, line: ClaimLine) -> list[str]:
    """The diagnoses that a line points to; all where it points to none."""
    codes = [diagnosis.code for diagnosis in claim.diagnoses]
    return [codes[number - 1] for number in line.pointers if 0 < number <= len(codes)] or codes
