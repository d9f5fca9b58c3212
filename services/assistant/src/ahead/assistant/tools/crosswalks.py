"""Codes in another system: ICD-9-CM by the equivalence maps, and the categories of risk adjustment."""

from collections.abc import Sequence

from .desk import Desk
from .results import Json, Named, Result, Statement, of, sentence, statement


async def equivalents(desk: Desk, codes: Sequence[str], system: str) -> Result:
    """Codes of `system` (icd9cm or icd10cm) in the other one. Targets that the edition of the date doesn't have are
    not named, only counted."""
    found = await desk.tool("crosswalk", codes=list(codes), system=system)
    if "problem" in found:
        return Result("crosswalk", "not_understood", why=found["problem"])
    told: list[Statement | None] = []
    whys: list[str] = []
    named: list[Named] = []
    for one in found["results"]:
        if one["status"] == "not_checked":
            whys.append((one["edition"] or {}).get("message") or one["note"])
            continue
        targets = [target for way in one["alternatives"] for group in way["lists"] for target in group]
        targets = list({target["code"]: target for target in targets}.values())
        if not targets:
            whys.append(" ".join(one["words"]) or "The mapping held has no row for that code.")
            continue
        held = [target for target in targets if target["title"]]
        gone = len(targets) - len(held)
        receipts = [target["receipt"] for target in targets]
        note = _note(one)
        if len(held) == len(targets):
            told.append(
                statement(
                    f"{' '.join(sentence(word) for word in one['words'])}{note}",
                    receipts[:6],
                    "/tools/crosswalk",
                )
            )
        for target in held[:8]:
            alike = "approximate" if target["approximate"] else "exact"
            alike += ", part of a combination" if target["combination"] else ""
            told.append(
                statement(
                    f"{one['code']} → {target['code']} “{target['title']}” ({alike}).",
                    target["receipt"],
                    "/tools/crosswalk",
                )
            )
            named.append(Named(target["system"], target["code"], target["title"]))
        if gone:
            whys.append(
                f"{gone} more target{'s' if gone > 1 else ''} of the mapping {'are' if gone > 1 else 'is'} "
                "not in the edition for the date."
            )
    if not any(told):
        return Result("crosswalk", "none", why=" ".join(dict.fromkeys(whys)) or "No mapping is held.")
    return of("crosswalk", told, " ".join(dict.fromkeys(whys)), named)


def _note(one: Json) -> str:
    edition = one["edition"] or {}
    return f" (Map {edition['message']}.)" if edition.get("message") else ""


async def risk(desk: Desk, code: str) -> Result:
    """The HCCs of a diagnosis, by model."""
    section = await desk.section("icd10cm", code, "crosswalks")
    if section is None or "problem" in section:
        why = section["problem"] if section else "The code that you name is in no edition held for the date."
        return Result("section:crosswalks", "no_edition" if section else "none", why=why)
    panel = next((one for one in section["panels"] if one["title"].startswith("HCC")), None)
    if panel is None:
        return Result("section:crosswalks", "none", why="HCCs are told of billable diagnoses only.")
    url = desk.url("icd10cm", code, "crosswalks")
    if not panel["table"]:
        receipt = (panel["receipts"] or [section["receipt"]])[0] or _any_receipt(section)
        return of(
            "section:crosswalks",
            [statement(f"{code} – HCC: {sentence(panel['note'])}", receipt, url)],
            named=[Named("icd10cm", code)],
        )
    rows = panel["table"]["rows"]
    told = [statement(f"{code}: {sentence(panel['note'])}", rows[0]["receipt"], url)]
    # The current model of Medicare Advantage first.
    for row in sorted(rows, key=lambda row: ("V28" not in row["cells"][0]["text"], row["cells"][0]["text"]))[
        :8
    ]:
        model, category, name = (cell["text"] for cell in row["cells"][:3])
        told.append(statement(f"{code} – {model}: {category} {name}".rstrip() + ".", row["receipt"], url))
    return of("section:crosswalks", told, named=[Named("icd10cm", code)])


def _any_receipt(section: Json) -> Json | None:
    for panel in section["panels"]:
        for row in (panel["table"] or {"rows": []})["rows"]:
            if row["receipt"]:
                return row["receipt"]
    return None
