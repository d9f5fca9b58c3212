"""What a feature contributes to a code page: panels of facts and tables, each figure with its receipt.

The page knows no feature by name: the composition root hands it contributors, each for one section.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, Protocol

import msgspec

from ahead.lookup.catalog.schemas import CodeFacts, Edition, Found, Receipt

SectionKey = Literal[
    "guidelines",
    "modifiers",
    "crosswalks",
    "ncci-edits",
    "compliance",
    "medicare-coverage",
    "fees",
    "history",
]


FactStatus = Literal["good", "bad", "neutral"]


class Fact(msgspec.Struct, frozen=True):
    """One line of a section: a statement, what it rests on, and where it comes from."""

    label: str
    value: str
    detail: str = ""
    status: FactStatus = "neutral"
    receipt: Receipt | None = None


class Cell(msgspec.Struct, frozen=True):
    """`code` is set in the type of codes; `href` an address on this site or a publisher's."""

    text: str
    href: str = ""
    code: bool = False


class PanelRow(msgspec.Struct, frozen=True):
    cells: tuple[Cell, ...]
    receipt: Receipt | None = None


class PanelTable(msgspec.Struct, frozen=True):
    """`total` is the true count, also where `rows` are the first of them; `more` the address of the rest."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[PanelRow, ...]
    total: int
    more: str = ""


class Panel(msgspec.Struct, frozen=True):
    """`edition` is said where what is shown is of an edition whose window has ended (`Edition.message`)."""

    title: str
    note: str = ""
    facts: tuple[Fact, ...] = ()
    table: PanelTable | None = None
    receipts: tuple[Receipt, ...] = ()
    edition: str = ""


class Contribution(msgspec.Struct, frozen=True):
    """`would_fill`: the official files that would fill it, where the source isn't loaded."""

    panels: tuple[Panel, ...] = ()
    would_fill: tuple[str, ...] = ()


class Subject(msgspec.Struct, frozen=True):
    """The code that a page is about. `code` is its key, `dotted` as it is printed."""

    system: str
    code: str
    dotted: str
    title: str
    as_of: date
    billable: bool
    facts: CodeFacts


class OwnedText(msgspec.Struct, frozen=True):
    """The words of a code's owner, which the catalogue's own titles don't have: loaded by a holder of a licence.

    `public`: the licence lets everybody see them; else registered accounts only. `consumer`: the owner's words for
    patients, or "".
    """

    text: str
    form: str
    consumer: str
    public: bool
    receipt: Receipt
    edition: Edition
    copyright: str


class Owner(Protocol):
    """Where owned texts of a code system are had."""

    async def text(self, code: str, as_of: date | None = None) -> OwnedText | None: ...


class Grouped(msgspec.Struct, frozen=True):
    """What a public source says of a code whose title is its owner's: a `name` for the heading, or "", and a
    sentence."""

    name: str
    sentence: str


class Grouping(Protocol):
    """Where that is had of a code system."""

    async def group(self, code: str, as_of: date | None = None) -> Grouped | None: ...


class StandIn(Protocol):
    """Shows a code that the edition of the date doesn't have, from where else it is held."""

    async def of(self, edition: Edition, code: str) -> Found | None: ...

    async def facts(self, found: Found) -> CodeFacts: ...


class Contributor(Protocol):
    """A feature's part of one section."""

    @property
    def section(self) -> SectionKey: ...

    @property
    def systems(self) -> frozenset[str]: ...

    async def contribute(self, subject: Subject) -> Contribution: ...


async def gather(
    contributors: Iterable[Contributor], subject: Subject, sections: Iterable[str]
) -> dict[str, Contribution]:
    """What all contributors of the subject's system say for the sections; in the order of the contributors.

    A section that nobody contributes to for this system is not in the answer.
    """
    wanted = frozenset(sections)
    asked = [one for one in contributors if subject.system in one.systems and one.section in wanted]
    answers = await asyncio.gather(*(one.contribute(subject) for one in asked))
    found: dict[str, list[Contribution]] = {}
    for one, answer in zip(asked, answers, strict=True):
        found.setdefault(one.section, []).append(answer)
    return {key: _joined(parts) for key, parts in found.items()}


def _joined(parts: Sequence[Contribution]) -> Contribution:
    if len(parts) == 1:
        return parts[0]
    return Contribution(
        tuple(panel for part in parts for panel in part.panels),
        tuple(dict.fromkeys(file for part in parts for file in part.would_fill)),
    )
