"""Frequency of real use: how many people opened each code, asked of metering, kept here, and what it is worth.

The scheduler asks metering (`keep_uses`) and keeps the counts in the service's database; web processes read them from
there now and then (`Uses`), and the finder puts codes that fit a query alike in their order (`favours`). Without counts
nothing changes.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import delete, insert, select

from ahead.lookup.catalog.spelling import SYSTEMS
from ahead.lookup.codes.events import METRIC
from ahead.lookup.search.models import CODE_USES
from ahead.lookup.search.wording import Floats, Wording
from ahead.lookup.settings import Settings
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.errors import Problem
from ahead.shared.logging import get_logger
from ahead.shared.tasks.scheduler import Scheduler

log = get_logger(__name__)
Counts = Mapping[tuple[str, str], int]
"""People by system and undotted code."""

LEAST = 5
"""People that make use of a code: a person with a few guests doesn't."""
MOST_CODES = 10_000
MOST = 0.005
"""What use adds to a score at most. The best hits have about 1.2; what fits worse by more is never put before them."""
_MANY = 100
"""People at whom use counts in full, unless some code has more."""
_USAGE = "/api/metering/v1/usage"
_PAGE = 1_000
_READ_EVERY = timedelta(minutes=10)


async def keep_uses(settings: Settings, database: Database, clock: Clock) -> None:
    """Keep what metering counts in place of what is held; without metering, or where use shall not count, nothing.

    While metering doesn't answer, the counts held stay.
    """
    client = ServiceClient(settings.shared, "lookup", settings.service_key, ["metering:read"], timeout=30)
    async with client:
        try:
            wanted = settings.use_days and client.installed("metering")
            counts = await _ask(client, settings.use_days, clock) if wanted else {}
        except (Problem, LookupError, TypeError, ValueError) as error:
            log.warning("lookup.no_use", reason=str(error))
            return
    if counts == await read_uses(database):
        return
    rows = [{"system": system, "code": code, "people": n} for (system, code), n in counts.items()]
    async with database.write() as session:
        await session.execute(delete(CODE_USES))
        if rows:
            await session.execute(insert(CODE_USES), rows)


async def _ask(client: ServiceClient, days: int, clock: Clock) -> Counts:
    """Raises Problem or ValueError where metering doesn't answer as it should."""
    today = clock.now().date()
    params: dict[str, Any] = {
        "product": "lookup", "metric": METRIC, "group_by": "thing", "limit": _PAGE,
        "from": (today - timedelta(days=days - 1)).isoformat(), "to": today.isoformat(),
    }  # fmt: skip
    counts: dict[tuple[str, str], int] = {}
    while len(counts) < MOST_CODES:
        answer = await client.get("metering", _USAGE, params=params)
        if answer.status_code != 200:
            raise ValueError(f"metering answered with status {answer.status_code}")
        page: dict[str, Any] = answer.json()
        for row in page["rows"]:
            system, _, printed = str(row["thing"]).partition("/")
            code, people = printed.replace(".", ""), int(row["principals"])
            if people >= LEAST and system in SYSTEMS and 0 < len(code) <= 20:
                counts[system, code] = people
        # The largest count comes first, and nothing has more people than views.
        if not page["next"] or int(page["rows"][-1]["count"]) < LEAST:
            break
        params["next"] = page["next"]
    return dict(list(counts.items())[:MOST_CODES])


async def read_uses(database: Database) -> Counts:
    c = CODE_USES.c
    async with database.read() as session:
        rows = (await session.execute(select(c.system, c.code, c.people))).all()
    return {(row.system, row.code): row.people for row in rows}


class Uses:
    """The counts as a web process last read them; no search waits for a reading."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stop: asyncio.Event | None = None
        self._reading: asyncio.Task[None] | None = None
        self.held: Counts = {}
        """Another object whenever the counts have changed."""

    async def read(self) -> None:
        counts = await read_uses(self._database)
        if counts != self.held:
            self.held = counts

    def start(self) -> None:
        scheduler = Scheduler()
        scheduler.every(_READ_EVERY, "read which codes are used", self.read)
        self._stop = asyncio.Event()
        self._reading = asyncio.create_task(scheduler.run(self._stop), name="uses")

    async def stop(self) -> None:
        if self._stop is not None and self._reading is not None:
            self._stop.set()
            await self._reading


def favours(wording: Wording, counts: Counts) -> Floats | None:
    """What use adds to the score of each code, 0 to MOST, by the logarithm of its people; None without any.

    A heading gets what the most used code below it gets, so that use puts no code before a heading of its own.
    """
    if not counts:
        return None
    wanted = {code for _, code in counts}
    people = np.zeros(len(wording.codes), np.float64)
    for number in (number for number, code in enumerate(wording.codes) if code in wanted):
        system = wording.systems[wording.system_of[number]]
        people[number] = counts.get((system, wording.codes[number]), 0)
    used = np.flatnonzero(people)
    if not len(used):
        return None
    while len(used := used[wording.parents[used] >= 0]):
        above = wording.parents[used]
        np.maximum.at(people, above, people[used])
        used = np.unique(above)
    return (MOST * np.log1p(people) / np.log1p(max(float(people.max()), _MANY))).astype(np.float32)
