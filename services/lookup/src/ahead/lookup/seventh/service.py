"""The 7th-character helper: from what somebody typed to the codes that exist.

It says only what is public of codes: which exist, their titles, whether they are complete. The notes that ask for a
7th character stand on the code's page.
"""

from datetime import date

from ahead.lookup.catalog import spelling
from ahead.lookup.catalog.inheritance import receipt
from ahead.lookup.catalog.schemas import CodeFacts, Edition, Node, Release
from ahead.lookup.catalog.service import Catalog
from ahead.shared.errors import BadInput

from .schemas import Choice, SeventhAnswer, Status

SYSTEM = "icd10cm"
PLACE = 7
_MOST = 60


class SeventhCharacter:
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def complete(self, typed: str, character: str = "", as_of: date | None = None) -> SeventhAnswer:
        """
        Args:
            typed: a code with or without its 7th character, padded or not: "S72.001", "W08XXXA", "W08A".
            character: the 7th character, where it is given apart.

        Raises:
            BadInput: that can't be a code, or the character isn't one.
        """
        key = spelling.read(SYSTEM, typed).key
        wanted = character.strip().upper()
        if len(wanted) > 1 or (not wanted.isalnum() and wanted):
            raise BadInput(
                f"{character[:10]!r} is not one character.", slug="bad-character", hint="Such as A, D or S."
            )
        edition = await self._catalog.edition_for(SYSTEM, as_of)
        release = edition.release
        if release is None:
            return _answer(edition, typed, "not_held", edition.message)
        base, rest = await self._split(release, key)
        if base is None:
            why = f"{spelling.dotted(SYSTEM, key)} is not in {release.edition}, nor is any part of it."
            return _answer(edition, typed, "not_a_code", why)
        facts = await self._catalog.facts(release.id, base.code)
        left = rest.replace("X", "")
        if wanted and left and left != wanted:
            raise BadInput(
                f"{typed[:20]} ends in {left}, and the character given is {wanted}.", slug="two-characters"
            )
        return await self._told(edition, release, typed, facts, wanted or left)

    async def _split(self, release: Release, key: str) -> tuple[Node | None, str]:
        """The code that was meant and what stands behind it: "W08XXXA" is W08 and "XXXA"."""
        for length in range(len(key), 2, -1):
            node = await self._catalog.node(release.id, key[:length])
            if node is None:
                continue
            if node.kind == "extension" and node.parent:
                above = await self._catalog.node(release.id, node.parent)
                if above is not None:
                    return above, key[len(above.code) :]
            return node, key[length:]
        return None, key

    async def _told(
        self, edition: Edition, release: Release, typed: str, facts: CodeFacts, wanted: str
    ) -> SeventhAnswer:
        node = facts.node
        extensions = [child for child in facts.children if child.kind == "extension"]
        if extensions:
            choices = tuple(_choice(release, one, wanted) for one in extensions)
            chosen = next((one for one in choices if one.chosen), None)
            filled = placeholders(node)
            if chosen is not None:
                why = f"{chosen.code} is complete and billable."
                return _answer(edition, typed, "complete", why, node, chosen.code, filled, choices)
            if wanted:
                offered = ", ".join(one.character for one in choices)
                why = f"{wanted} is no 7th character of {node.dotted}: choose from {offered}."
                return _answer(edition, typed, "no_such_character", why, node, "", filled, choices)
            why = f"{node.dotted} is not complete: choose one of {len(choices)} 7th characters."
            return _answer(edition, typed, "choose", why, node, "", filled, choices)
        if node.billable:
            if wanted:
                why = f"{node.dotted} takes no 7th character: leave {wanted} out."
                return _answer(edition, typed, "no_such_character", why, node)
            return _answer(
                edition, typed, "takes_none", f"{node.dotted} is complete and takes no 7th character.", node
            )
        below = [child for child in facts.children if child.kind != "extension"][:_MOST]
        why = (
            f"{node.dotted} needs other characters first: {node.children:,} {_codes(node.children)} below it."
        )
        if wanted:
            why = f"{why} {wanted} comes after them."
        choices = tuple(Choice("", one.dotted, one.title, False, receipt(release, one)) for one in below)
        return _answer(edition, typed, "more_first", why, node, choices=choices)


def placeholders(base: Node) -> str:
    missing = PLACE - 1 - len(base.code)
    if missing <= 0:
        return ""
    first, places = len(base.code) + 1, "X" * missing
    where = f"place {first}" if missing == 1 else f"places {first} to {PLACE - 1}"
    fill = "stands" if missing == 1 else "stand"
    return f"{base.dotted} has {len(base.code)} characters: {places} {fill} in {where}, so that the 7th is the 7th."


def _choice(release: Release, node: Node, wanted: str) -> Choice:
    character = node.code[PLACE - 1]
    return Choice(character, node.dotted, node.title, character == wanted, receipt(release, node))


def _codes(count: int) -> str:
    return "stands" if count == 1 else "stand"


def _answer(
    edition: Edition,
    typed: str,
    status: Status,
    why: str,
    base: Node | None = None,
    code: str = "",
    placeholders: str = "",
    choices: tuple[Choice, ...] = (),
) -> SeventhAnswer:
    return SeventhAnswer(
        edition.as_of,
        edition.release.edition if edition.release else "",
        edition.message,
        typed.strip(),
        base.dotted if base else "",
        base.title if base else "",
        status,
        code or (base.dotted if base and status == "takes_none" else ""),
        why,
        placeholders,
        choices,
    )
