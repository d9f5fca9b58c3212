"""Going to the employer's own site to apply: by POST, so that nothing but a person's click is counted."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ahead.careers.board.viewing import Viewing
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.errors import NotFound, Problem
from ahead.shared.web.templating import Page


class LeavingPages(Controller):
    include_in_schema = False

    # A page with a link, because our pages' policy lets no form lead to another site.
    @post("/careers/jobs/{job_id:str}/leave", status_code=200)
    async def leave(
        self,
        job_id: FromPath[str],
        viewing: NamedDependency[Viewing],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
    ) -> Page:
        job = (await viewing.look(job_id, principal)).job
        if not job.is_open(clock.now()):
            raise Problem("job-closed", "This job is closed", 410, "It takes no applications any more.")
        if not job.facts.apply_url:
            raise NotFound("One applies for this job here.")
        await viewing.count_leaving(job, principal, clock.now())
        return Page("board/leaving.html", {"job": job})
