"""What browsing answers: place, title and billable or not, nothing that a grant protects."""

from datetime import date

import msgspec

from ahead.lookup.catalog.schemas import EditionStatus, Kind, TitleOrigin


class BrowseNode(msgspec.Struct, frozen=True):
    """One row. `code` is as printed; `address` is where its own part of the hierarchy is browsed."""

    code: str
    kind: Kind
    title: str
    title_origin: TitleOrigin
    billable: bool
    children: int
    billable_codes: int
    """Billable codes anywhere below."""
    address: str
    page: str | None
    """Where its code page is; None for chapters and sections, which have none."""


class BrowseEdition(msgspec.Struct, frozen=True):
    as_of: date
    status: EditionStatus
    message: str
    edition: str
    window_from: date | None
    window_to: date | None


class BrowsePage(msgspec.Struct, frozen=True):
    """A place of the hierarchy with a part of what lies directly below it; `place` is None at the top."""

    system: str
    system_name: str
    edition: BrowseEdition
    place: BrowseNode | None
    ancestors: tuple[BrowseNode, ...]
    children: tuple[BrowseNode, ...]
    siblings: tuple[BrowseNode, ...]
    """For a billable code, which has nothing below: the codes around it."""
    total: int
    page: int
    pages: int
