"""What the grouper says of single codes, for their pages."""

import asyncio
from datetime import date

from sqlalchemy import Connection, select

from ahead.lookup.catalog.models import NODES
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.schemas import Receipt

from .grouper import Grouper, Version
from .leading import Leads, OperatedOn, leads_of, operated, principals_of


class CodeGrouping:
    def __init__(self, grouper: Grouper, reader: SourceReader) -> None:
        self._grouper = grouper
        self._reader = reader
        self._principals: dict[tuple[int, int], asyncio.Task[tuple[str, ...]]] = {}

    def version_for(self, as_of: date) -> Version | None:
        return self._grouper.version_for(as_of)

    async def receipt(self, as_of: date) -> Receipt:
        return await asyncio.to_thread(self._grouper.receipt, as_of)

    async def leads(self, code: str, version: Version) -> Leads:
        return await asyncio.to_thread(leads_of, self._grouper, version, code)

    async def operated(self, procedure: str, version: Version, as_of: date) -> OperatedOn | None:
        """None where no edition of ICD-10-CM is held to take principal diagnoses from."""
        edition = await self._reader.edition("icd10cm", as_of)
        if (release := edition.release) is None:
            return None
        key = (release.id, version.number)
        if key not in self._principals:
            # Half a second once for an edition and a version, whoever asks first.
            self._principals[key] = asyncio.create_task(self._first_of_each_category(release.id, version))
        principals = await asyncio.shield(self._principals[key])
        return await asyncio.to_thread(operated, self._grouper, version, procedure, principals)

    async def _first_of_each_category(self, release_id: int, version: Version) -> tuple[str, ...]:
        codes = await self._reader.read(release_id, lambda c: _first_codes(c, release_id))
        return await asyncio.to_thread(principals_of, self._grouper, version, codes)


def _first_codes(c: Connection, release_id: int) -> list[str]:
    """The first billable code of every category: some 1,900."""
    query = (
        select(NODES.c.code)
        .where(NODES.c.release_id == release_id, NODES.c.billable)
        .order_by(NODES.c.ordinal)
    )
    first: dict[str, str] = {}
    for code in c.execute(query).scalars():
        first.setdefault(code[:3], code)
    return list(first.values())
