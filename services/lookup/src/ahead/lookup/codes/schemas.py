"""What a code page is made of, for templates and as JSON."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import CodeFacts, Edition, Node, Receipt, TitleOrigin, Validity
from ahead.lookup.codes.panels import Contribution, Fact, Grouped, OwnedText, Panel
from ahead.shared.web.allowance import Allowance

# public: what everybody may see; view: a guest's granted view; full: a registered account's granted view.
Access = Literal["public", "view", "full"]
SectionState = Literal["held", "not_held", "not_applicable", "locked"]


class CodeRef(msgspec.Struct, frozen=True):
    code: str
    title: str
    billable: bool
    kind: str


class Place(msgspec.Struct, frozen=True):
    """What is public about a code: where it stands and how it is called."""

    system: str
    system_name: str
    code: str
    kind: str
    title: str
    title_origin: TitleOrigin
    billable: bool
    ancestors: tuple[CodeRef, ...]
    children: tuple[CodeRef, ...]
    children_total: int


class EditionInfo(msgspec.Struct, frozen=True):
    """Which edition the page was made from, and the sentence to show when it isn't in its window."""

    as_of: date
    status: str
    message: str
    edition: str
    window_from: date | None
    window_to: date | None


class CommonLanguage(msgspec.Struct, frozen=True):
    """The project's own plain-language text: ``written`` by hand or ``composed`` by rules."""

    paragraphs: tuple[str, ...]
    origin: Literal["written", "composed"]


class NamedCode(msgspec.Struct, frozen=True):
    """A code in the words of a note: `text` as it is printed there ("E24.-"), `code` the one it leads to."""

    text: str
    code: str


class NoteLine(msgspec.Struct, frozen=True):
    """`codes`: those that the note names one by one; ranges are not among them."""

    text: str
    row: int
    codes: tuple[NamedCode, ...] = ()


class NoteBlock(msgspec.Struct, frozen=True):
    """Notes of one kind at one place of the hierarchy."""

    kind: str
    label: str
    explanation: str
    at: CodeRef
    own: bool
    lines: tuple[NoteLine, ...]


class Character(msgspec.Struct, frozen=True):
    character: str
    meaning: str
    chosen: bool
    exists: bool


class Section(msgspec.Struct, frozen=True):
    """One of the eight sections. ``note`` says what is missing where something is."""

    key: str
    title: str
    state: SectionState
    note: str = ""
    would_fill: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    notes: tuple[NoteBlock, ...] = ()
    characters: tuple[Character, ...] = ()
    characters_note: str = ""
    instead: tuple[CodeRef, ...] = ()
    instead_total: int = 0
    panels: tuple[Panel, ...] = ()
    receipt: Receipt | None = None


class CodeView(msgspec.Struct, frozen=True):
    """A code page as JSON. Below full access sections carry their name and ``locked`` only."""

    access: Access
    as_of: date
    edition: EditionInfo
    place: Place
    official_description: str
    """Empty where it is its owner's and may not be shown, or was not loaded."""
    common_language: CommonLanguage | None
    sections: tuple[Section, ...]
    allowance: "AllowanceState | None" = None
    owned: OwnedText | None = None


class AllowanceState(msgspec.Struct, frozen=True):
    plan: str
    limit: int | None
    used: int
    remaining: int | None
    sentence: str


class Content(msgspec.Struct, frozen=True):
    """What is held of one node for one date; the same for everybody.

    `contributions` are by section, and only there when somebody may see them.
    """

    edition: Edition
    facts: CodeFacts
    validity: Validity
    contributions: dict[str, Contribution] = {}
    version: int = 0
    """Of the catalogue: another one when a release came or went."""
    owned: OwnedText | None = None
    """Only for who may see it: `owned_for`."""
    grouped: Grouped | None = None

    @property
    def node(self) -> Node:
        return self.facts.node

    @property
    def badge(self) -> tuple[str, str]:
        """What the code is on the date in a word or two, and the kind of badge for it."""
        if self.validity.status == "not_held":
            return "Not checked", "warning"
        drg = self.node.system == "msdrg"
        if self.validity.status == "billable":
            return ("Valid" if drg else "Billable"), "success"
        if self.node.billable:
            return "Not valid on this date", "warning"
        return ("Heading" if drg else "Not billable"), "warning"

    @property
    def thing(self) -> str:
        """What a view is counted by: system and dotted code, never the date that was asked for."""
        return f"{self.node.system}/{self.node.dotted}"


def allowance_state(allowance: Allowance) -> AllowanceState:
    return AllowanceState(
        plan=allowance.plan,
        limit=allowance.limit,
        used=allowance.used,
        remaining=allowance.remaining,
        sentence=allowance.sentence,
    )
