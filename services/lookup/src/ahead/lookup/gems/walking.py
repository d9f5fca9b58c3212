"""The crosswalk tool: one or many codes, under the same grant as their pages."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from litestar import Request
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.lookup.catalog import spelling
from ahead.lookup.codes.access import Refused, Views
from ahead.shared.auth.middleware import network_bucket_of
from ahead.shared.auth.principal import Principal
from ahead.shared.auth.visitors import takes_nothing
from ahead.shared.errors import BadInput

from .schemas import Crosswalk, CrosswalkAnswer, System
from .service import OTHER, Crosswalks, system_named

MOST_CODES = 500
_HELD = frozenset({"mapped", "no_map"})
_COLUMNS = (
    "system", "code", "title", "status", "to", "scenario", "choice list", "target", "target title", "approximate",
    "no map", "combination", "file", "row",
)  # fmt: skip


class Asked(msgspec.Struct, frozen=True):
    """`system`: that of the codes, icd9cm or icd10cm; the answer is in the other one."""

    codes: tuple[str, ...]
    system: str = "icd9cm"
    as_of: str | None = None


def split(typed: str) -> tuple[str, ...]:
    """Codes as they were pasted: by lines, commas, semicolons or spaces."""
    return tuple(dict.fromkeys(part for part in re.split(r"[\s,;]+", typed) if part))


async def walk(
    crosswalks: Crosswalks, views: Views, principal: Principal, request: Request[Any, Any, Any],
    system_name: str, codes: Sequence[str], as_of: date | None,
) -> CrosswalkAnswer:  # fmt: skip
    """Each code in the other system. A code whose page the account can't open any more this month is named and not
    shown.

    Raises:
        BadInput: no such system, or no code or too many were given.
    """
    system = system_named(system_name)
    if system is None:
        raise BadInput(
            "Crosswalks start from ICD-9-CM or ICD-10-CM.",
            slug="unknown-system",
            hint="Say icd9cm or icd10cm.",
        )
    if not 1 <= len(codes) <= MOST_CODES:
        raise BadInput(f"Give 1 to {MOST_CODES} codes.", slug="bad-codes")
    found = [await _of(crosswalks, system, code, as_of) for code in codes]
    things = [f"{one.system}/{one.code}" for one in found if one.status in _HELD]
    granted = await _granted(views, principal, request, list(dict.fromkeys(things)))
    results = tuple(
        one if one.status not in _HELD or f"{one.system}/{one.code}" in granted else _closed(one)
        for one in found
    )
    day = found[0].as_of
    return CrosswalkAnswer(day, results)


async def _of(crosswalks: Crosswalks, system: System, typed: str, as_of: date | None) -> Crosswalk:
    try:
        key = spelling.read(system, typed).key
    except BadInput as problem:
        edition = await crosswalks.edition(system, as_of)
        said = f"{problem.detail} {problem.hint}".strip()
        shown = typed[:20]
        return Crosswalk(system, shown, "", OTHER[system], edition.as_of, "not_listed", (said,), (), ())
    return await crosswalks.of(system, key, as_of)


def _closed(one: Crosswalk) -> Crosswalk:
    said = "Your code page views of this month are used up. Codes you have opened this month are still shown."
    return Crosswalk(one.system, one.code, one.title, one.to, one.as_of, "not_shown", (said,), (), ())


async def _granted(
    views: Views, principal: Principal, request: Request[Any, Any, Any], things: Sequence[str]
) -> frozenset[str]:
    """The things whose view is open, or could be taken now, in their order, until none is left."""
    opened = {thing for thing in things if await views.look(principal, thing) is not None}
    wanted = [thing for thing in things if thing not in opened]
    if not wanted or takes_nothing(request):
        return frozenset(opened)
    bucket = network_bucket_of(request, views.now())

    async def take(session: AsyncSession) -> tuple[list[str], Refused | None]:
        taken: list[str] = []
        for thing in wanted:
            answer = await views.take(session, principal, thing, bucket)
            if isinstance(answer, Refused):
                return taken, answer
            taken.append(thing)
        return taken, None

    taken, refused = await views.database.transact(take)
    if refused is not None:
        views.denied(principal, wanted[len(taken)], refused)
    return frozenset((*opened, *taken))


def as_csv(answer: CrosswalkAnswer) -> str:
    """One line per row of the mapping; a code without rows has one line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for one in answer.results:
        head = (one.system, one.code, one.title, one.status, one.to)
        targets = [target for each in one.alternatives for choices in each.lists for target in choices]
        if not targets:
            writer.writerow((*head, "", "", "", "; ".join(one.words), "", "", "", "", ""))
        for t in targets:
            writer.writerow(
                (
                    *head, t.scenario or "", t.choice_list or "", t.code, t.title, int(t.approximate), int(t.no_map),
                    int(t.combination), t.receipt.file_name, t.receipt.row,
                )
            )  # fmt: skip
    return out.getvalue()
