"""Codes themselves: found by words, told by title and validity, by section, by history."""

from collections.abc import Sequence
from typing import Any

from .desk import Desk
from .results import Json, Named, Result, Statement, of, sentence, statement

SYSTEM_NAMES = {
    "icd10cm": "ICD-10-CM",
    "icd10pcs": "ICD-10-PCS",
    "hcpcs": "HCPCS Level II",
    "cpt": "CPT",
    "icd9cm": "ICD-9-CM",
    "msdrg": "MS-DRG",
}
_MOST_SHOWN = 6


async def judged(desk: Desk, codes: Sequence[str], system: str = "") -> list[Json]:
    """Each code with its system, title and validity on the date, as the list tool says."""
    if not codes:
        return []
    found = await desk.tool("code-lists", codes=list(codes), system=system)
    return found.get("results", [])


def is_known(one: Json, *, icd9: bool = False) -> bool:
    """Whether an edition knows the code; one of ICD-9-CM only where that is asked for or its dot is typed."""
    if one["system"] == "icd9cm" and not icd9 and "." not in one["typed"]:
        return False
    return bool(one["system"])


def title_of(one: Json) -> str:
    return "" if one["system"] == "cpt" else one["title"]


def named(one: Json) -> Named:
    return Named(one["system"], one["code"], title_of(one))


def described(desk: Desk, one: Json, *, billable: bool = False) -> list[Statement | None]:
    """What a code is called, and whether it may be billed on the date. `billable`: that first, it is asked for."""
    system, code, url = one["system"], one["code"], desk.url(one["system"], one["code"])
    name, receipts = SYSTEM_NAMES[system], one["receipts"]
    if system == "cpt":
        what = statement(
            f"{code} is a CPT code: its description is the American Medical Association's and is not held here.",
            receipts,
            url,
        )
    else:
        what = statement(f"{code} ({name}) is “{one['title']}”.", receipts, url)
    verdict = one["why"]
    if one["status"] == "fail" and one["fix"]:
        verdict = f"{verdict} {one['fix']}"
    judged_ = statement(f"{code}: {sentence(verdict)}", receipts, desk.url(system, code, "compliance"))
    return [judged_, what] if billable else [what, judged_]


async def describe(
    desk: Desk, codes: Sequence[str], *, billable: bool = False, icd9: bool = False, system: str = ""
) -> Result:
    """Title and validity of up to 25 codes."""
    found = await judged(desk, codes[:25], system)
    known = [one for one in found if is_known(one, icd9=icd9)]
    statements = [told for one in known for told in described(desk, one, billable=billable)]
    return of("code-lists", statements, _unknown(desk, found, known), [named(one) for one in known])


def _unknown(desk: Desk, found: Sequence[Json], known: Sequence[Json]) -> str:
    rest = [one for one in found if one not in known]
    if not rest:
        return ""
    which = "The code that you name is" if len(found) == 1 else f"{len(rest)} of the codes that you name are"
    if any("No edition held" in one["why"] for one in rest):
        return f"{which} not checked: no edition of its code system is held for {desk.as_of.isoformat()}."
    return f"{which} in no edition of a code system held for {desk.as_of.isoformat()}."


async def below(desk: Desk, code: str) -> Result:
    """Billable codes below a heading."""
    section = await desk.section("icd10cm", code, "compliance")
    if not section or "problem" in section or not section["instead"]:
        return Result("section:compliance", "none")
    shown = section["instead"][:_MOST_SHOWN]
    listed = "; ".join(f"{one['code']} {one['title']}" for one in shown)
    more = section["instead_total"] - len(shown)
    text = f"Below {code}: {listed}{f'; and {more:,} more' if more > 0 else ''}."
    return of(
        "section:compliance",
        [statement(text, section["receipt"], desk.url("icd10cm", code, "compliance"))],
        named=[Named("icd10cm", one["code"], one["title"]) for one in shown[:3]],
    )


async def find(desk: Desk, words: str, system: str = "", limit: int = 4) -> Result:
    """Codes for words: the search's first hits, each judged for the date. Weak hits are left out."""
    found = await desk.search(words, system, limit + 2)
    hits = [
        one for one in found["hits"] if system == one["system"] or (not system and one["system"] != "icd9cm")
    ]
    strong = [one for one in hits if _is_strong(one)]
    if not strong:
        return Result("search", "none", why=_nothing_found(system))
    results = await judged(desk, [one["code"] for one in strong[:limit]])
    by_code = {one["code"]: one for one in results}
    statements: list[Statement | None] = []
    names: list[Named] = []
    for hit in strong[:limit]:
        one = by_code.get(hit["code"])
        if one is None or not one["receipts"] or one["system"] != hit["system"]:
            continue
        names.append(named(one))
        statements.append(_hit(desk, hit, one))
    return of("search", statements, "" if statements else _nothing_found(system), names)


def _hit(desk: Desk, hit: Json, one: Json) -> Statement | None:
    matched = hit["matched"][0] if hit["matched"] else {}
    title = title_of(one) or "a CPT code, whose description is the American Medical Association's"
    text = (
        f"{one['code']} ({SYSTEM_NAMES[one['system']]}): “{title}”."
        if title_of(one)
        else f"{one['code']}: {title}."
    )
    if matched.get("field") not in ("title", "code") and matched.get("text") and one["system"] != "cpt":
        text += f" Found by its {matched['field']}: “{matched['text']}”."
    text += f" {sentence(one['why'])}"
    return statement(text, one["receipts"], desk.url(one["system"], one["code"]))


def _is_strong(hit: Json) -> bool:
    """All the words were found, not only some of them."""
    return any(not one["why"].startswith(("some", "part", "few", "most")) for one in hit["matched"])


def _nothing_found(system: str) -> str:
    if system == "cpt":
        return (
            "CPT codes can't be found by words: their descriptions are the American Medical Association's and are not "
            "held here. Name the code, and its values, edits and limits can be told."
        )
    return "No code held is called so. Say it in the words of a diagnosis, a procedure or a supply."


async def history(desk: Desk, system: str, code: str) -> Result:
    """A code over the editions held, and what the conversion table says of it."""
    section = await desk.section(system, code, "history")
    if section is None:
        return Result("section:history", "none", why=_gone(desk))
    if "problem" in section:
        return Result("section:history", "no_edition", why=section["problem"])
    url = desk.url(system, code, "history")
    told: list[Statement | None] = []
    for panel in section["panels"]:
        for fact in panel["facts"]:
            detail = f" {fact['detail']}" if fact["detail"] else ""
            told.append(
                statement(
                    f"{code} – {fact['label']}: {fact['value'].rstrip('.')}.{detail}", fact["receipt"], url
                )
            )
        if panel["title"] == "Editions" and panel["table"]:
            told.append(_editions(code, panel, section, url))
    if not any(told):
        told.append(statement(f"{code} – {section['facts'][0]['value']}.", section["receipt"], url))
    return of("section:history", told, named=[Named(system, code)])


def _editions(code: str, panel: Json, section: Json, url: str) -> Statement | None:
    rows = panel["table"]["rows"]
    cells = [[cell["text"] for cell in row["cells"]] for row in rows]
    listed = "; ".join(f"{edition} ({window}): {title}" for edition, window, title, *_ in cells[:4])
    receipts = [row["receipt"] for row in rows if row["receipt"]] or [section["receipt"]]
    return statement(f"{code} in the editions held: {listed}.", receipts[:2], url)


def _gone(desk: Desk) -> str:
    return f"The code that you name is in no edition held for {desk.as_of.isoformat()}."


async def notes(desk: Desk, code: str, kinds: Sequence[str] = ()) -> Result:
    """Instructional notes at a code and above it. `kinds`: excludes1, code_first, ...; all where none is named."""
    section = await desk.section("icd10cm", code, "guidelines")
    if section is None:
        return Result("section:guidelines", "none", why=_gone(desk))
    if "problem" in section:
        return Result("section:guidelines", "no_edition", why=section["problem"])
    url, own = desk.url("icd10cm", code, "guidelines"), section["receipt"]
    told = [
        statement(
            f"{block['label']} at {block['at']['code']}: "
            + "; ".join(line["text"].rstrip(".;:") for line in block["lines"][:8])
            + ".",
            [own | {"row": line["row"]} for line in block["lines"][:1]] if own else None,
            url,
        )
        for block in section["notes"]
        if not kinds or block["kind"] in kinds
    ]
    if not told and own:
        which = " or ".join(kind.replace("_", " ").capitalize() for kind in kinds) or "Instructional"
        told = [statement(f"No {which} note stands at {code} or above it.", own, url)]
    return of("section:guidelines", told[:8], named=[Named("icd10cm", code)])


async def facts(desk: Desk, system: str, code: str, key: str, about: Sequence[str] = ()) -> Result:
    """Facts of one section of a code's page whose panel or label has one of the words; all where none is named."""
    section = await desk.section(system, code, key)
    tool = f"section:{key}"
    if section is None:
        return Result(tool, "none", why=_gone(desk))
    if "problem" in section:
        return Result(tool, "no_edition", why=section["problem"])
    told: list[Statement | None] = []
    own: Json = {"title": "", "facts": section["facts"], "receipts": []}
    panels: list[Json] = [own, *section["panels"]]
    for panel in panels:
        shared = (panel.get("receipts") or [None])[0] or section["receipt"]
        for fact in panel["facts"]:
            if about and not any(word in f"{panel['title']} {fact['label']}".lower() for word in about):
                continue
            told.append(_fact(desk, system, code, key, fact, shared))
    missing = "; ".join(section["would_fill"]) if not any(told) else ""
    state = of(tool, told, f"Not held: {missing}." if missing else "", [Named(system, code)])
    return state


def _fact(desk: Desk, system: str, code: str, key: str, fact: Json, shared: Any) -> Statement | None:
    detail = f" {fact['detail']}" if fact.get("detail") else ""
    text = f"{code} – {fact['label']}: {fact['value'].rstrip('.')}.{detail}"
    return statement(text, fact.get("receipt") or shared, desk.url(system, code, key))


async def diff(desk: Desk, system: str, kinds: Sequence[str] = ()) -> Result:
    """What changed in the edition in force on the date against the one before it."""
    found = await desk.tool("release-diff", system=system, kinds=list(kinds), limit=8)
    if "problem" in found:
        return Result("release-diff", "no_edition", why=found["problem"])
    new, old = found["new"], found["old"]
    counts = found["counts_billable"]
    receipt = next((one["new_receipt"] or one["old_receipt"] for one in found["changes"]), None)
    text = (
        f"{SYSTEM_NAMES[system]} {new['edition']} against {old['edition']}: {counts.get('added', 0):,} billable codes "
        f"added, {counts.get('deleted', 0):,} deleted, {counts.get('revised', 0):,} with a new title."
    )
    told = [statement(text, receipt, desk.tool_url("release-diff"))]
    for one in found["changes"][:6]:
        title = one["new_title"] or one["old_title"]
        if one["kind"] != "deleted":
            told.append(
                statement(
                    f"{one['kind'].capitalize()}: {one['code']} “{title}”.",
                    one["new_receipt"],
                    desk.url(system, one["code"]),
                )
            )
    return of("release-diff", told, found.get("note", ""))
