"""An account's own lists of codes, in an order of its own."""

import re
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.lookup.catalog import spelling
from ahead.lookup.catalog.reading import SourceReader
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, Conflict, NotFound
from ahead.shared.ids import uuid7
from ahead.shared.web import clean_text

from . import repository as rows
from .codes import code_of
from .repository import Code
from .schemas import MOST_CODES, MOST_LISTS, NAME_LENGTH, KeptCode, ListInfo, OwnList
from .titles import titles_of

Direction = Literal["up", "down"]
_BETWEEN = re.compile(r"[\s,;|]+")


class Lists:
    """`account` is always the asker's own subject, "a:<id>". A list of somebody else isn't there: NotFound."""

    def __init__(self, database: Database, sources: SourceReader, clock: Clock) -> None:
        self._database = database
        self._sources = sources
        self._clock = clock

    async def all(self, account: str) -> tuple[ListInfo, ...]:
        async with self._database.quick() as session:
            return tuple(ListInfo(*row) for row in await rows.lists(session, account))

    async def one(self, account: str, list_id: str) -> OwnList:
        async with self._database.read() as session:
            name = await _name(session, account, list_id)
            codes = await rows.list_codes(session, account, list_id)
        titles = await titles_of(self._sources, codes)
        return OwnList(list_id, name, tuple(KeptCode(*code, titles.get(code, "")) for code in codes))

    async def create(self, account: str, name: str, codes: Sequence[Code] = ()) -> str:
        """The id of the new list, which is the last one.

        Raises:
            BadInput: no name, or one of more than 80 characters.
            Conflict: there are 100 lists, or one of this name.
        """
        name, list_id = _read_name(name), uuid7()
        async with self._database.write() as session:
            await rows.begin(session, account)
            held = await rows.lists(session, account)
            _unlike(name, held)
            if len(held) >= MOST_LISTS:
                raise Conflict(
                    f"There are {MOST_LISTS} lists already.",
                    slug="too-many-kept",
                    title="There is no room for more",
                    hint="Delete one first.",
                )
            await rows.add_list(session, account, list_id, name, len(held), self._clock.now())
            await rows.order_lists(session, account, [*(row[0] for row in held), list_id])
            await self._add(session, account, list_id, codes)
        return list_id

    async def rename(self, account: str, list_id: str, name: str) -> None:
        name = _read_name(name)
        async with self._changing(account, list_id) as session:
            _unlike(name, [row for row in await rows.lists(session, account) if row[0] != list_id])
            await rows.rename_list(session, account, list_id, name)

    async def place(self, account: str, list_id: str, place: int) -> None:
        """place: from 1; a greater one than there are lists is the last."""
        async with self._changing(account, list_id) as session:
            ids = [row[0] for row in await rows.lists(session, account) if row[0] != list_id]
            ids.insert(min(place - 1, len(ids)), list_id)
            await rows.order_lists(session, account, ids)

    async def delete(self, account: str, list_id: str) -> None:
        """What isn't there is deleted already."""
        async with self._database.write() as session:
            await rows.delete_list(session, account, list_id)

    async def add(self, account: str, list_id: str, codes: Sequence[Code]) -> None:
        """At the end; those that are on it keep their places."""
        async with self._changing(account, list_id) as session:
            await self._add(session, account, list_id, codes)

    async def replace(self, account: str, list_id: str, codes: Sequence[Code]) -> None:
        """These in this order, and no others."""
        async with self._changing(account, list_id) as session:
            await rows.empty_list(session, account, list_id)
            await self._add(session, account, list_id, codes)

    async def remove(self, account: str, list_id: str, code: Code) -> None:
        async with self._changing(account, list_id) as session:
            await rows.remove_from_list(session, account, list_id, code)

    async def move(self, account: str, list_id: str, code: Code, direction: Direction) -> None:
        """One place up or down; at the end of the list nothing changes."""
        async with self._changing(account, list_id) as session:
            codes = await rows.list_codes(session, account, list_id)
            if code not in codes:
                return
            old = codes.index(code)
            new = max(0, old - 1) if direction == "up" else min(len(codes) - 1, old + 1)
            codes.insert(new, codes.pop(old))
            await rows.empty_list(session, account, list_id)
            await rows.write_list_codes(session, account, list_id, codes)

    @asynccontextmanager
    async def _changing(self, account: str, list_id: str) -> AsyncGenerator[AsyncSession]:
        """A write transaction about a list that the account has; NotFound otherwise."""
        async with self._database.write() as session:
            await rows.begin(session, account)
            await _name(session, account, list_id)
            yield session

    async def _add(self, session: AsyncSession, account: str, list_id: str, codes: Sequence[Code]) -> None:
        first = await rows.last_place(session, account, list_id) + 1
        await rows.write_list_codes(session, account, list_id, list(dict.fromkeys(codes)), first)
        count = len(await rows.list_codes(session, account, list_id))
        if count > MOST_CODES:
            raise Conflict(
                f"A list has at most {MOST_CODES:,} codes; this would be {count:,}.",
                slug="too-many-kept",
                title="There is no room for more",
                hint="Begin another list; nothing was changed.",
            )


async def _name(session: AsyncSession, account: str, list_id: str) -> str:
    name = await rows.list_name(session, account, list_id)
    if name is None:
        raise NotFound(
            "You have no such list.",
            slug="no-such-list",
            hint="It may have been deleted. See all your lists.",
        )
    return name


def _read_name(name: str) -> str:
    name = " ".join(clean_text(name, what="The name", max_length=NAME_LENGTH).split())
    if not name:
        raise BadInput("The list has no name.", slug="bad-name", hint="Give it a name you will know it by.")
    return name


def _unlike(name: str, held: Iterable[tuple[str, str, int]]) -> None:
    if any(row[1].casefold() == name.casefold() for row in held):
        raise Conflict(
            "You have a list of that name.",
            slug="name-taken",
            title="That name is taken",
            hint="Choose another.",
        )


def read_codes(text: str, system: str) -> list[Code]:
    """Codes of one system that were pasted, with blanks, commas or line breaks between.

    Raises:
        BadInput: none, too many, or one that can't be a code of the system; the message names the first few.
    """
    typed = [one for one in _BETWEEN.split(text) if one]
    if not typed:
        raise BadInput("No code was given.", slug="bad-list", hint="Type or paste codes, one a line.")
    if len(typed) > MOST_CODES:
        raise BadInput(f"That is {len(typed):,} codes; at most {MOST_CODES:,} are taken.", slug="bad-list")
    found: list[Code] = []
    wrong: list[str] = []
    for one in typed:
        try:
            found.append(code_of(system, one))
        except BadInput as problem:
            if problem.slug == "unknown-system":
                raise
            wrong.append(one[:20])
    if wrong:
        name = spelling.SYSTEMS[system]
        raise BadInput(
            f"Not {'a code' if len(wrong) == 1 else 'codes'} of {name}: {', '.join(wrong[:5])}"
            + (f" and {len(wrong) - 5:,} more." if len(wrong) > 5 else "."),
            slug="malformed-code",
            hint="Nothing was added: correct the list and send it again.",
        )
    return found
