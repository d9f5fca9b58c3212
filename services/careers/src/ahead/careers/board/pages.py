"""The board and the page of one job."""

from dataclasses import replace
from typing import Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from ahead.careers.board import showing
from ahead.careers.board.posting_ld import posting_ld
from ahead.careers.board.service import PER_PAGE, Board
from ahead.careers.board.viewing import Viewing
from ahead.careers.board.wanted import FACETS, MAX_PAGE, MILES, PAY, POSTED, SORTS, Wanted, read
from ahead.careers.jobs.cleaning import as_markup
from ahead.careers.jobs.lifecycle import CLOSE_REASONS, ended_by_clock
from ahead.careers.jobs.service import Job, standing_of
from ahead.careers.settings import Settings
from ahead.careers.vocabulary import STATES
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.web.templating import Page

AnyRequest = Request[Any, Any, Any]
VALUES_SHOWN = 8


class BoardPages(Controller):
    include_in_schema = False

    @get("/careers")
    async def board(
        self, request: AnyRequest, board: NamedDependency[Board], clock: NamedDependency[Clock]
    ) -> Page:
        wanted = read(request.query_params.multi_items())
        now = clock.now()
        found = await board.search(wanted, now)
        open_jobs = found.total if not wanted.pairs else await board.count_open(now)
        return Page(
            "board/board.html",
            {
                "wanted": wanted,
                "found": found,
                "rows": [_row(job, now) for job in found.jobs],
                "pages": min(-(-found.total // PER_PAGE), MAX_PAGE),
                "facets": [_facet(name, wanted, found.facets.get(name, {})) for name in FACETS],
                "posted": POSTED,
                "pay": PAY,
                "sorts": SORTS,
                "miles": MILES,
                "employers": [
                    (name, count, replace(wanted, company=one, page=1).path(), one == wanted.company)
                    for one, name, count in found.employers
                ],
                "near_state": STATES.get(found.by_state, ""),
                "open_jobs": open_jobs,
                "corrected": found.corrected,
            },
        )

    @get("/careers/jobs/{job_id:str}")
    async def job(
        self,
        request: AnyRequest,
        job_id: FromPath[str],
        viewing: NamedDependency[Viewing],
        board: NamedDependency[Board],
        settings: NamedDependency[Settings],
        clock: NamedDependency[Clock],
        principal: NamedDependency[Principal],
    ) -> Page:
        now = clock.now()
        seen = await viewing.look(job_id, principal)
        job = seen.job
        similar = [_row(one, now) for one in await board.similar(job, now)]
        if not job.is_open(now):
            ended = "merged" if job.row.merged_into else ended_by_clock(standing_of(job.row), now)
            why = CLOSE_REASONS.get(ended or job.row.reason, "It is not open just now.")
            context = {"job": job, "why": why, "similar": similar, "merged_into": job.row.merged_into}
            return Page("board/closed.html", context, status_code=410)
        await viewing.count(request, job, principal, now)
        return Page(
            "board/job.html",
            {
                "job": job,
                "rows": showing.fact_rows(job),
                "description": as_markup(job.facts.description),
                "about": as_markup(job.company.about),
                "freshness": showing.freshness(job, now),
                "ld": showing.script_data(posting_ld(job, settings.site)),
                "similar": similar,
                "saved": seen.saved,
                "sources": seen.sources,
            },
        )


def _row(job: Job, now: Any) -> dict[str, Any]:
    facts = job.facts
    return {
        "href": job.path,
        "title": facts.title,
        "company": job.company.name,
        "place": facts.place,
        "pay": facts.pay.text if facts.pay else "",
        "credentials": showing.credentials_text(facts) if facts.credentials else "",
        "freshness": showing.freshness(job, now),
        "example": job.row.example,
    }


def _facet(name: str, wanted: Wanted, counts: Any) -> dict[str, Any]:
    title, values = FACETS[name]
    chosen = wanted.facets.get(name, ())
    held = [(value, values[value], int(counts.get(value, 0)), value in chosen) for value in values]
    held = [row for row in held if row[2] or row[3]]
    held.sort(key=lambda row: (not row[3], -row[2], row[1]))
    return {
        "name": name,
        "title": title,
        "first": held[:VALUES_SHOWN],
        "more": held[VALUES_SHOWN:],
        "open": bool(chosen) or name in ("credential", "workplace"),
    }
