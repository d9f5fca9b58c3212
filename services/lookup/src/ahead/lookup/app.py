"""Case2Code's web application: the composition root."""

from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from litestar import Litestar, Request
from litestar.di import Provide

from ahead.lookup.allowance.controllers import AllowanceController
from ahead.lookup.books import Books
from ahead.lookup.browse.controllers import BrowseController
from ahead.lookup.browse.pages import BrowsePages
from ahead.lookup.catalog.loading.registry import source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.claims.controllers import ClaimController
from ahead.lookup.claims.events import ClaimLog
from ahead.lookup.claims.pages import ClaimPages
from ahead.lookup.claims.rules.editor import CodeEditorRule
from ahead.lookup.claims.rules.held import Knowledge
from ahead.lookup.claims.rules.surgery import GlobalDays
from ahead.lookup.claims.rules.unlisted_add_ons import UnlistedAddOns
from ahead.lookup.claims.service import ClaimCheck
from ahead.lookup.classifications import Classifications
from ahead.lookup.codes.access import Views
from ahead.lookup.codes.controllers import CodeController
from ahead.lookup.codes.pages import Bodies, CodePageController, Desk
from ahead.lookup.codes.panels import Contributor
from ahead.lookup.codes.service import CodePages
from ahead.lookup.codes.tables import linked, table_rows
from ahead.lookup.consumer import make_desk
from ahead.lookup.cpt.numbers import Numbers
from ahead.lookup.emlevel.controllers import EmController
from ahead.lookup.emlevel.pages import EmPages
from ahead.lookup.emlevel.service import EmLevels
from ahead.lookup.fhir.controllers import FhirController
from ahead.lookup.fhir.service import Terminology
from ahead.lookup.inpatient import Inpatient
from ahead.lookup.loads.controllers import CatalogOpsController
from ahead.lookup.loads.folder import ImportFolder
from ahead.lookup.loads.service import CatalogLoads
from ahead.lookup.mcp.controllers import handler_of
from ahead.lookup.mcp.server import McpDoor
from ahead.lookup.medicare import Medicare
from ahead.lookup.ncci.contributing import NcciSection
from ahead.lookup.ncci.controllers import NcciController
from ahead.lookup.ncci.edits import NcciEditsPage
from ahead.lookup.ncci.pages import NcciPages
from ahead.lookup.ncci.service import Ncci
from ahead.lookup.ops.controllers import OpsController
from ahead.lookup.personal.controllers import PersonalController
from ahead.lookup.personal.pages import PersonalPages
from ahead.lookup.personal.service import Personal
from ahead.lookup.pfs.contributing import FeesSection, PaymentIndicatorsSection
from ahead.lookup.pfs.controllers import PfsController
from ahead.lookup.pfs.pages import PfsPages
from ahead.lookup.pfs.service import Pfs
from ahead.lookup.procedures import Procedures
from ahead.lookup.reference.controllers import ReferenceController
from ahead.lookup.reference.service import Reference
from ahead.lookup.search.asking import SearchLog
from ahead.lookup.search.code_queries import CodeQueries
from ahead.lookup.search.controllers import SearchController
from ahead.lookup.search.documents import SCHEMA
from ahead.lookup.search.doors import SearchDoors
from ahead.lookup.search.finding import finders_of
from ahead.lookup.search.own_keywords import OwnKeywords
from ahead.lookup.search.pages import SearchPages
from ahead.lookup.search.service import CodeSearch
from ahead.lookup.search.use import Uses
from ahead.lookup.seo.pages import SeoPages
from ahead.lookup.settings import Settings
from ahead.lookup.tools.pages import ToolsPages
from ahead.shared import logging
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.middleware import PrincipalMiddleware, principal_of, provide_principal
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.events.publisher import BufferedPublisher, Publisher
from ahead.shared.search.rebuild import open_engine
from ahead.shared.web.allowance import Allowance
from ahead.shared.web.app import create_web_app
from ahead.shared.web.dependencies import given
from ahead.shared.web.service import WebService

HERE = Path(__file__).parent


def create_app(
    settings: Settings, *, clock: Clock | None = None, identity: Identity | None = None
) -> Litestar:
    shared = settings.shared
    logging.configure("lookup", shared.log_level)
    clock = clock or SystemClock()
    database = Database(settings.database)
    identity = identity or Identity.from_settings(shared)
    publisher = Publisher(shared.nats_url, "lookup web")
    analytics = BufferedPublisher(publisher, "lookup")
    catalog = Catalog(database, settings.releases_dir, clock=clock)
    reader = SourceReader(catalog, CatalogRepository(database, settings.releases_dir), source_names())
    ncci = Ncci(reader)
    pfs = Pfs(reader)
    engine = open_engine(shared, "lookup")
    medicare = Medicare(reader)
    imports = ImportFolder(settings.import_folder, settings.upload_limit_mb << 20)
    uses = Uses(database)
    code_search = CodeSearch(engine.index(SCHEMA), catalog, finders_of(settings, uses))
    books = Books(catalog, reader)
    classifications = Classifications(reader)
    inpatient = Inpatient(reader)
    claims = ClaimCheck(
        Knowledge(catalog, reader, ncci),
        (GlobalDays(pfs), UnlistedAddOns(pfs, ncci), CodeEditorRule(inpatient.mce), *medicare.rules),
    )
    procedures = Procedures(reader, ncci, pfs, settings.cpt_titles)
    # In the order of what is read first inside a section.
    contributors: tuple[Contributor, ...] = (
        *books.contributors,
        *classifications.contributors,
        NcciSection(ncci),
        *procedures.contributors,
        PaymentIndicatorsSection(pfs),
        FeesSection(pfs),
        *inpatient.contributors,
        *medicare.contributors,
    )
    pages = CodePages(
        catalog,
        contributors,
        procedures.owners,
        {"cpt": Numbers(catalog, ncci, medicare.laboratory)},
        procedures.groupings,
    )
    views = Views(database, settings, clock, analytics)
    personal = Personal(database, reader, clock)
    search_doors = SearchDoors(code_search, engine.index(SCHEMA), CodeQueries(reader))
    desk = Desk(
        pages, views, Bodies(settings.pages_cached, "assistant" in shared.peers), books.absent, personal
    )

    mcp = McpDoor(version("ahead-lookup"))

    async def allowance(request: Request[Any, Any, Any]) -> Allowance | None:
        return await views.allowance_of(principal_of(request))

    async def ready() -> None:
        async with database.read() as session:
            await session.connection()
        if not await catalog.systems():
            raise RuntimeError("no code system is loaded: ahead catalog load")

    async def start() -> None:
        analytics.start()
        uses.start()

    async def stop() -> None:
        await mcp.close()
        await uses.stop()
        await analytics.stop()
        await publisher.close()
        await identity.aclose()
        await engine.close()
        await books.close()
        await inpatient.close()
        await reader.close()
        await catalog.close()
        await database.close()

    app = create_web_app(
        WebService.from_settings("lookup", "Case2Code", shared),
        route_handlers=[
            AllowanceController,
            BrowseController,
            BrowsePages,
            ClaimController,
            ClaimPages,
            CodeController,
            CodePageController,
            EmController,
            EmPages,
            FhirController,
            handler_of(mcp),
            NcciController,
            NcciEditsPage,
            NcciPages,
            CatalogOpsController,
            OpsController,
            PersonalController,
            PersonalPages,
            PfsController,
            PfsPages,
            ReferenceController,
            *books.handlers,
            *classifications.handlers,
            *inpatient.handlers,
            *medicare.handlers,
            *procedures.handlers,
            SearchController,
            SearchPages,
            SeoPages,
            ToolsPages,
        ],
        principal_middleware=lambda app: PrincipalMiddleware(app, identity),
        allowance=allowance,
        ready={"catalogue": ready},
        dependencies={
            "principal": Provide(provide_principal),
            "pages": given(pages),
            "views": given(views),
            "desk": given(desk),
            "catalog": given(catalog),
            "ncci": given(ncci),
            "personal": given(personal),
            "pfs": given(pfs),
            "em_levels": given(EmLevels(catalog.today)),
            "reference": given(
                Reference(procedures.hcpcs, pfs, medicare.coverage, ncci, medicare.laboratory)
            ),
            "claims": given(claims),
            "claim_log": given(ClaimLog(analytics, clock)),
            "code_search": given(code_search),
            "search_doors": given(search_doors),
            "own_keywords": given(OwnKeywords(personal, catalog)),
            "terminology": given(Terminology(catalog, code_search)),
            "search_log": given(SearchLog(analytics, clock)),
            **books.dependencies,
            **classifications.dependencies,
            **inpatient.dependencies,
            **medicare.dependencies,
            "catalog_loads": given(CatalogLoads(database, imports, catalog, clock)),
            **procedures.dependencies,
            "settings": given(settings),
            "analytics": given(analytics),
            "database": given(database),
            "dead_letter_desk": given(make_desk(database, clock)),
            "clock": given(clock),
        },
        template_dirs=[
            HERE / "browse" / "templates",
            HERE / "claims" / "templates",
            HERE / "codes" / "templates",
            HERE / "emlevel" / "templates",
            HERE / "ncci" / "templates",
            HERE / "personal" / "templates",
            HERE / "pfs" / "templates",
            *books.template_dirs,
            *classifications.template_dirs,
            *inpatient.template_dirs,
            *medicare.template_dirs,
            *procedures.template_dirs,
            HERE / "search" / "templates",
            HERE / "tools" / "templates",
        ],
        on_startup=[start],
        on_shutdown=[stop],
    )
    cast("Any", app.template_engine).engine.filters |= {"table_rows": table_rows, "linked": linked}
    return app
