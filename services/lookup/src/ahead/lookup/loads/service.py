"""Loads from the dashboard: asked for in a request, done by a job."""

from datetime import date

from ahead.lookup.catalog.loading.registry import counted, source_names
from ahead.lookup.catalog.schemas import Release
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.models import JOBS
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.db.outbox import enqueue
from ahead.shared.errors import BadInput, NotFound
from ahead.shared.ids import uuid7

from . import repository as rows
from .folder import ImportFolder
from .schemas import HeldRelease, HeldReleases, Load, LoadAsked, Loads

ACTOR = "catalog.load"
SHOWN = 100


class CatalogLoads:
    def __init__(self, database: Database, folder: ImportFolder, catalog: Catalog, clock: Clock) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock
        self.folder = folder

    async def ask(self, asked: LoadAsked, by: str) -> Load:
        """Records a load and its job in one transaction.

        Raises:
            BadInput: the path leads elsewhere, there is no such source, or the window ends before it begins.
            NotFound: there is no such file.
        """
        file = self.folder.file(asked.path)
        if asked.system and asked.system not in source_names():
            raise BadInput(
                f"{asked.system[:40]!r} is no source here.",
                slug="unknown-source",
                hint=f"Sources: {', '.join(source_names())}.",
            )
        if asked.window_from and asked.window_to and asked.window_to < asked.window_from:
            raise BadInput("The window ends before it begins.", slug="bad-window")
        load_id, now = uuid7(), self._clock.now()
        async with self._database.write() as session:
            await rows.add(session, load_id, asked, file.name[:200], by, now)
            await enqueue(session, JOBS, ACTOR, {"load_id": load_id}, key=load_id, clock=self._clock)
        return await self.load(load_id)

    async def load(self, load_id: str) -> Load:
        async with self._database.read() as session:
            found = await rows.get(session, load_id)
        if found is None:
            raise NotFound("There is no such load.", slug="no-such-load")
        return found

    async def loads(self) -> Loads:
        async with self._database.read() as session:
            return Loads(await rows.newest(session, SHOWN))

    async def releases(self) -> HeldReleases:
        """Every release held, as `ahead catalog status` tells it."""
        today = self._catalog.today()
        held = await self._catalog.releases()
        return HeldReleases(today, tuple(_held(release, today) for release in held))


def _held(release: Release, today: date) -> HeldRelease:
    return HeldRelease(
        release.id, release.system, source_names().get(release.system, release.system), release.kind, release.edition,
        counted(release), release.window_from, release.window_to, release.window_origin, age_of(release, today),
        release.source, tuple(file.name for file in release.files), release.loaded_at, release.remark,
    )  # fmt: skip


def age_of(release: Release, today: date) -> str:
    """Where today lies to the window, in words."""
    if release.window_to is not None and release.window_to < today:
        days = (today - release.window_to).days
        return f"ended {days} day{'' if days == 1 else 's'} ago"
    if release.window_from > today:
        return f"begins in {(release.window_from - today).days} days"
    return f"in force for {(today - release.window_from).days} days"
