"""Medicare coverage documents: by words, by number, by procedure and diagnosis."""

from . import procedures
from .desk import Desk
from .results import Json, Named, Result, Statement, of, sentence, statement


async def documents(desk: Desk, words: str = "", number: str = "", contractor: str = "") -> Result:
    """Local coverage determinations and billing articles by the words of their titles, or one by its number."""
    found = await desk.tool("coverage-documents", words=words, document=number, contractor=contractor)
    if "problem" in found:
        return Result("coverage-documents", "not_understood", why=found["problem"])
    if found["status"] != "found":
        return Result(
            "coverage-documents",
            "no_edition" if found["status"] == "no_edition" else "none",
            why=found["why"],
        )
    note = f" ({found['edition_note']})" if found["edition_note"] else ""
    told = [_document(one, note) for one in found["documents"][:5]]
    more = found["total"] - len(told)
    why = f"{more:,} more documents are titled so." if more > 0 else ""
    return of("coverage-documents", told, why)


def _document(one: Json, note: str) -> Statement | None:
    who = "; ".join(dict.fromkeys(contractor["name"] for contractor in one["contractors"]))
    since = f", effective {one['effective']}" if one["effective"] else ""
    kind = one["type"] or "document"
    return statement(
        f"{kind} {one['document']} “{one['title']}”{f' of {who}' if who else ''}, "
        f"version {one['version']}{since}{note}.",
        one["receipt"],
        one["url"] or "/tools/coverage-documents",
    )


async def of_code(desk: Desk, code: str) -> Result:
    """What is held on the coverage of a procedure code; that nothing lists it says neither yes nor no."""
    system = procedures.system_of(code)
    section = await desk.section(system, code, "medicare-coverage")
    if section is None or "problem" in section:
        why = section["problem"] if section else "The code that you name is in no edition held for the date."
        return Result("section:medicare-coverage", "no_edition" if section else "none", why=why)
    url = desk.url(system, code, "medicare-coverage")
    told: list[Statement | None] = []
    for panel in section["panels"]:
        receipts = [*panel.get("receipts", [])]
        rows = (panel["table"] or {"rows": []})["rows"]
        receipts += [row["receipt"] for row in rows[:3] if row["receipt"]]
        if panel["note"] and receipts:
            told.append(statement(f"{code} – {panel['title']}: {sentence(panel['note'])}", receipts[:2], url))
        for fact in panel["facts"]:
            detail = f" {fact['detail']}" if fact["detail"] else ""
            told.append(
                statement(
                    f"{code} – {fact['label']}: {fact['value'].rstrip('.')}.{detail}",
                    fact["receipt"] or (receipts[0] if receipts else None),
                    url,
                )
            )
        for row in rows[:3]:
            cells = ", ".join(cell["text"] for cell in row["cells"] if cell["text"])
            told.append(statement(f"{code} – {panel['title']}: {cells}.", row["receipt"], url))
    missing = "; ".join(dict.fromkeys(section["would_fill"]))
    why = (
        ""
        if any(told)
        else sentence(
            section["note"] or missing or "No document held lists it, which says neither yes nor no"
        )
    )
    return of("section:medicare-coverage", told[:8], why, [Named(system, code)])


async def supports(desk: Desk, code: str, diagnosis: str) -> Result:
    """Whether the documents held list a diagnosis for a procedure: judged as the claim check judges a line."""
    found = await desk.tool(
        "claim-check",
        dated=False,
        setting="practitioner",
        diagnoses=[{"code": diagnosis}],
        lines=[{"code": code, "date_of_service": desk.as_of.isoformat(), "pointers": [1]}],
    )
    if "problem" in found:
        return Result("claim-check", "not_understood", why=found["problem"])
    told = [
        statement(
            f"{code} for {diagnosis}: {sentence(one['why'])} {one['fix']}".strip(),
            one["receipts"],
            "/tools/claim-check",
        )
        for one in found["results"]
        if one["rule"].startswith(("coverage", "medical"))
    ]
    whys = [one["why"] for one in found["results"] if one["rule"].startswith(("coverage", "medical"))]
    if not any(told):
        return Result("claim-check", "not_checked", why=whys[0] if whys else "Coverage is not checked.")
    return of(
        "claim-check", told, named=[Named(procedures.system_of(code), code), Named("icd10cm", diagnosis)]
    )
