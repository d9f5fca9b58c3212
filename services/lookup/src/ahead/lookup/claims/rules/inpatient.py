"""Present on admission: asked of inpatient claims only."""

from sqlalchemy import Connection, select

from ahead.lookup.catalog import editions
from ahead.lookup.catalog.models import POA_EXEMPT
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.tools.schemas import ToolResult

from ..schemas import Claim
from .held import Coded, Knowledge, not_checked, result

RULE = "poa"


async def check(claim: Claim, coded: tuple[Coded, ...], held: Knowledge) -> list[ToolResult]:
    if not claim.inpatient or not coded:
        return []
    day = claim.dates[-1]
    releases = await held.catalog.releases("icd10cm")
    edition = editions.choose_list("icd10cm-poa", releases, day)
    numbers = [one.number for one in coded]
    if edition.release is None or edition.status != "held":
        why = f"The list of codes exempt from POA reporting: {not_checked(edition)}"
        missing = [one.number for one in coded if not one.poa]
        fix = "Give a POA indicator for each diagnosis that is not exempt." if missing else ""
        return [result(RULE, "not_checked", why, fix, diagnoses=numbers)]
    release = edition.release
    codes = [one.code for one in coded]

    def read(connection: Connection) -> dict[str, int]:
        query = select(POA_EXEMPT.c.code, POA_EXEMPT.c.source_row).where(
            POA_EXEMPT.c.release_id == release.id, POA_EXEMPT.c.code.in_(codes)
        )
        return {row.code: row.source_row for row in connection.execute(query)}

    exempt = await held.reader.read(release.id, read)
    results: list[ToolResult] = []
    right: list[int] = []
    for one in coded:
        if one.code in exempt:
            receipt = receipt_of(release, exempt[one.code])
            if one.poa in ("", "1"):
                right.append(one.number)
            else:
                why = f"{one.dotted} is exempt from POA reporting, but has {one.poa}."
                fix = "Leave its POA indicator empty."
                results.append(result(RULE, "fail", why, fix, diagnoses=(one.number,), receipts=(receipt,)))
        elif not one.poa or one.poa == "1":
            why = f"{one.dotted} has no POA indicator, and is not exempt ({release.edition})."
            fix = "Give Y, N, U or W, as the record documents."
            results.append(result(RULE, "fail", why, fix, diagnoses=(one.number,)))
        else:
            right.append(one.number)
    if right:
        results.append(result(RULE, "pass", "POA indicators are as the list asks.", diagnoses=right))
    return results
