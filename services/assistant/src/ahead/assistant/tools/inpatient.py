"""Inpatient stays: MS-DRGs with their weights, grouping, CC and MCC, present on admission."""

from collections.abc import Sequence

from . import codes
from .desk import Desk
from .results import Named, Result, Statement, of, sentence, statement


async def severity(desk: Desk, code: str) -> Result:
    """Whether a diagnosis is a CC or an MCC as a secondary diagnosis."""
    return await codes.facts(desk, "icd10cm", code, "crosswalks", ("cc or mcc",))


async def present_on_admission(desk: Desk, code: str) -> Result:
    """Whether a diagnosis is exempt from present-on-admission reporting."""
    return await codes.facts(desk, "icd10cm", code, "compliance", ("present on admission",))


async def drg(desk: Desk, number: str) -> Result:
    """Title, weight and lengths of stay of an MS-DRG."""
    section = await desk.section("msdrg", number, "fees")
    if section is None:
        return Result(
            "section:fees", "none", why="The MS-DRG that you name is not in the edition held for the date."
        )
    if "problem" in section:
        return Result("section:fees", "no_edition", why=section["problem"])
    panel = next((one for one in section["panels"] if one["title"] == "Weight and length of stay"), None)
    judged = await codes.judged(desk, [number], "msdrg")
    told: list[Statement | None] = []
    url = desk.url("msdrg", number, "fees")
    facts = panel["facts"] if panel else []
    receipt = next((fact["receipt"] for fact in facts if fact["receipt"]), None)
    title = judged[0]["title"] if judged else ""
    mark = f" ({panel['edition']})" if panel and panel.get("edition") else ""
    if panel and receipt:
        for fact in facts:
            detail = f" {fact['detail']}" if fact["detail"] else ""
            name = f"MS-DRG {number} – {fact['label']}: {fact['value'].rstrip('.')}.{detail}{mark}"
            told.append(statement(name, fact["receipt"] or receipt, url))
        told.append(statement(sentence(panel["note"]), receipt, url))
    if title:
        told.insert(
            1 if told else 0,
            statement(
                f"MS-DRG {number} is “{title}”.", judged[0]["receipts"] or receipt, desk.url("msdrg", number)
            ),
        )
    missing = "; ".join(section["would_fill"]) if not panel else ""
    return of(
        "section:fees",
        told,
        f"Its weight isn't held: {missing}." if missing else "",
        [Named("msdrg", number, title)],
    )


async def group(
    desk: Desk,
    principal: str,
    secondary: Sequence[str] = (),
    procedures: Sequence[str] = (),
    age: int | None = None,
    sex: str = "",
    discharge_status: str = "01",
) -> Result:
    """The MS-DRG of a stay; diagnoses are taken as present on admission, which the answer says."""
    found = await desk.tool(
        "ms-drg",
        principal={"code": principal, "poa": "Y"},
        secondary=[{"code": one, "poa": "Y"} for one in secondary],
        procedures=list(procedures),
        age=age if age is not None else 65,
        sex=sex or "U",
        discharge_status=discharge_status,
    )
    if "problem" in found:
        return Result("ms-drg", "not_understood", why=found["problem"])
    grouping, result = found["grouping"], found["results"][0]
    if grouping is None:
        state = "no_edition" if result["status"] == "not_checked" else "none"
        told = [statement(sentence(result["why"]), result["receipts"], "/tools/ms-drg")]
        return Result("ms-drg", state, tuple(one for one in told if one), result["why"])
    receipts = result["receipts"]
    told = [
        statement(
            f"The stay groups to MS-DRG {grouping['drg']} “{grouping['title']}” ({grouping['version']}), "
            f"MDC {grouping['mdc']}.",
            receipts,
            "/tools/ms-drg",
        ),
        statement(" ".join(grouping["made_by"]), receipts, "/tools/ms-drg"),
    ]
    told += [
        statement(
            f"{one['code']}: {sentence(one['why'])}"
            + (f" Without it the MS-DRG would be {one['drg_without']}." if one["drg_without"] else ""),
            one["receipts"] or receipts,
            "/tools/ms-drg",
        )
        for one in grouping["codes"]
        if one["role"] == "secondary"
    ]
    payment = grouping["payment"]
    if payment["receipt"]:
        text = (
            f"Relative weight {payment['weight']}; geometric mean stay {payment['gmlos']} days, arithmetic "
            f"{payment['amlos']} days."
        )
        told.append(statement(text, payment["receipt"], desk.url("msdrg", grouping["drg"], "fees")))
    assumed = "Every diagnosis is taken as present on admission"
    if age is None or not sex:
        assumed += ", the patient as 65 years old" if age is None else ""
        assumed += ", the sex as not said" if not sex else ""
    why = f"{assumed}, discharged home: other facts can change the group."
    return of("ms-drg", told, why, [Named("msdrg", grouping["drg"], grouping["title"])])
