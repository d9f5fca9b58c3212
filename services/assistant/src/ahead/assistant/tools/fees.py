"""Medicare's figures for a code: relative values, global days, fees by locality, laboratory rates."""

import asyncio
from datetime import date

from . import codes
from .desk import Desk
from .procedures import system_of
from .results import Json, Named, Result, Statement, of, sentence, statement, whole_file

_MOST_LOCALITIES = 9
_GLOBAL = {
    "XXX": "the global concept does not apply",
    "YYY": "the contractor decides",
    "ZZZ": "it belongs to another service and has its global period",
    "MMM": "maternity: the usual global period does not apply",
}


async def _values(desk: Desk, code: str) -> tuple[Json, str, Desk]:
    """Relative values for the date. Where its quarter isn't held and another one of the same calendar year is, that
    one with what has to be said: the schedule is made for a year, its quarters only amend it."""
    found = await desk.tool("relative-values", code=code)
    if found.get("status") == "no_edition" and found.get("first_held"):
        start = date.fromisoformat(found["first_held"])
        if start.year == desk.as_of.year:
            later = desk.on(start)
            again = await later.tool("relative-values", code=code)
            return again, same_year(desk.as_of, again["values"]["edition"]), later
    return found, "", desk


def same_year(asked: date, edition: Json) -> str:
    release = edition["release"]
    return (
        f"Not checked for {asked.isoformat()}: the edition of that quarter is not held. What is told is the same "
        f"year's schedule, {release['edition']}, in force from {release['window_from']}."
    )


async def relative_values(desk: Desk, code: str, want: str = "work") -> Result:
    """`want`: "work" (relative values) or "global" (global days)."""
    found, note, at = await _values(desk, code)
    if "problem" in found:
        return Result("relative-values", "not_understood", why=found["problem"])
    if found["status"] == "no_edition":
        return Result("relative-values", "no_edition", why=found["why"])
    values = found["values"]
    url = at.url(system_of(code), code, "fees")
    if found["status"] == "none":
        told = [statement(sentence(found["why"]), whole_file(values["edition"]), url)]
        return of("relative-values", told, note, [Named(system_of(code), code)])
    edition = values["edition"]["release"]["edition"]
    ended = values["edition"]["message"] if values["edition"]["status"] == "after_newest" else ""
    mark = f" ({ended})" if ended else ""
    told: list[Statement | None] = []
    for row in values["rows"]:
        name = code if not row["modifier"] else f"{code}-{row['modifier']}"
        if want == "global":
            if row["modifier"] and row["modifier"] != "53":
                continue
            told.append(statement(_global(name, row, edition, mark), row["receipt"], url))
        else:
            told.append(statement(_rvus(name, row, edition, mark), row["receipt"], url))
    return of("relative-values", told, note, [Named(system_of(code), code)])


def _indicator(row: Json, heading: str) -> Json:
    return next((one for one in row["indicators"] if one["heading"] == heading), {"value": "", "meaning": ""})


def _global(name: str, row: Json, edition: str, mark: str) -> str:
    days = _indicator(row, "GLOB DAYS")
    value = days["value"]
    if value.isdigit():
        said = f"{int(value)} days ({value})"
    else:
        said = f"{value}: {_GLOBAL.get(value, 'as the schedule says')}"
    shares = ""
    if any(float(row[part]) for part in ("preoperative", "intraoperative", "postoperative")):
        parts = [
            f"{float(row[part]) * 100:.0f} %" for part in ("preoperative", "intraoperative", "postoperative")
        ]
        shares = f" Shares before, in and after the operation: {', '.join(parts)}."
    meaning = days["meaning"].partition(": ")[2] or days["meaning"]
    return f"Global period of {name}: {said} ({edition}). {sentence(meaning)}{shares}{mark}"


def _rvus(name: str, row: Json, edition: str, mark: str) -> str:
    facility = "none" if row["na_facility"] else row["total_facility"]
    other = "none" if row["na_nonfacility"] else row["total_nonfacility"]
    return (
        f"{name} has {row['work']} work RVUs ({edition}); practice expense {row['pe_nonfacility']} non-facility and "
        f"{row['pe_facility']} facility, malpractice {row['mp']}; in total {other} non-facility and {facility} "
        "facility. "
        f"Conversion factor ${row['conversion_factor']}.{mark}"
    )


async def localities(desk: Desk, state: str, words: str) -> Json:
    return await desk.tool("fee-localities", words=state or words)


async def fee(
    desk: Desk,
    code: str,
    *,
    state: str = "",
    locality: str = "",
    zip_code: str = "",
    price: str = "",
    modifiers: tuple[str, ...] = (),
) -> Result:
    """What Medicare allows: in a ZIP code, in every locality of a state, in a named one, or nationally."""
    first = await _priced(desk, code, await _where(desk, state, locality, zip_code), price, modifiers)
    if isinstance(first, Result):
        return first
    told, note = first
    return of("fees", told, note, [Named(system_of(code), code)])


async def _where(desk: Desk, state: str, locality: str, zip_code: str) -> list[Json] | Result:
    if zip_code:
        return [{"zip": zip_code}]
    if not (state or locality):
        return [{"locality": "national"}]
    found = await localities(desk, state, locality)
    if found.get("status") == "no_edition":
        return Result("fee-localities", "no_edition", why=found["why"])
    places = found.get("localities", [])
    if not places and locality:
        return [{"locality": "national"}]
    return [{"locality": f"{one['contractor']}-{one['locality']}"} for one in places[:_MOST_LOCALITIES]]


async def _priced(
    desk: Desk,
    code: str,
    where: list[Json] | Result,
    price: str,
    modifiers: tuple[str, ...],
) -> tuple[list[Statement | None], str] | Result:
    if isinstance(where, Result):
        return where
    if not where:
        return Result("fees", "none", why="No locality of the fee schedule is called so.")
    _, note, at = await _values(desk, code)
    settings = [price] if price else ["nonfacility", "facility"]
    asked = [(place, setting) for place in where for setting in settings]
    answers = await asyncio.gather(
        *(
            at.tool(
                "fees",
                lines=[
                    {
                        "code": code,
                        "modifiers": list(modifiers),
                        "place_of_service": "11" if setting == "nonfacility" else "22",
                    }
                ],
                **place,
            )
            for place, setting in asked
        )
    )
    told: list[Statement | None] = []
    whys: list[str] = []
    for (_, setting), answer in zip(asked, answers, strict=True):
        if "problem" in answer:
            return Result("fees", "not_understood", why=answer["problem"])
        line = answer["lines"][0]
        if line["amount"] is None:
            whys.append(line["why"] or answer["why"])
            told.append(_no_price(code, setting, line, answer, at))
        else:
            told.append(_amount(code, setting, line, answer, at))
    if not any(told):
        return Result(
            "fees", "no_edition", why=next((why for why in whys if why), "No price is held for the date.")
        )
    return told, note


def _amount(code: str, setting: str, line: Json, answer: Json, at: Desk) -> Statement | None:
    place = answer["place"]
    where = (
        f"{place['name'].title()}, {place['state']}"
        if place["state"]
        else "the nation as a whole (indices 1)"
    )
    receipts = [one for step in line["steps"] for one in step["receipts"]]
    release = next(
        (one["release"] for one in receipts if "PPRRVU" in one["file_name"]), receipts[0]["release"]
    )
    name = "-".join([code, *line["modifiers"]])
    word = "non-facility" if setting == "nonfacility" else "facility"
    formula = line["steps"][0]["formula"] if line["steps"] else ""
    return statement(
        f"Medicare allows ${line['amount']} for {name} in {where}, {word} ({release})"
        f"{f': {formula}' if formula else ''}.",
        _distinct(receipts)[:3],
        at.tool_url("fees"),
    )


def _no_price(code: str, setting: str, line: Json, answer: Json, at: Desk) -> Statement | None:
    """Why there is none, where that is a fact of the schedule and not of what is held."""
    receipts = [one for step in line["steps"] for one in step["receipts"]]
    if line["outcome"] == "not_checked" or not line["why"]:
        return None
    receipts = receipts or (answer["place"] or {}).get("receipts", [])
    word = "non-facility" if setting == "nonfacility" else "facility"
    return statement(f"{code}, {word}: {sentence(line['why'])}", receipts[:2], at.tool_url("fees"))


def _distinct(receipts: list[Json]) -> list[Json]:
    return list({(one["sha256"], one["row"]): one for one in receipts}.values())


async def laboratory(desk: Desk, code: str) -> Result:
    """The national rate of the Clinical Laboratory Fee Schedule."""
    found = await desk.tool("laboratory-rate", code=code)
    if "problem" in found:
        return Result("laboratory-rate", "not_understood", why=found["problem"])
    if found["status"] == "not_checked":
        return Result("laboratory-rate", "no_edition", why=found["why"])
    url, named = desk.url(system_of(code), code, "fees"), [Named(system_of(code), code)]
    if found["status"] == "not_listed":
        told = [statement(sentence(found["why"]), whole_file(found["edition"]), url)]
        return of("laboratory-rate", told, named=named)
    edition = found["edition"]["release"]["edition"]
    told = [
        statement(
            f"The Clinical Laboratory Fee Schedule pays ${one['amount']} for {code}"
            f"{f'-{one_modifier}' if (one_modifier := one['modifier']) else ''} nationally ({edition}).",
            one["receipt"],
            url,
        )
        for one in found["rates"]
    ]
    return of("laboratory-rate", told, named=named)


async def fees_of_page(desk: Desk, code: str) -> Result:
    """What else the page holds on prices: surgical centers and hospitals' outpatient departments."""
    return await codes.facts(desk, system_of(code), code, "fees", ("surgical center", "outpatient"))
