"""Which diagnoses are exempt from present-on-admission reporting."""

from collections.abc import Iterable
from datetime import date

import msgspec
from sqlalchemy import select

from ahead.lookup.catalog import editions
from ahead.lookup.catalog.models import POA_EXEMPT
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Receipt

KIND = "icd10cm-poa"


class Exempt(msgspec.Struct, frozen=True):
    """Of the codes asked for those that the list has, each with its row."""

    codes: dict[str, Receipt]
    edition: Edition


class PoaList:
    def __init__(self, reader: SourceReader) -> None:
        self._reader = reader

    async def exempt(self, codes: Iterable[str], as_of: date | None = None) -> Exempt:
        """Args:
        codes: without a dot.
        """
        held = await self._reader.releases("icd10cm", [KIND])
        edition = editions.choose_list(KIND, held, as_of or self._reader.today())
        release = edition.release
        if release is None:
            return Exempt({}, edition)
        query = select(POA_EXEMPT.c.code, POA_EXEMPT.c.source_file, POA_EXEMPT.c.source_row).where(
            POA_EXEMPT.c.release_id == release.id, POA_EXEMPT.c.code.in_(sorted(set(codes)))
        )
        found = await self._reader.read(release.id, lambda c: c.execute(query).all())
        return Exempt(
            {row.code: receipt_of(release, row.source_row, row.source_file) for row in found}, edition
        )
