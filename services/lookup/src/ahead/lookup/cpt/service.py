"""The one door to the text of CPT: `Cpt`."""

from datetime import date
from typing import Literal

from sqlalchemy import Connection, select

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.codes.panels import OwnedText
from ahead.shared.db.engine import Database

from .kinds import LICENSED
from .models import CPT_TEXTS, LICENCE_STATEMENTS
from .schemas import StatedLicence

Titles = Literal["accounts", "public"]
"""Who may see the licensed text: registered accounts inside a granted view, or everybody."""

_ORDER = ("long", "medium", "short", "clinician")


class Cpt:
    """The AMA's text of CPT codes, where an operator with a licence has loaded it."""

    def __init__(self, sources: SourceReader, titles: Titles = "accounts") -> None:
        self._sources = sources
        self._public = titles == "public"

    async def text(self, code: str, as_of: date | None = None) -> OwnedText | None:
        """None where no licensed text is held for the date, or it has no such code.

        Only for who may see it: inside a granted view of a registered account, or where `public` says everybody.
        """
        edition = await self._sources.edition("cpt", as_of, (LICENSED,))
        release = edition.release
        if release is None:
            return None
        found = await self._sources.read(release.id, lambda c: _texts(c, release.id, code))
        best = next((form for form in _ORDER if form in found), None)
        if best is None:
            return None
        text, file, row = found[best]
        consumer = found.get("consumer", ("", 0, 0))[0]
        return OwnedText(
            text, best, consumer, self._public, receipt_of(release, row, file), edition, COPYRIGHT
        )


COPYRIGHT = (
    "CPT © American Medical Association. All rights reserved. CPT is a registered trademark of the AMA."
)
"""The owner's line; the year of publication stands in the operator's own files."""


def _texts(connection: Connection, release_id: int, code: str) -> dict[str, tuple[str, int, int]]:
    """Text, file and row by form; of several clinician descriptors the first."""
    columns = (CPT_TEXTS.c.form, CPT_TEXTS.c.text, CPT_TEXTS.c.source_file, CPT_TEXTS.c.source_row)
    query = select(*columns).where(CPT_TEXTS.c.release_id == release_id, CPT_TEXTS.c.code == code)
    found: dict[str, tuple[str, int, int]] = {}
    for form, text, file, row in connection.execute(query.order_by(CPT_TEXTS.c.form, CPT_TEXTS.c.source_row)):
        found.setdefault(form, (text, file, row))
    return found


def titles(connection: Connection, release_id: int) -> dict[str, str]:
    """The fullest text of every code of a licensed release, for a search index that may hold them."""
    found: dict[str, dict[str, str]] = {}
    query = select(CPT_TEXTS.c.code, CPT_TEXTS.c.form, CPT_TEXTS.c.text).where(
        CPT_TEXTS.c.release_id == release_id
    )
    for code, form, text in connection.execute(query):
        found.setdefault(code, {}).setdefault(form, text)
    return {
        code: next(texts[form] for form in _ORDER if form in texts)
        for code, texts in found.items()
        if any(form in texts for form in _ORDER)
    }


async def statements(database: Database) -> list[StatedLicence]:
    """Who stated that a licence is held, the latest last."""
    columns = [LICENCE_STATEMENTS.c[name] for name in StatedLicence.__struct_fields__]
    async with database.read() as session:
        rows = await session.execute(select(*columns).order_by(LICENCE_STATEMENTS.c.id))
        return [StatedLicence(*row) for row in rows]
