"""Feeds that employers keep at an address of theirs: fetched every few hours and followed like an uploaded file."""

import tempfile
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy import update
from sqlmodel import col, select

from ahead.careers.employers.service import Employers
from ahead.careers.importing.service import Imported, Importer
from ahead.careers.jobs.cleaning import web_address
from ahead.careers.models import Company, FeedAddress
from ahead.careers.settings import Settings
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, Problem
from ahead.shared.http.client import OutgoingClient
from ahead.shared.logging import get_logger

log = get_logger(__name__)
SOURCE = "address"
MOST_BYTES = 20 << 20
AGAIN_AFTER = timedelta(hours=1)
AT_ONCE = 20


def make_client(settings: Settings) -> OutgoingClient:
    return OutgoingClient(
        f"CodingAhead-Careers/1.0 (+{settings.site}/careers)", within_s=120.0, allowed=settings.fetched_from
    )


class FeedAddresses:
    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Clock,
        employers: Employers,
        client: OutgoingClient,
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._employers = employers
        self._client = client

    async def of(self, principal: Principal, company_id: str) -> FeedAddress | None:
        """Raises NotFound for others."""
        async with self._database.read() as session:
            await self._employers.company_for(session, principal, company_id)
            return await session.get(FeedAddress, company_id)

    async def keep(self, principal: Principal, company_id: str, url: str) -> None:
        """Fetch from this address from now on, the first time within minutes; "" ends it, and its jobs stay.

        Raises:
            NotFound, Forbidden: it isn't this one's to say.
            BadInput: it is no web address.
        """
        fits = web_address(url)
        if url.strip() and not fits:
            raise BadInput("Give the feed's whole address, such as https://example.com/jobs.xml.")
        async with self._database.write() as session:
            own = await self._employers.company_for(session, principal, company_id, "recruiter")
            row = await session.get(FeedAddress, own.company.id)
            if not fits:
                if row is not None:
                    await session.delete(row)
                return
            if row is None:
                row = FeedAddress(company_id=own.company.id, url="", set_by="", next_at=self._clock.now())
            row.url, row.set_by, row.problem = fits, principal.subject, ""
            row.next_at = self._clock.now()
            session.add(row)

    async def run_due(self) -> int:
        """Fetch what is due; for the scheduler. Returns how many feeds were followed."""
        now = self._clock.now()
        due = (
            select(FeedAddress, Company)
            .join(Company, col(FeedAddress.company_id) == col(Company.id))
            .where(col(FeedAddress.next_at) <= now, col(Company.standing) != "suspended")
            .order_by(col(FeedAddress.next_at))
            .limit(AT_ONCE)
        )
        async with self._database.read() as session:
            rows = [(row[0], row[1]) for row in (await session.execute(due)).all()]
        followed = 0
        for feed, company in rows:
            if not await self._taken(feed, now):
                continue
            try:
                done = await self._follow(feed.url, company)
            except Problem as error:
                # Nothing is closed for a feed that couldn't be read: what is on the board stays until it can.
                log.info("careers.feed_not_read", company=company.id, reason=error.detail)
                await self._said(feed, now, problem=error.detail or error.title, again=AGAIN_AFTER)
                continue
            followed += 1
            await self._said(feed, now, told=told(done))
        return followed

    async def _taken(self, feed: FeedAddress, now: datetime) -> bool:
        """Whether it is this run that fetches it: another one may be at it too."""
        mine = (
            update(FeedAddress)
            .where(col(FeedAddress.company_id) == feed.company_id, col(FeedAddress.next_at) == feed.next_at)
            .values(next_at=now + timedelta(hours=self._settings.feed_hours))
            .returning(col(FeedAddress.company_id))
        )
        async with self._database.write() as session:
            return (await session.execute(mine)).first() is not None

    async def _follow(self, url: str, company: Company) -> Imported:
        with tempfile.TemporaryFile() as file:
            await self._client.download(url, file, at_most=MOST_BYTES)
            importer = Importer(self._database, self._settings, self._clock)
            return await importer.run(file, SOURCE, own=company, kind=_kind(file))

    async def _said(
        self,
        feed: FeedAddress,
        now: datetime,
        *,
        told: str = "",
        problem: str = "",
        again: timedelta | None = None,
    ) -> None:
        values: dict[str, object] = {"problem": problem[:300]}
        if again is not None:
            values["next_at"] = now + again
        else:
            values |= {"told": told[:300], "read_at": now}
        async with self._database.write() as session:
            # A new address meanwhile is due at once, and this says nothing about it.
            await session.execute(
                update(FeedAddress)
                .where(col(FeedAddress.company_id) == feed.company_id, col(FeedAddress.url) == feed.url)
                .values(values)
            )


def _kind(file: IO[bytes]) -> str:
    file.seek(0)
    kind = kind_of(file.read(200))
    file.seek(0)
    return kind


def kind_of(body: bytes) -> str:
    """By what is in it: XML begins with an angle bracket."""
    return "xml" if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else "csv"


def told(done: Imported) -> str:
    """What became of a feed's jobs, in a line."""
    parts = ("posted", "changed", "confirmed", "closed", "held", "refused")
    text = (
        ", ".join(f"{getattr(done, name)} {name}" for name in parts if getattr(done, name)) or "Nothing new"
    )
    return text + (f". {done.reasons[0]}" if done.reasons else "")
