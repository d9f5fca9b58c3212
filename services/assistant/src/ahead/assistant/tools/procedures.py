"""Procedure codes: NCCI edits, units, add-on codes, modifiers, places of service."""

import asyncio
from collections.abc import Sequence
from itertools import combinations

from .desk import Desk
from .results import Json, Named, Result, Statement, of, sentence, statement, whole_file

SETTINGS = {
    "practitioner": "practitioner",
    "hospital": "outpatient_hospital",
    "dme": "dme_supplier",
}
_NAMES = {"practitioner": "practitioner", "hospital": "outpatient hospital", "dme": "DME supplier"}
_MOST_PRIMARIES = 12


def system_of(code: str) -> str:
    return "hcpcs" if code[:1].isalpha() else "cpt"


async def mue(desk: Desk, code: str, setting: str = "") -> Result:
    """The published limit of units; of every setting where none is said."""
    asked = [setting] if setting else list(SETTINGS)
    found = await asyncio.gather(
        *(desk.tool("mue", lines=[{"code": code, "units": 1}], setting=SETTINGS[one]) for one in asked)
    )
    told: list[Statement | None] = []
    whys: list[str] = []
    for place, answer in zip(asked, found, strict=True):
        if "problem" in answer:
            return Result("mue", "not_understood", why=answer["problem"])
        result = answer["results"][0]
        why = result["why"].partition(". ")[2] if result["status"] in ("pass", "fail") else result["why"]
        if not result["receipts"]:
            whys.append(result["why"])
            continue
        unlisted = "no published limit" in why
        if unlisted and not setting and len(asked) > 1 and place == "dme":
            continue
        told.append(
            statement(
                f"{_NAMES[place].capitalize()} MUE: {sentence(why)}", result["receipts"], desk.tool_url("mue")
            )
        )
    state = of("mue", told, whys[0] if whys and not any(told) else "", [Named(system_of(code), code)])
    return state if state.told else Result("mue", "no_edition", why=whys[0] if whys else "")


async def pairs(desk: Desk, codes: Sequence[str], setting: str = "") -> Result:
    """PTP edits between codes; practitioner where no setting is said, with the hospital's where it differs."""
    asked = [setting] if setting in ("practitioner", "hospital") else ["practitioner", "hospital"]
    lines = [{"code": code} for code in codes]
    found = await asyncio.gather(
        *(desk.tool("ncci-pair", lines=lines, setting=SETTINGS[one]) for one in asked)
    )
    told: list[Statement | None] = []
    whys: list[str] = []
    named = list(combinations(codes, 2))
    for place, answer in zip(asked, found, strict=True):
        if "problem" in answer:
            return Result("ncci-pair", "not_understood", why=answer["problem"])
        for result in answer["results"]:
            if not result["receipts"]:
                whys.append(result["why"])
                continue
            one, two = (codes[number - 1] for number in result["lines"])
            text = f"{_NAMES[place].capitalize()}: {one} and {two} – {sentence(result['why'])} {result['fix']}".strip()
            told.append(statement(text, result["receipts"], desk.tool_url("ncci-pair")))
    if not any(told):
        return Result("ncci-pair", "no_edition", why=whys[0] if whys else "Two codes are needed.")
    mentioned = dict.fromkeys(code for pair in named for code in pair)
    return of("ncci-pair", told, named=[Named(system_of(code), code) for code in mentioned])


async def add_on(desk: Desk, code: str) -> Result:
    """Whether a code is an add-on and to which primaries; and which add-ons it may carry."""
    found = await desk.tool("add-on", code=code)
    if "problem" in found:
        return Result("add-on", "not_understood", why=found["problem"])
    if found["status"] == "no_edition":
        return Result("add-on", "no_edition", why=found["why"])
    edits, listed, url = (
        found["add_on"]["edits"],
        whole_file(found["add_on"]["edition"]),
        desk.url(system_of(code), code, "ncci-edits"),
    )
    told: list[Statement | None] = []
    marked = _marked(found["add_on"]["edition"])
    if edits:
        primaries = [one["primary"] for one in edits if one["primary"]]
        kind = edits[0]["type_text"]
        shown = ", ".join(primaries[:_MOST_PRIMARIES])
        more = len(primaries) - _MOST_PRIMARIES
        listing = (
            f"its primary codes are {shown}{f' and {more} more' if more > 0 else ''}"
            if primaries
            else "the list names no primary code: the contractor decides"
        )
        text = f"{code} is an add-on code: it is not billed alone. {sentence(kind)} In the list {listing}.{marked}"
        told.append(statement(text, [one["receipt"] for one in edits[:3]], url))
        if not found["add_on"]["complete"] and primaries:
            told.append(
                statement(
                    f"The list of primaries of {code} may be incomplete: others are not checked.",
                    edits[0]["receipt"],
                    url,
                )
            )
    else:
        told.append(statement(f"{sentence(found['why'])}{marked}", listed, url))
    carried = found["add_on"]["as_primary"]
    if carried:
        codes = list(dict.fromkeys(one["add_on"] for one in carried))
        more = " and more" if len(codes) > _MOST_PRIMARIES else ""
        text = f"As primary {code} may carry the add-on codes {', '.join(codes[:_MOST_PRIMARIES])}{more}."
        told.append(statement(text, [one["receipt"] for one in carried[:3]], url))
    return of("add-on", told, named=[Named(system_of(code), code)])


def _marked(edition: Json) -> str:
    return f" ({edition['message']})" if edition and edition.get("status") == "after_newest" else ""


async def modifier(desk: Desk, key: str) -> Result:
    """What a modifier says, when it is used, what it does to the payment."""
    found = await desk.tool("modifier", modifier=key)
    if "problem" in found:
        return Result("modifier", "not_understood", why=found["problem"])
    if found["status"] != "found":
        state = "no_edition" if found["status"] == "no_edition" else "none"
        return Result("modifier", state, why=found["why"])
    told: list[Statement | None] = []
    if (listed := found["listed"]) is not None:
        note = f" ({found['edition_note']})" if found["edition_note"] else ""
        told.append(
            statement(
                f"Modifier {key}: {sentence(listed['title'])}{note}", listed["receipt"], "/tools/modifier"
            )
        )
    if (rule := found["rule"]) is not None:
        receipt = rule["receipt"]
        told += [
            statement(f"Modifier {key}, in our words: {rule['name']}. {sentence(rule['meaning'])}", receipt),
            statement(f"Use {key} when: {' '.join(sentence(one) for one in rule['use_when'][:3])}", receipt),
            statement(
                f"Don't use {key} when: {' '.join(sentence(one) for one in rule['do_not_use_when'][:3])}",
                receipt,
            ),
            statement(f"Payment with {key}: {sentence(rule['payment'])}", receipt),
            statement(
                f"{key} {'is' if rule['bypasses_ncci'] else 'is not'} among the modifiers that may get around an "
                "NCCI edit.",
                receipt,
            ),
        ]
    return of("modifier", told)


async def modifiers_for(desk: Desk, code: str, wanted: Sequence[str] = ()) -> Result:
    """Which modifiers go with a code, each with what decided; or of those asked about."""
    system = system_of(code)
    section = await desk.section(system, code, "modifiers")
    if section is None or "problem" in section:
        why = section["problem"] if section else "The code that you name is in no edition held for the date."
        return Result("section:modifiers", "no_edition" if section else "none", why=why)
    url = desk.url(system, code, "modifiers")
    told: list[Statement | None] = []
    listed: dict[str, list[str]] = {}
    receipts: dict[str, list[Json]] = {}
    for panel in section["panels"]:
        for row in (panel["table"] or {"rows": []})["rows"]:
            texts = [cell["text"] for cell in row["cells"]]
            name, receipt = texts[0], row["receipt"]
            if wanted:
                if (
                    any(_covers(name, one) for one in wanted)
                    and panel["title"] != "From the official list of HCPCS modifiers"
                ):
                    text = f"{code} with {name}: {panel['title'].lower()}. {sentence(texts[1])} {sentence(texts[2])}"
                    told.append(statement(text, receipt or _first(section), url))
            else:
                listed.setdefault(panel["title"], []).append(name)
                if receipt:
                    receipts.setdefault(panel["title"], []).append(receipt)
    for title, names in listed.items():
        if title != "From the official list of HCPCS modifiers":
            cited = receipts.get(title, [])[:2] or [_first(section)]
            told.append(statement(f"{code} – {title.lower()}: {', '.join(names)}.", cited, url))
    return of("section:modifiers", told, "" if told else "Nothing is held on that.", [Named(system, code)])


def _covers(name: str, wanted: str) -> bool:
    """Whether a row's modifier, or range of modifiers ("E1–E4"), is the one asked about."""
    first, _, last = name.partition("–")
    return first == wanted or (bool(last) and first[0] == wanted[0] and first <= wanted <= last)


def _first(section: Json) -> Json | None:
    """Any receipt of the section: of a rule that has no row of its own."""
    for panel in section["panels"]:
        for row in (panel["table"] or {"rows": []})["rows"]:
            if row["receipt"]:
                return row["receipt"]
    return section["receipt"]


async def place(desk: Desk, number_or_words: str) -> Result:
    """A place of service by its number or by words."""
    found = await desk.tool("place-of-service", place=number_or_words)
    if "problem" in found:
        return Result("place-of-service", "not_understood", why=found["problem"])
    if found["status"] != "found":
        return Result(
            "place-of-service", "no_edition" if found["status"] == "no_edition" else "none", why=found["why"]
        )
    note = f" ({found['edition_note']})" if found["edition_note"] else ""
    told: list[Statement | None] = []
    for one in found["places"][:4]:
        price = {True: "facility", False: "non-facility"}.get(one["facility"])
        text = f"Place of service {one['code']} is “{one['name']}”: {sentence(one['description'])}"
        if price:
            text += f" The physician fee schedule pays its {price} price there."
        told.append(statement(f"{text}{note}", one["receipt"], desk.tool_url("place-of-service")))
    return of("place-of-service", told)
