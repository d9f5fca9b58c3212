"""CPT numbers that the edition of a date doesn't have.

Without the AMA's files the numbers held are those of the fee schedule, for its own quarters: laboratory tests of one
maker (0001U) and some others are in none of them, and other sources (NCCI, unit limits, laboratory rates) have windows
of their own. What those say of a number can be shown; whether it was valid can't be said.
"""

from collections.abc import AsyncIterator, Callable
from datetime import date

import msgspec

from ahead.lookup.catalog import editions, spelling
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import CodeFacts, Edition, Found, Node, Receipt, Release
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.clfs.service import Laboratory
from ahead.lookup.ncci.kinds import SETTING_NAMES
from ahead.lookup.ncci.service import Ncci

from .places import places_of

Named = AsyncIterator[tuple[Edition, Receipt | None]]


class Numbers:
    """Stands in for the code pages of CPT."""

    def __init__(self, catalog: Catalog, ncci: Ncci, laboratory: Laboratory) -> None:
        self._catalog = catalog
        self._sources: tuple[Callable[[str, date], Named], ...] = (_limits(ncci), _rates(laboratory))

    async def of(self, edition: Edition, code: str) -> Found | None:
        """The number as another edition or another source has it; None where none does. The answer's edition keeps
        saying what is wrong with the date, and judges nothing.

        Raises:
            BadInput: it can't be a number of CPT.
        """
        key = spelling.read("cpt", code).key
        if edition.release is not None and edition.release.kind not in editions.PARTIAL:
            return None
        if edition.release is None:
            for release in editions.nearest(await self._catalog.releases("cpt"), edition.as_of):
                node = await self._catalog.node(release.id, key)
                if node is not None:
                    return Found(msgspec.structs.replace(edition, release=release), node)
        named = [one for source in self._sources async for one in source(key, edition.as_of)]
        # What is in force on the date goes before what ran out.
        for source, receipt in sorted(named, key=lambda one: one[0].marked):
            if source.release is not None and receipt is not None:
                return Found(_not_listed(edition, key, source.release), _node(key, source.release, receipt))
        return None

    async def facts(self, found: Found) -> CodeFacts:
        node, release = found.node, found.edition.release
        assert node is not None, "it was found"
        assert release is not None, "its edition is where it was found"
        if release.system == "cpt":
            return await self._catalog.facts(release.id, node.code)
        receipt = receipt_of(release, node.source_row, node.source_file)
        above = await self._above(node.code)
        return CodeFacts(release, node, receipt, above, (), (node,), (), (), None, ())

    async def _above(self, code: str) -> tuple[Node, ...]:
        """The groups of the number, as far as an edition held has them."""
        held = await self._catalog.releases("cpt")
        found = (
            [await self._catalog.node(held[-1].id, place.key) for place in places_of(code)] if held else []
        )
        return tuple(node for node in found if node is not None)


def _limits(ncci: Ncci) -> Callable[[str, date], Named]:
    async def named(code: str, day: date) -> Named:
        for setting in SETTING_NAMES:
            limit = await ncci.mue(code, setting, day)
            yield limit.edition, limit.receipt

    return named


def _rates(laboratory: Laboratory) -> Callable[[str, date], Named]:
    async def named(code: str, day: date) -> Named:
        fee = await laboratory.fee(code, day)
        yield fee.edition, fee.rates[0].receipt if fee.rates else None

    return named


def _not_listed(edition: Edition, code: str, release: Release) -> Edition:
    if edition.release is None:
        return msgspec.structs.replace(edition, release=release)
    message = (
        f"{code} is not among the numbers of CPT that are held ({edition.release.edition}): they are those of the fee "
        "schedule, not all."
    )
    return Edition("cpt", edition.as_of, "not_listed", message, release)


def _node(code: str, release: Release, receipt: Receipt) -> Node:
    place = places_of(code)[-1]
    return Node(
        release_id=release.id, system="cpt", code=code, dotted=code, kind="code", parent=place.key, ordinal=0, depth=2,
        title=place.title, title_origin="not_held", short_title="", billable=True, children=0, codes_below=0,
        source_file=next((n for n, file in enumerate(release.files) if file.name == receipt.file_name), 0),
        source_row=receipt.row,
    )  # fmt: skip
