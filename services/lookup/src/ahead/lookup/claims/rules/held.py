"""What the rules read from: the doors of the features, and small helpers that every rule needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.schemas import CodeFacts, Edition, Receipt
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.ncci.service import Ncci
from ahead.lookup.tools.schemas import Status, ToolResult

from ..schemas import Claim, ClaimLine


@dataclass(frozen=True)
class Knowledge:
    """The doors that the rules ask."""

    catalog: Catalog
    reader: SourceReader
    ncci: Ncci


@dataclass(frozen=True)
class Coded:
    """A diagnosis of the claim, as the edition of the claim's date holds it; without facts where it is unknown."""

    number: int
    code: str
    dotted: str
    poa: str
    edition: Edition
    facts: CodeFacts | None


def result(
    rule: str,
    status: Status,
    why: str,
    fix: str = "",
    *,
    lines: Iterable[int] = (),
    diagnoses: Iterable[int] = (),
    receipts: Iterable[Receipt | None] = (),
) -> ToolResult:
    return ToolResult(
        rule,
        status,
        tuple(lines),
        why,
        fix,
        tuple(dict.fromkeys(one for one in receipts if one is not None)),
        tuple(diagnoses),
    )


def not_checked(edition: Edition) -> str:
    """Why an edition can't judge: "No edition held for this date: ..."; empty where it can."""
    if edition.status == "held":
        return ""
    if edition.marked:
        return f"No edition held for this date: the newest one is {edition.message}."
    return edition.message


def by_date(claim: Claim) -> dict[date, list[tuple[int, ClaimLine]]]:
    """Lines with their numbers, by date of service."""
    found: dict[date, list[tuple[int, ClaimLine]]] = {}
    for number, line in enumerate(claim.lines, 1):
        found.setdefault(line.date_of_service, []).append((number, line))
    return found


def same_provider(one: ClaimLine, two: ClaimLine) -> bool:
    """Lines that don't say who rendered them are taken for the same provider's."""
    return not one.rendering or not two.rendering or one.rendering == two.rendering


def quantity(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
