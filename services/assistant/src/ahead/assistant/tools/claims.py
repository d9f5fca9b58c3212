"""Judging what the user puts together: a claim, a list of diagnoses, the level of a visit."""

from collections.abc import Sequence
from typing import Any

from .desk import Desk
from .procedures import SETTINGS, system_of
from .results import Json, Named, Result, Statement, of, sentence, statement

_SHOWN = ("fail", "bypassed")


async def _checked(desk: Desk, **claim: Any) -> Json:
    return await desk.tool("claim-check", dated=False, **claim)


async def check(
    desk: Desk,
    diagnoses: Sequence[str],
    lines: Sequence[tuple[str, tuple[str, ...]]],
    setting: str = "",
    place: str = "",
) -> Result:
    """A claim judged by every rule held: what fails, what is bypassed, and how much could not be checked."""
    day = desk.as_of.isoformat()
    found = await _checked(
        desk,
        setting=SETTINGS.get(setting, "practitioner"),
        diagnoses=[{"code": one} for one in diagnoses],
        lines=[
            {
                "code": code,
                "modifiers": list(modifiers),
                "date_of_service": day,
                "place_of_service": place,
                "pointers": list(range(1, min(len(diagnoses), 4) + 1)),
            }
            for code, modifiers in lines
        ],
    )
    if "problem" in found:
        return Result("claim-check", "not_understood", why=found["problem"])
    counts = found["counts"]
    shown = [one for one in found["results"] if one["status"] in _SHOWN]
    passed = [one for one in found["results"] if one["status"] == "pass" and one["receipts"]]
    told = [_rule(one) for one in [*shown, *([] if shown else passed[:3])]]
    why = (
        f"Of the rules held {counts['passed']} pass, {counts['failed']} fail, {counts['bypassed']} are bypassed and "
        f"{counts['not_checked']} could not be checked: what is not checked is not passed."
    )
    return of("claim-check", told, why, [Named(system_of(code), code) for code, _ in lines])


def _rule(one: Json) -> Statement | None:
    word = {"fail": "Fails", "bypassed": "Bypassed", "pass": "Passes"}[one["status"]]
    return statement(
        f"{word} ({one['rule']}): {sentence(one['why'])} {one['fix']}".strip(),
        one["receipts"],
        "/tools/claim-check",
    )


async def excludes(desk: Desk, diagnoses: Sequence[str]) -> Result:
    """Whether diagnoses of one list meet an Excludes1 note."""
    found = await _checked(
        desk,
        setting="inpatient",
        discharged=desk.as_of.isoformat(),
        diagnoses=[{"code": one} for one in diagnoses],
    )
    if "problem" in found:
        return Result("claim-check", "not_understood", why=found["problem"])
    rules = [one for one in found["results"] if one["rule"] == "excludes1"]
    told: list[Statement | None] = [
        statement(f"{sentence(one['why'])} {one['fix']}".strip(), one["receipts"], "/tools/claim-check")
        for one in rules
    ]
    whys = [one["why"] for one in rules if one["status"] == "not_checked"]
    if not any(told):
        valid = [one for one in found["results"] if one["rule"] == "valid-code" and one["receipts"]]
        if whys or len(valid) < len(diagnoses):
            why = (
                whys[0]
                if whys
                else "Not checked: not every one of the codes is in the edition held for the date."
            )
            return Result("claim-check", "not_checked", why=why)
        listed = " and ".join(diagnoses)
        receipts = [receipt for one in valid for receipt in one["receipts"][:1]]
        told = [
            statement(
                f"No Excludes1 note at {listed} or above them names the other.",
                receipts,
                "/tools/claim-check",
            )
        ]
    return of("claim-check", told, named=[Named("icd10cm", code) for code in diagnoses])


async def visit_level(desk: Desk, **asked: Any) -> Result:
    """The level of a visit from two of three elements of decision making, and from total time; never by time in the
    emergency department."""
    found = await desk.tool(
        "em-level", **{name: value for name, value in asked.items() if value not in ("", None)}
    )
    if "problem" in found:
        return Result("em-level", "not_understood", why=found["problem"])
    if found["status"] == "no_edition":
        return Result("em-level", "no_edition", why=found["why"])
    told: list[Statement | None] = []
    levels = found["levels"]
    best = found["best"]
    if best:
        told.append(
            statement(
                f"The level is {best['code']} ({found['family_name']}, {best['mdm']} decision making).",
                best["receipt"],
                "/tools/em-level",
            )
        )
    for one in found["verdicts"]:
        receipt = one["level"]["receipt"] if one["level"] else levels[0]["receipt"]
        text = f"By {'decision making' if one['way'] == 'mdm' else 'time'}: {sentence(one['why'])}"
        if one["level"]:
            text += f" That is {one['level']['code']}."
        told.append(statement(text, receipt, "/tools/em-level"))
    if not found["verdicts"]:
        for level in levels:
            time = (
                f"{level['minutes']} minutes of total time or more"
                if level["minutes"] is not None
                else "time is never used"
            )
            told.append(
                statement(
                    f"{level['code']}: {level['mdm']} decision making; {time}.",
                    level["receipt"],
                    "/tools/em-level",
                )
            )
    named = [Named("cpt", best["code"])] if best else [Named("cpt", one["code"]) for one in levels]
    return of("em-level", told, "The clinician's record decides.", named)
