"""Feeds of a search, the sitemap, and the board as JSON. All say only what is open at the moment of asking."""

import hashlib
from typing import Any

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from ahead.careers.board.posting_ld import posting_ld
from ahead.careers.board.service import Board
from ahead.careers.board.viewing import Viewing
from ahead.careers.board.wanted import read
from ahead.careers.feeds import rendering
from ahead.careers.handlers import AnyRequest
from ahead.careers.jobs.repository import open_jobs
from ahead.careers.jobs.service import Job, job_of
from ahead.careers.settings import Settings
from ahead.shared.auth.principal import ANONYMOUS
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.errors import NotFound, Problem
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit

IN_FEED = 100
# What other job sites and spreadsheets take: all of a search, within reason.
IN_TABLE = 5000
IN_SITEMAP = 20_000
# Shorter than the minute within which a closed job has left every output.
_KEPT = "public, max-age=30"


# Without a key programs may look; with one they may work.
_READERS = (
    RateLimit("careers-json", per_minute=30, burst=30, keyless=True),
    RateLimit("careers-json-key", per_minute=600, burst=200, by="principal"),
)


class FeedPages(Controller):
    include_in_schema = False

    @get("/careers/{name:str}")
    async def feed(
        self,
        request: AnyRequest,
        name: FromPath[str],
        board: NamedDependency[Board],
        settings: NamedDependency[Settings],
        clock: NamedDependency[Clock],
    ) -> Response[Any]:
        """feed.rss, feed.atom, feed.xml and feed.csv of a search."""
        kind = name.removeprefix("feed.")
        if not name.startswith("feed.") or kind not in ("rss", "atom", "xml", "csv"):
            raise NotFound("There is no such page.", hint="Search the open jobs at /careers.")
        wanted = read(request.query_params.multi_items())
        now = clock.now()
        jobs = await board.matching(wanted, now, limit=IN_FEED if kind in ("rss", "atom") else IN_TABLE)
        site, page = settings.site, wanted.path()
        own = wanted.path(f"/careers/{name}")
        if kind == "rss":
            return _kept(request, rendering.rss(jobs, wanted.title, site, own, page), "application/rss+xml")
        if kind == "atom":
            body = rendering.atom(jobs, wanted.title, site, own, page)
            return _kept(request, body, "application/atom+xml")
        if kind == "xml":
            return _kept(request, rendering.indeed(jobs, site), "application/xml")
        return _kept(request, rendering.as_csv(jobs, site).encode(), "text/csv")

    @get("/careers/sitemap.xml")
    async def sitemap(
        self,
        request: AnyRequest,
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        clock: NamedDependency[Clock],
        after: FromQuery[str] = "",
    ) -> Response[Any]:
        """One file while it is small enough; beyond that an index of files that follow each other by job id."""
        now = clock.now()
        async with database.read() as session:
            pairs = await open_jobs(session, now, limit=IN_SITEMAP + 1, after=after[:36])
            parts = ["0"]
            while not after and len(pairs) > IN_SITEMAP:
                parts.append(pairs[IN_SITEMAP - 1][0].id)
                pairs = await open_jobs(session, now, limit=IN_SITEMAP + 1, after=parts[-1])
        if len(parts) > 1:
            return _kept(request, rendering.sitemap_index(parts, settings.site), "application/xml")
        jobs = [job_of(pair) for pair in pairs[:IN_SITEMAP]]
        return _kept(request, rendering.sitemap(jobs, settings.site), "application/xml")


class JobJson(msgspec.Struct):
    """A job for programs: its facts as posted, and schema.org's JobPosting."""

    id: str
    url: str
    company: str
    facts: Any
    posting: dict[str, Any]
    example: bool


class JobList(msgspec.Struct):
    total: int
    facets: dict[str, dict[str, int]]
    jobs: list[JobJson]


class JobsController(Controller):
    path = "/api/careers/v1/jobs"
    tags = ("Jobs",)

    @get(
        "/", opt={RATE_LIMIT: _READERS}, summary="Open jobs; the parameters are those of the board's address"
    )
    async def search(
        self,
        request: AnyRequest,
        board: NamedDependency[Board],
        settings: NamedDependency[Settings],
        clock: NamedDependency[Clock],
    ) -> Response[Any]:
        """Without an API key 30 a minute, with one 600.

        `{"total", "facets", "jobs": [{"id", "url", "company", "facts", "posting", "example"}]}`, with an ETag."""
        found = await board.search(read(request.query_params.multi_items()), clock.now())
        facets = {name: dict(counts) for name, counts in found.facets.items()}
        listed = JobList(found.total, facets, [_json(job, settings) for job in found.jobs])
        return _kept(request, msgspec.json.encode(listed), "application/json")

    @get("/{job_id:str}", summary="One job; 410 once it is closed")
    async def one(
        self,
        job_id: FromPath[str],
        viewing: NamedDependency[Viewing],
        settings: NamedDependency[Settings],
        clock: NamedDependency[Clock],
    ) -> JobJson:
        job = (await viewing.look(job_id, ANONYMOUS)).job
        if not job.is_open(clock.now()):
            raise Problem("job-closed", "This job is closed", 410)
        return _json(job, settings)


def _json(job: Job, settings: Settings) -> JobJson:
    posting = posting_ld(job, settings.site)
    # All facts, also those that nobody has stated: programs needn't know what stands for them.
    facts = msgspec.structs.asdict(job.facts)
    return JobJson(job.id, settings.site + job.path, job.company.name, facts, posting, job.row.example)


def _kept(request: AnyRequest, body: bytes, kind: str) -> Response[Any]:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": _KEPT}
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, status_code=304, headers=headers)
    # The framework says it of text by itself.
    text = kind if kind in ("application/json", "text/csv") else f"{kind}; charset=utf-8"
    return Response(body, media_type=text, headers=headers)
