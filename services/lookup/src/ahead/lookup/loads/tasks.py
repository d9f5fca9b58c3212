"""The job that does a load. Loading twice changes nothing, so that it may run again after a kill."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.registry import CatalogLoader, Outcome, counted, source_names
from ahead.lookup.catalog.loading.sources import Loaded
from ahead.lookup.settings import Settings
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.errors import Problem
from ahead.shared.logging import get_logger
from ahead.shared.tasks.jobs import Jobs

from . import repository as rows
from .folder import ImportFolder
from .schemas import LoadAsked, LoadedRelease
from .service import ACTOR

log = get_logger(__name__)
PROGRESS_EVERY_S = 1.0
TIME_LIMIT = timedelta(hours=1)


def add_load_job(jobs: Jobs, settings: Settings, clock: Clock | None = None) -> None:
    """Registers the job with a service's jobs."""

    async def load(load_id: str) -> None:
        await Loading(jobs.database, settings, clock).run(load_id)

    jobs.add(ACTOR, load, max_retries=3, min_backoff=timedelta(seconds=10), time_limit=TIME_LIMIT)


class Loading:
    """One load after another, each in a thread of its own beside the event loop."""

    def __init__(self, database: Database, settings: Settings, clock: Clock | None = None) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock or SystemClock()
        self._at = (0.0, "Reading")

    async def run(self, load_id: str) -> None:
        """How it went is in the load's row, where operators see it: a job of it never becomes a dead letter."""
        async with self._database.write() as session:
            asked = await rows.begin(session, load_id, self._clock.now())
        if asked is None:
            return
        telling = asyncio.create_task(self._tell(load_id))
        try:
            outcome = await asyncio.to_thread(self._load, asked)
        except (Refused, Problem) as problem:
            said = str(problem) if isinstance(problem, Refused) else problem.detail
            await self._finish(load_id, "refused", message=said)
            return
        except Exception as error:
            log.error("a load failed", load=load_id, error=repr(error))
            await self._finish(load_id, "failed", message="The load broke off. The service's log says why.")
            return
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling
        status = "loaded" if any(one.new for one in outcome.loaded) else "held"
        left = (
            f"Left out, of no kind that is read here: {', '.join(outcome.left_out)}"
            if outcome.left_out
            else ""
        )
        await self._finish(load_id, status, tuple(_released(one) for one in outcome.loaded), left)

    def _load(self, asked: LoadAsked) -> Outcome:
        folder = ImportFolder(self._settings.import_folder, 0)
        options = Options(asked.system or None, asked.release or None, asked.window_from, asked.window_to)
        loader = CatalogLoader(self._settings.database, self._settings.releases_dir)
        return loader.load([folder.file(asked.path)], options, self._progress)

    def _progress(self, fraction: float, text: str) -> None:
        self._at = (fraction, text)

    async def _tell(self, load_id: str) -> None:
        """Writes down how far the load is, where it has moved."""
        last = self._at
        while True:
            await asyncio.sleep(PROGRESS_EVERY_S)
            if self._at != last:
                last = self._at
                async with self._database.write() as session:
                    await rows.progressed(session, load_id, min(int(last[0] * 100), 99), last[1])

    async def _finish(
        self, load_id: str, status: str, result: tuple[LoadedRelease, ...] = (), message: str = ""
    ) -> None:
        async with self._database.write() as session:
            await rows.finish(session, load_id, status, self._clock.now(), result=result, message=message)


def _released(loaded: Loaded) -> LoadedRelease:
    return LoadedRelease(
        source_names().get(loaded.system, loaded.system), loaded.edition, loaded.new, counted(loaded),
        loaded.window_from, loaded.window_to, loaded.remark,
    )  # fmt: skip
