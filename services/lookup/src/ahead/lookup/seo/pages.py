"""``/robots.txt`` and ``/sitemap.xml``."""

from typing import Annotated

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.catalog.service import Catalog
from ahead.lookup.seo import service
from ahead.lookup.settings import Settings

_KEPT = {"Cache-Control": "public, max-age=3600"}

Part = Annotated[str, QueryParameter(name="part", max_length=40)]


class SeoPages(Controller):
    include_in_schema = False

    @get("/robots.txt")
    async def robots(self, settings: NamedDependency[Settings]) -> Response[str]:
        shared = settings.shared
        text = service.robots(shared.public_url.rstrip("/"), shared.peers)
        return Response(text, media_type="text/plain; charset=utf-8", headers=_KEPT)

    @get("/sitemap.xml")
    async def sitemap(
        self, catalog: NamedDependency[Catalog], settings: NamedDependency[Settings], part: Part = ""
    ) -> Response[str]:
        origin = settings.shared.public_url.rstrip("/")
        if part:
            text = await service.part(catalog, origin, part)
        else:
            text = await service.index(catalog, origin)
        return Response(text, media_type="application/xml; charset=utf-8", headers=_KEPT)
