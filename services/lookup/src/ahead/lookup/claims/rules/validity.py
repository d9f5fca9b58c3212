"""Every code valid on its date."""

from datetime import date

from ahead.lookup.catalog.procedure_codes import code_system_of
from ahead.lookup.catalog.schemas import Found
from ahead.lookup.catalog.spelling import SYSTEMS, dotted
from ahead.lookup.codelists.schemas import ListAsked
from ahead.lookup.codelists.service import CodeLists
from ahead.lookup.tools.schemas import ToolResult
from ahead.shared.errors import NotFound

from ..schemas import Claim, ClaimLine
from .held import Coded, Knowledge, by_date, not_checked, result

RULE = "valid-code"


async def coded_diagnoses(claim: Claim, held: Knowledge) -> tuple[Coded, ...]:
    """The diagnoses as the edition of the claim's last day holds them."""
    day = claim.dates[-1]
    found: list[Coded] = []
    for number, one in enumerate(claim.diagnoses, 1):
        printed = dotted("icd10cm", one.code)
        try:
            place = await held.catalog.find("icd10cm", one.code, day)
        except NotFound:
            edition = await held.catalog.edition_for("icd10cm", day)
            found.append(Coded(number, one.code, printed, one.poa, edition, None))
            continue
        facts = None
        if place.node is not None and place.edition.release is not None:
            facts = await held.catalog.facts(place.edition.release.id, place.node.code)
        found.append(Coded(number, one.code, printed, one.poa, place.edition, facts))
    return tuple(found)


async def check(claim: Claim, held: Knowledge) -> list[ToolResult]:
    results: list[ToolResult] = []
    for day in claim.dates:
        for number, one in enumerate(claim.diagnoses, 1):
            results.append(await _judge(held, "icd10cm", one.code, day, diagnoses=(number,)))
    if claim.inpatient:
        results += [await _judge(held, "icd10pcs", one.code, claim.dates[-1]) for one in claim.procedures]
    for day, lines in by_date(claim).items():
        results += await _lines(held, day, lines)
    return results


async def _lines(held: Knowledge, day: date, lines: list[tuple[int, ClaimLine]]) -> list[ToolResult]:
    """All lines of a day at once, by the same judge as a pasted list of codes."""
    results: list[ToolResult] = []
    for system in ("hcpcs", "cpt"):
        numbered = [(number, line) for number, line in lines if code_system_of(line.code) == system]
        if not numbered:
            continue
        asked = ListAsked(codes=tuple(line.code for _, line in numbered), system=system)
        answer = await CodeLists(held.reader).check(asked, day)
        for (number, line), one in zip(numbered, answer.results, strict=True):
            why = f"{line.code}: {one.why}"
            results.append(result(RULE, one.status, why, one.fix, lines=(number,), receipts=one.receipts))
    return results


async def _judge(
    held: Knowledge,
    system: str,
    code: str,
    day: date,
    *,
    diagnoses: tuple[int, ...] = (),
) -> ToolResult:
    printed, name = dotted(system, code), SYSTEMS[system]
    edition = await held.catalog.edition_for(system, day)
    # ICD-10-CM codes alone are judged past the newest edition too, marked.
    marked = edition.marked and system == "icd10cm"
    if edition.release is None or (edition.status != "held" and not marked):
        return result(RULE, "not_checked", f"{name} {printed}: {not_checked(edition)}", diagnoses=diagnoses)
    note = f" Judged by the newest edition, {edition.message}." if marked else ""
    try:
        found: Found = await held.catalog.find(system, code, day)
    except NotFound as problem:
        return result(RULE, "fail", f"{problem.detail}{note}", problem.hint, diagnoses=diagnoses)
    validity = await held.catalog.validity(found)
    assert found.node is not None, "an edition is held"
    facts = await held.catalog.facts(edition.release.id, found.node.code)
    if validity.status == "billable":
        return result(
            RULE, "pass", f"{name} {printed} is valid on {edition.as_of}.{note}",
            diagnoses=diagnoses, receipts=(facts.receipt,),
        )  # fmt: skip
    instead = ", ".join(node.dotted for node in validity.instead[:6])
    fix = f"Code further: {instead}{' …' if validity.instead_total > 6 else ''}." if instead else ""
    return result(
        RULE, "fail", f"{printed}: {validity.text}{note}", fix,
        diagnoses=diagnoses, receipts=(facts.receipt,),
    )  # fmt: skip
