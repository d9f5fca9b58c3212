"""``/api/lookup/v1/ops/catalog``: releases held and loads, for operators only."""

from typing import Annotated, Any

from litestar import Controller, Request, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, PathParameter

from ahead.lookup.loads.schemas import HeldReleases, ImportFile, ImportFiles, Load, LoadAsked, Loads
from ahead.lookup.loads.service import CatalogLoads
from ahead.shared.auth.guards import requires_role
from ahead.shared.auth.principal import Principal

AnyRequest = Request[Any, Any, Any]


class CatalogOpsController(Controller):
    """A file is put into the import folder, or is there; a load of it is asked for; a job does it."""

    path = "/api/lookup/v1/ops/catalog"
    guards = (requires_role("ops"),)
    tags = ("ops",)

    @get("/releases", summary="Releases held, with their windows and their age")
    async def releases(self, catalog_loads: NamedDependency[CatalogLoads]) -> HeldReleases:
        return await catalog_loads.releases()

    @get("/files", summary="Files in the import folder")
    async def files(self, catalog_loads: NamedDependency[CatalogLoads]) -> ImportFiles:
        return ImportFiles(catalog_loads.folder.files())

    # The folder keeps the limit itself, chunk by chunk: it is a setting, and larger than other requests' bodies.
    @put(
        "/files/{name:str}",
        status_code=201,
        request_max_body_size=None,
        summary="Upload a file; its bytes are the body",
    )
    async def upload(
        self,
        request: AnyRequest,
        catalog_loads: NamedDependency[CatalogLoads],
        name: Annotated[str, PathParameter(max_length=160)],
    ) -> ImportFile:
        return await catalog_loads.folder.take(name, request.stream())

    @get("/loads", summary="Loads that were asked for, the newest first")
    async def loads(self, catalog_loads: NamedDependency[CatalogLoads]) -> Loads:
        return await catalog_loads.loads()

    @get("/loads/{load_id:str}", summary="One load")
    async def load(self, catalog_loads: NamedDependency[CatalogLoads], load_id: FromPath[str]) -> Load:
        return await catalog_loads.load(load_id)

    @post("/loads", status_code=202, summary="Load a file of the import folder")
    async def ask(
        self,
        catalog_loads: NamedDependency[CatalogLoads],
        principal: NamedDependency[Principal],
        data: JSONBody[LoadAsked],
    ) -> Load:
        return await catalog_loads.ask(data, principal.subject or "")
