"""The books of ICD-10-CM and ICD-10-PCS: guidelines, indexes, tables, 7th characters, building a procedure code."""

import re
from typing import Any

from .desk import Desk
from .results import Json, Named, Result, Statement, of, sentence, statement

_MOST_WORDS = 90


async def guideline(desk: Desk, section: str) -> Result:
    """One numbered section of the official guidelines, read from its start."""
    found = await desk.tool("guidelines", section=section)
    if "problem" in found:
        return Result("guidelines", "none", why=found["problem"])
    one = found["section"]
    if one is None:
        return Result("guidelines", "no_edition", why=found["edition_note"])
    return of("guidelines", _read(desk, found, one))


def _read(desk: Desk, found: Json, one: Json) -> list[Statement | None]:
    url, receipt = f"/tools/guidelines?section={one['number']}", one["receipt"]
    note = f" ({found['edition_note']})" if found["edition_note"] else ""
    told = [
        statement(
            f"Guideline {one['number']} “{one['heading']}”, page {one['page']} of {found['edition']}{note}.",
            receipt,
            url,
        )
    ]
    if one["text"]:
        told.append(statement(f"It says: “{_beginning(one['text'])}”", receipt, url))
    if one["below"]:
        parts = "; ".join(f"{part['number']} {part['heading']}" for part in one["below"][:8])
        told.append(statement(f"Its parts: {parts}.", receipt, url))
    return told


def _beginning(text: str, most: int = _MOST_WORDS) -> str:
    """Whole sentences from the start."""
    kept: list[str] = []
    for part in re.split(r"(?<=[.:;])\s+", " ".join(text.split())):
        if kept and len(" ".join([*kept, part]).split()) > most:
            return " ".join(kept) + " …"
        kept.append(part)
    return " ".join(kept)


async def guidelines_about(desk: Desk, words: str) -> Result:
    """Sections that have the words, with the place in each."""
    found = await desk.tool("guidelines", words=words)
    if "problem" in found:
        return Result("guidelines", "none", why=found["problem"])
    note = f" ({found['edition_note']})" if found["edition_note"] else ""
    if not found["hits"]:
        state = "no_edition" if not found["edition"] else "none"
        return Result(
            "guidelines",
            state,
            why=found["edition_note"]
            if state == "no_edition"
            else "No section of the guidelines has these words.",
        )
    told = [
        statement(
            f"Guideline {hit['section']['number']} “{hit['section']['heading']}” (page {hit['section']['page']}, "
            f"{found['edition']}{note}): “{hit['excerpt']}”",
            hit["receipt"],
            f"/tools/guidelines?section={hit['section']['number']}",
        )
        for hit in found["hits"][:4]
    ]
    return of("guidelines", told)


async def guidelines_for(desk: Desk, code: str) -> Result:
    """Sections that govern a code, the most specific first."""
    found = await desk.tool("guidelines", code=code)
    if "problem" in found:
        return Result("guidelines", "none", why=found["problem"])
    if not found["governing"]:
        return Result(
            "guidelines", "no_edition" if not found["edition"] else "none", why=found["edition_note"]
        )
    note = f" ({found['edition_note']})" if found["edition_note"] else ""
    told = [
        statement(
            f"Guideline {one['section']['number']} “{one['section']['heading']}”"
            f"{_named(one)}{note}: “{_beginning(one['section']['text'], 60)}”",
            one["section"]["receipt"],
            f"/tools/guidelines?section={one['section']['number']}",
        )
        for one in found["governing"][:3]
        if one["section"]["text"]
    ]
    return of("guidelines", told, named=[Named("icd10cm", code)])


def _named(one: Json) -> str:
    return f" names {one['named']}" if one["named"] else " holds for it"


async def index(desk: Desk, term: str, book: str = "index") -> Result:
    """Where a term of an index leads."""
    found = await desk.tool("index-walk", term=term, index=book)
    if "problem" in found:
        return Result("index-walk", "none", why=found["problem"])
    if not found["edition"]:
        return Result("index-walk", "no_edition", why=found["edition_note"])
    url = desk.tool_url("index-walk")
    note = f" ({found['edition_note']})" if found["edition_note"] else ""
    told: list[Statement | None] = []
    named: list[Named] = []
    here = found["here"]
    if here is None:
        for one in found["choices"][:5]:
            path = ", ".join([*one["path"], one["title"]])
            told.append(
                statement(
                    f"{found['book_name']}: “{path}” {one['code']}".rstrip() + ".",
                    one["receipt"],
                    url,
                )
            )
        return of("index-walk", told, "" if told else "No main term of the index is called so.")
    for step in [here, *found["below"][:6]]:
        term_ = step["term"]
        path = ", ".join([*term_["path"], term_["title"]])
        usable = [code for code in step["codes"] if code["state"] not in ("not_in_edition", "not_checked")]
        if step["codes"] and not usable:
            continue
        leads = "; ".join(
            f"{code['code']} “{code['title']}”" + (f" ({code['why'].rstrip('.')})" if code["why"] else "")
            for code in usable
        )
        see = term_["see"] or term_["see_also"]
        if not leads and not see and step is not here:
            continue
        text = f"{found['book_name']}{note}: “{path}”"
        text += f" leads to {leads}." if leads else f" – see {see}." if see else " has terms below it."
        told.append(statement(text, term_["receipt"], url))
        named += [Named("icd10cm", code["code"], code["title"]) for code in usable if step is here]
    return of("index-walk", told, named=named)


async def neoplasm(desk: Desk, site: str, behavior: str = "") -> Result:
    """A site in the table of neoplasms, with the code of each behavior."""
    return await _table(desk, "neoplasm", behavior, site=site, limit=3)


async def drug(desk: Desk, substance: str, intent: str = "") -> Result:
    """A substance in the table of drugs, with the code of each intent."""
    return await _table(desk, "drugs", intent, substance=substance, limit=3)


async def _table(desk: Desk, tool: str, column: str, **asked: Any) -> Result:
    found = await desk.tool(tool, **asked)
    if "problem" in found:
        return Result(tool, "none", why=found["problem"])
    if not found["edition"]:
        return Result(tool, "no_edition", why=found["edition_note"])
    note = f" ({found['edition_note']})" if found["edition_note"] else ""
    told: list[Statement | None] = []
    named: list[Named] = []
    for row in found["rows"][:2]:
        path = ", ".join([*row["term"]["path"], row["term"]["title"]])
        cells = [
            one
            for one in row["columns"]
            if one["code"]
            and one["code"]["state"] not in ("not_in_edition", "not_checked")
            and (not column or column in one["column"].lower())
        ]
        if not cells:
            continue
        for cell in cells[:6]:
            code = cell["code"]
            why = f" {sentence(code['why'])}" if code["why"] else ""
            head = f"{found['book_name']}{note}: “{path}”, {cell['column'].lower()}"
            text = f"{head}: {code['code']} “{code['title']}”.{why}"
            told.append(statement(text, row["term"]["receipt"], desk.tool_url(tool)))
        if not named:
            named = [Named("icd10cm", cell["code"]["code"], cell["code"]["title"]) for cell in cells[:3]]
    return of(tool, told, "" if told else "The table has no such row.", named)


async def seventh(desk: Desk, code: str) -> Result:
    """Whether a code takes a 7th character, and which."""
    found = await desk.tool("seventh-character", code=code)
    if "problem" in found:
        return Result("seventh-character", "not_understood", why=found["problem"])
    if found["status"] in ("not_held", "not_a_code"):
        state = "no_edition" if found["status"] == "not_held" else "none"
        return Result(
            "seventh-character",
            state,
            why="The code that you name is not in the edition held for the date."
            if state == "none"
            else found["why"],
        )
    url = desk.tool_url("seventh-character")
    choices = found["choices"]
    receipts = [one["receipt"] for one in choices[:2]]
    if not receipts:
        section = await desk.section("icd10cm", found["base"] or code, "compliance")
        receipts = [section["receipt"]] if section and section.get("receipt") else []
    note = f" ({found['edition_note']})" if found["edition_note"] else ""
    told = [
        statement(
            f"{sentence(found['why'])} {sentence(found['placeholders'])}".strip() + note,
            receipts,
            url,
        )
    ]
    told += [
        statement(f"{one['character'] or 'Next'}: {one['code']} “{one['title']}”.", one["receipt"], url)
        for one in choices[:16]
    ]
    return of(
        "seventh-character",
        told,
        named=[Named("icd10cm", one["code"], one["title"]) for one in choices if one["chosen"]],
    )


async def procedure_table(desk: Desk, begins: str = "", term: str = "") -> Result:
    """What can be chosen next in an ICD-10-PCS code that begins so; or where a word of the index leads."""
    found = await desk.tool("pcs-builder", begins=begins, term=term)
    if "problem" in found:
        return Result("pcs-builder", "none", why=found["problem"])
    if found["edition"]["release"] is None:
        return Result("pcs-builder", "no_edition", why=found["edition"]["message"])
    release = found["edition"]["release"]
    file = release["files"][0]
    whole = {"file_name": file["name"], "release": release["edition"], "sha256": file["sha256"], "row": 1,
             "window_from": release["window_from"], "window_to": release["window_to"]}  # fmt: skip
    receipts = [*found["receipts"][:2]] or [whole]
    url, mark = (
        desk.tool_url("pcs-builder"),
        f" ({found['edition']['message']})" if found["edition"]["message"] else "",
    )
    told: list[Statement | None] = []
    if term and not begins:
        for one in found["terms"][:5]:
            leads = ", ".join(one["begins"][:6])
            told.append(
                statement(
                    f"ICD-10-PCS index: “{one['term']}”, {', '.join(one['words'])}"
                    + (f": codes that begin {leads}." if leads else "."),
                    receipts,
                    url,
                )
            )
        return of("pcs-builder", told, "" if told else "The index has no such term.")
    chosen = "; ".join(
        f"{one['axis']} {one['value']['value']} {one['value']['name']}" for one in found["chosen"]
    )
    told.append(
        statement(
            f"{begins}: {chosen}. {found['codes']:,} codes of {release['edition']} begin so.{mark}",
            receipts,
            url,
        )
    )
    if found["definition"]:
        told.append(statement(f"The operation means: {sentence(found['definition'])}", receipts, url))
    if found["code"]:
        told.append(
            statement(
                f"{found['code']} is “{found['title']}”.", receipts, desk.url("icd10pcs", found["code"])
            )
        )
    elif (following := found["next"]) is not None:
        values = "; ".join(f"{one['value']} {one['name']}" for one in following["choices"][:20])
        more = len(following["choices"]) - 20
        told.append(
            statement(
                f"Next, character {following['position']} ({following['axis']}): {values}"
                + (f"; and {more} more." if more > 0 else "."),
                receipts,
                url,
            )
        )
    return of("pcs-builder", told)
