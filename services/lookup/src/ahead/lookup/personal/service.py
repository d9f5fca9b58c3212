"""An account's own favourites, notes, keywords and recent codes. Notes are never logged and never in an event."""

from collections.abc import Iterable

from ahead.lookup.catalog.reading import SourceReader
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, Conflict
from ahead.shared.web import clean_text

from . import repository as rows
from .codes import code_of, keyword_of
from .lists import Lists
from .repository import Code
from .schemas import (
    KEYWORD_LENGTH,
    MOST_CODES,
    MOST_KEYWORDS,
    MOST_OF_KEYWORD,
    NOTE_LENGTH,
    RECENT,
    KeptCode,
    ListWith,
    Noted,
    Opened,
    Overview,
    OwnKeyword,
    OwnOfCode,
    Starred,
)
from .titles import titles_of


class Personal:
    """`account` is always the asker's own subject, "a:<id>"."""

    def __init__(self, database: Database, sources: SourceReader, clock: Clock) -> None:
        self._database = database
        self._sources = sources
        self._clock = clock
        self.lists = Lists(database, sources, clock)

    # One code

    async def of_code(self, account: str, system: str, code: str) -> OwnOfCode:
        which = code_of(system, code)
        async with self._database.quick() as session:
            favourite, note = await rows.of_code(session, account, which)
            keywords = await rows.keywords_of_code(session, account, which)
            lists = await rows.lists_with(session, account, which)
        held = tuple(ListWith(*row) for row in lists)
        return OwnOfCode(*which, favourite, note, tuple(keywords), held)

    async def star(self, account: str, system: str, code: str, starred: bool) -> None:
        which = code_of(system, code)
        async with self._database.write() as session:
            await rows.begin(session, account)
            await rows.star(session, account, which, self._clock.now() if starred else None)
            _not_more(await rows.kept_codes(session, account), MOST_CODES, "codes with a star or a note")

    async def write_note(self, account: str, system: str, code: str, note: str) -> None:
        """An empty note is none.

        Raises:
            BadInput: longer than 2,000 characters, or with control characters.
        """
        which = code_of(system, code)
        # Browsers send line breaks as two characters.
        note = clean_text(note.replace("\r\n", "\n"), what="The note", max_length=NOTE_LENGTH)
        async with self._database.write() as session:
            await rows.begin(session, account)
            await rows.write_note(session, account, which, note, self._clock.now())
            _not_more(await rows.kept_codes(session, account), MOST_CODES, "codes with a star or a note")

    # Keywords

    async def add_keyword(self, account: str, system: str, code: str, keyword: str) -> None:
        await self._change_keywords(account, code_of(system, code), [_read_keyword(keyword)], ())

    async def remove_keyword(self, account: str, system: str, code: str, keyword: str) -> None:
        await self._change_keywords(account, code_of(system, code), (), [keyword_of(keyword)])

    async def set_keywords(self, account: str, system: str, code: str, keywords: Iterable[str]) -> None:
        """These and no others."""
        which = code_of(system, code)
        wanted = list(dict.fromkeys(_read_keyword(one) for one in keywords))
        await self._change_keywords(account, which, wanted, None)

    async def _change_keywords(
        self, account: str, code: Code, added: Iterable[str], removed: Iterable[str] | None
    ) -> None:
        """removed: None for all that aren't added."""
        async with self._database.write() as session:
            await rows.begin(session, account)
            held = await rows.keywords_of_code(session, account, code)
            added = [one for one in added if one not in held] if removed is not None else list(added)
            for one in [one for one in held if one not in added] if removed is None else removed:
                await rows.remove_keyword(session, account, one, code)
            for one in added:
                await rows.add_keyword(session, account, one, code, self._clock.now())
                codes = len(await rows.codes_of_keyword(session, account, one))
                _not_more(codes, MOST_OF_KEYWORD, "codes with the same keyword")
            _not_more(len(await rows.keywords(session, account)), MOST_KEYWORDS, "keywords")

    async def keywords_of(self, account: str) -> dict[str, list[Code]]:
        """Keyword → its codes, in the order in which they were given it."""
        found: dict[str, list[Code]] = {}
        async with self._database.read() as session:
            for keyword, system, code in await rows.keywords(session, account):
                found.setdefault(keyword, []).append((system, code))
        return found

    async def meant_by(self, principal: Principal, typed: str) -> tuple[Code, ...]:
        """Codes for which exactly this is a keyword of the asker's own; none for who has no account."""
        keyword = keyword_of(typed)
        if not principal.registered or not keyword or len(keyword) > KEYWORD_LENGTH:
            return ()
        async with self._database.quick() as session:
            return tuple(await rows.codes_of_keyword(session, principal.subject, keyword))

    # All of it

    async def overview(self, principal: Principal) -> Overview:
        """Everything but the codes of the lists; titles are those of the newest editions."""
        account = principal.subject
        subjects = [account, *([principal.linked_guest] if principal.linked_guest else [])]
        async with self._database.read() as session:
            starred = await rows.starred(session, account)
            noted = await rows.noted(session, account)
            keywords = await rows.keywords(session, account)
            opened = await rows.opened(session, subjects, RECENT)
        recent = [(*_code_of_thing(thing), at) for thing, at in opened]
        codes = {(row[0], row[1]) for row in [*starred, *noted, *recent]}
        titles = await titles_of(self._sources, codes | {(row[1], row[2]) for row in keywords})

        def title(system: str, code: str) -> str:
            return titles.get((system, code), "")

        by_keyword: dict[str, list[KeptCode]] = {}
        for keyword, system, code in keywords:
            by_keyword.setdefault(keyword, []).append(KeptCode(system, code, title(system, code)))
        return Overview(
            tuple(Starred(system, code, title(system, code), at=at) for system, code, at in starred),
            tuple(
                Noted(system, code, title(system, code), note=note, at=at) for system, code, note, at in noted
            ),
            tuple(OwnKeyword(keyword, tuple(found)) for keyword, found in by_keyword.items()),
            await self.lists.all(account),
            tuple(Opened(system, code, title(system, code), at=at) for system, code, at in recent),
        )


def _code_of_thing(thing: str) -> Code:
    """A granted view is of "system/code"."""
    system, _, code = thing.partition("/")
    return system, code


def _read_keyword(typed: str) -> str:
    """Raises BadInput: empty, too long, or with control characters."""
    keyword = keyword_of(clean_text(typed, what="The keyword", max_length=KEYWORD_LENGTH))
    if not keyword:
        raise BadInput("No keyword was given.", slug="bad-keyword", hint="Type a word or a few.")
    if len(keyword) > KEYWORD_LENGTH:
        raise BadInput(f"A keyword has at most {KEYWORD_LENGTH} characters.", slug="bad-keyword")
    return keyword


def _not_more(count: int, most: int, what: str) -> None:
    """Raises Conflict, which takes back what was written."""
    if count > most:
        raise Conflict(
            f"That would be more than {most:,} {what}.",
            slug="too-many-kept",
            title="There is no room for more",
            hint="Take some away first; nothing was changed.",
        )
