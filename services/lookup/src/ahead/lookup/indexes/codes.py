"""What a code printed in an index is in the edition of codes for the date: an index may be older than the codes."""

from collections.abc import Iterable
from datetime import date

from ahead.lookup.catalog.schemas import Node
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.catalog.spelling import dotted

from .schemas import CodeState, NamedCode


def key_of(printed: str) -> str:
    """A printed code without dot and dash: "E11.-" is "E11"."""
    return printed.replace(".", "").rstrip("-")


class CodesOfDate:
    """The edition of ICD-10-CM that answers for one date; made by `of`."""

    def __init__(self, catalog: Catalog, release_id: int | None, edition: str) -> None:
        self._catalog = catalog
        self._release_id = release_id
        self.edition = edition

    @classmethod
    async def of(cls, catalog: Catalog, as_of: date) -> "CodesOfDate":
        found = await catalog.edition_for("icd10cm", as_of)
        release = found.release
        return cls(catalog, release.id if release else None, release.edition if release else "")

    async def named(self, printed: Iterable[str]) -> tuple[NamedCode, ...]:
        return tuple([await self.one(code) for code in printed if key_of(code)])

    async def one(self, printed: str) -> NamedCode:
        key = key_of(printed)
        shown = dotted("icd10cm", key)
        if self._release_id is None:
            why = "Not checked: no edition of the codes is held for this date."
            return NamedCode(printed, shown, "", "not_checked", why)
        node = await self._catalog.node(self._release_id, key)
        if node is None:
            return NamedCode(printed, shown, "", "not_in_edition", f"{shown} is not in {self.edition}.")
        state, why = await self._state(node, printed)
        return NamedCode(printed, shown, node.title, state, why)

    async def _state(self, node: Node, printed: str) -> tuple[CodeState, str]:
        if node.billable:
            return "billable", ""
        facts = await self._catalog.facts(node.release_id, node.code)
        if any(child.kind == "extension" for child in facts.children):
            return "seventh_character", "Needs a 7th character."
        if printed.endswith("-"):
            return "header", "Needs more characters: choose below it."
        return "header", f"Is no complete code in {self.edition}: it needs more characters."
