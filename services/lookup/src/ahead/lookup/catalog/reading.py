"""How features read the releases of their own sources."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection

from . import editions
from .repository import CatalogRepository
from .schemas import Edition, Release
from .service import Catalog

T = TypeVar("T")


class SourceReader:
    """The releases of every source, by its key: which one answers for a date, and its rows.

    Args:
        names: printed names of sources, for what is said where none is loaded.
    """

    def __init__(self, catalog: Catalog, repository: CatalogRepository, names: dict[str, str]) -> None:
        self._catalog = catalog
        self._repository = repository
        self._names = names

    def today(self) -> date:
        """The default `as_of`: today in UTC."""
        return self._catalog.today()

    async def close(self) -> None:
        await self._repository.close()

    async def releases(self, source: str, kinds: Iterable[str] = ()) -> tuple[Release, ...]:
        """Published releases of one source, oldest window first; of all its kinds or of some."""
        held = await self._catalog.releases(source)
        wanted = frozenset(kinds)
        return tuple(r for r in held if not wanted or r.kind in wanted)

    async def edition(self, source: str, as_of: date | None = None, kinds: Iterable[str] = ()) -> Edition:
        """Which release answers for the date (default today). A verdict or a price may be given only where its
        status is "held"."""
        held = await self.releases(source, kinds)
        edition = editions.choose(source, held, as_of or self.today())
        if edition.status == "nothing_loaded":
            message = f"No edition of {self._names.get(source, source)} is loaded."
            return Edition(source, edition.as_of, edition.status, message)
        return edition

    async def read(self, release_id: int, query: Callable[[Connection], T]) -> T:
        """Runs a query on the release's rows: its own file on SQLite, the service's database on PostgreSQL."""
        return await self._repository.read(release_id, query)
