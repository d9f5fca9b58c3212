"""The one door to fetching: `Fetcher` downloads a source's files, records an accepted licence, and loads."""

import getpass
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import insert, select

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.registry import CatalogLoader, Outcome
from ahead.lookup.loads.models import LICENCES
from ahead.lookup.settings import Settings
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.processes import Progress, no_progress

from .addresses import AMA, FetchError, Publication, RemoteFile, files_of, name_of, publications, with_hash
from .download import Downloaded, download


class AcceptedLicence(msgspec.Struct, frozen=True):
    """Who accepted a publisher's licence for a source, and when."""

    licence: str
    source: str
    address: str
    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True)
class Fetched:
    files: tuple[Downloaded, ...]
    outcome: Outcome


class Fetcher:
    """Args:
    settings: the service's; its database is migrated before.
    """

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self.publications = publications(settings.fetch_sources)

    def publication(self, name: str) -> Publication:
        """Raises FetchError where the table has no such source."""
        found = self.publications.get(name)
        if found is None:
            raise FetchError(
                f"No address is known for {name}. Known are: {', '.join(self.publications)}. Say another with "
                "--address, or put it into your own table (AHEAD_LOOKUP_FETCH_SOURCES)."
            )
        return found

    def planned(
        self, source: str, edition: str, addresses: Sequence[str] = (), sha256: str = ""
    ) -> tuple[list[RemoteFile], str]:
        """What would be fetched, and under which licence ("" for none).

        Raises:
            FetchError: the source, the edition or an address can't be used.
        """
        if addresses:
            known = self.publications.get(source)
            files = [RemoteFile(one, name_of(one), "") for one in addresses]
            # An address of somebody else's for a source that isn't known: nothing says that no licence is needed.
            return with_hash(files, sha256), known.licence if known else AMA
        publication = self.publication(source)
        return files_of(publication, edition, sha256), publication.licence

    async def accept(self, licence: str, source: str, files: Sequence[RemoteFile], by: str) -> None:
        """Records who accepted the licence, before anything is fetched under it."""
        database = Database(self._settings.database)
        try:
            async with database.write() as session:
                for file in files:
                    await session.execute(
                        insert(LICENCES).values(
                            licence=licence, source=source, address=file.address, accepted_by=by[:120],
                            accepted_at=self._clock.now(),
                        )
                    )  # fmt: skip
        finally:
            await database.close()

    def fetch(self, source: str, files: Sequence[RemoteFile], progress: Progress = no_progress) -> Fetched:
        """Downloads and loads.

        Raises:
            FetchError: a file can't be had. Refused: it is not what it should be. Nothing is held of it then.
        """
        folder = self.folder(source)
        got: list[Downloaded] = []
        for number, file in enumerate(files):

            def read(part: float, number: int = number) -> None:
                progress(0.5 * (number + part) / len(files), "Downloading")

            try:
                got.append(download(file, folder, limit=self._settings.fetch_limit_mb << 20, read=read))
            except FetchError as error:
                note = self.publications[source].note if source in self.publications else ""
                raise FetchError(f"{error} {note}".strip()) from None
        loader = CatalogLoader(self._settings.database, self._settings.releases_dir)
        outcome = loader.load(
            [one.path for one in got],
            Options(source=f"fetched from {urlsplit(files[0].address).hostname}"[:120]),
            lambda part, text: progress(0.5 + part / 2, text),
        )
        return Fetched(tuple(got), outcome)

    def folder(self, source: str) -> Path:
        """Where its files are kept.

        Raises:
            FetchError: that can't be the name of a source.
        """
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", source):
            raise FetchError(f"{source[:40]!r} can't be the name of a source.")
        return self._settings.shared.data / "lookup" / "downloads" / source


async def accepted(database: Database) -> list[AcceptedLicence]:
    """Every acceptance, the newest first."""
    query = select(
        LICENCES.c.licence,
        LICENCES.c.source,
        LICENCES.c.address,
        LICENCES.c.accepted_by,
        LICENCES.c.accepted_at,
    ).order_by(LICENCES.c.id.desc())
    async with database.read() as session:
        return [AcceptedLicence(*row) for row in await session.execute(query)]


def user_of_this_machine() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown user"
