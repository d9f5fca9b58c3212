"""The hierarchy as JSON. Public: no grant is needed, none is taken."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from ahead.lookup.browse.schemas import BrowsePage
from ahead.lookup.browse.service import browse
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.parameters import AsOf, PageNumber, read_as_of


class BrowseController(Controller):
    """GET answers 404 for unknown places and for dates of which no edition is held."""

    path = "/api/lookup/v1/browse"
    tags = ("browse",)

    @get("/{system:str}", summary="The chapters of a code system")
    async def top(
        self,
        catalog: NamedDependency[Catalog],
        system: FromPath[str],
        as_of: AsOf = None,
        page: PageNumber = 1,
    ) -> BrowsePage:
        return await browse(catalog, system, None, read_as_of(as_of), page)

    @get("/{system:str}/{code:str}", summary="What lies below a chapter, section or header")
    async def place(
        self,
        catalog: NamedDependency[Catalog],
        system: FromPath[str],
        code: FromPath[str],
        as_of: AsOf = None,
        page: PageNumber = 1,
    ) -> BrowsePage:
        return await browse(catalog, system, code, read_as_of(as_of), page)
