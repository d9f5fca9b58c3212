"""Searching the board: the engine finds, the database has the last word on whether a job is open."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from ahead.careers.board.documents import DAY
from ahead.careers.board.places import Places, state_of
from ahead.careers.board.wanted import FACETS, Wanted
from ahead.careers.jobs import repository
from ahead.careers.jobs.lifecycle import open_filters, seconds
from ahead.careers.jobs.service import Job, job_of
from ahead.shared.db.engine import Database
from ahead.shared.errors import Unavailable
from ahead.shared.search.index import (
    MAX_LIMIT,
    MAX_OFFSET,
    Eq,
    Filter,
    In,
    IndexMissing,
    Query,
    Range,
    Results,
    SearchError,
    SearchIndex,
)

PER_PAGE = 20
EMPLOYERS = 12
_ORDERS = {"newest": "published", "pay": "pay_year"}


class Found(msgspec.Struct, frozen=True):
    """`total` and `facets` count what the engine holds; a job closed this very moment is not among `jobs`.

    `employers`: (company's id, its name, jobs), the largest first. `by_state`: the state that a distance was
    replaced by, where the coordinates of the ZIP are not held.
    """

    jobs: Sequence[Job]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    corrected: Mapping[str, str]
    employers: Sequence[tuple[str, str, int]] = ()
    by_state: str = ""


class Board:
    def __init__(self, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._index = index
        self._places = Places(database)

    async def search(self, wanted: Wanted, at: datetime, *, per_page: int = PER_PAGE) -> Found:
        """A page of results. Each facet is counted under all others, so that it shows what choosing more brings.

        Raises:
            Unavailable: the engine doesn't answer.
        """
        near, by_state = await self._near(wanted)
        chosen = [name for name in FACETS if wanted.facets.get(name)]
        counted = (
            *(name for name in FACETS if name not in chosen),
            *(() if wanted.company else ("company_id",)),
        )
        main = _query(wanted, at, near, limit=per_page, offset=(wanted.page - 1) * per_page, facets=counted)
        others = [
            _query(replace(wanted, facets=_but(wanted, name)), at, near, limit=0, facets=(name,))
            for name in chosen
        ]
        if wanted.company:
            chosen.append("company_id")
            others.append(_query(replace(wanted, company=""), at, near, limit=0, facets=("company_id",)))
        try:
            # Side by side: the counts under each other take as long as the hits.
            first, rest = await asyncio.gather(self._index.search(main), self._many(others))
            if not first.total and wanted.q and not any(one.total for one in rest):
                # Only then: the words of a job that came since the index was built are no mistakes, and words that
                # are found with one filter less are none either.
                first, *rest = await self._index.search_many(
                    [replace(one, typos=True) for one in (main, *others)]
                )
        except IndexMissing:
            # Nothing was ever indexed: a board without a job.
            first, rest = Results((), 0), []
        except SearchError as error:
            raise Unavailable("Job search can't answer just now.", hint="Try again in a moment.") from error
        facets = {**first.facets}
        for name, result in zip(chosen, rest, strict=False):
            facets[name] = result.facets.get(name, {})
        by_employer = facets.pop("company_id", {})
        jobs, employers = await self._shown([hit.id for hit in first.hits], by_employer, at)
        return Found(jobs, first.total, facets, first.corrected, employers, by_state)

    async def _many(self, queries: Sequence[Query]) -> list[Results]:
        return await self._index.search_many(queries) if queries else []

    async def _near(self, wanted: Wanted) -> tuple[tuple[Filter, ...], str]:
        """What a distance means for the engine, and the state that stands for it where coordinates aren't held."""
        if not wanted.near:
            return (), ""
        held = await self._places.within(wanted.near, int(wanted.miles))
        if held is not None:
            return (In("zip", held),), ""
        state = state_of(wanted.near)
        # A ZIP that no state has is nowhere: nothing is near it.
        return ((Eq("state", state),) if state else (In("zip", ()),)), state

    async def matching(self, wanted: Wanted, at: datetime, *, limit: int) -> list[Job]:
        """The newest open jobs that a saved search asks for."""
        jobs: list[Job] = []
        at_once, more = min(limit, MAX_LIMIT), True
        for offset in range(0, limit, at_once):
            if more:
                some, more = await self.newest(wanted, at, limit=at_once, offset=offset)
                jobs += some
        return jobs[:limit]

    async def newest(
        self, wanted: Wanted, at: datetime, *, limit: int, offset: int
    ) -> tuple[list[Job], bool]:
        """Some of the open jobs that a saved search asks for, the newest first, and whether there are more."""
        near, _ = await self._near(wanted)
        query = _query(replace(wanted, sort="newest"), at, near, limit=limit, offset=offset)
        try:
            results = await self._index.search(query)
        except IndexMissing:
            return [], False
        more = len(results.hits) == limit and offset + limit <= MAX_OFFSET
        return await self._open([hit.id for hit in results.hits], at), more

    async def similar(self, job: Job, at: datetime, *, limit: int = 4) -> list[Job]:
        """Others of the same kind, the nearest first; none when the engine doesn't answer."""
        facts = job.facts
        text = " ".join((facts.title, *facts.credentials[:2]))
        near: list[Filter] = [Eq("workplace", facts.workplace)]
        if facts.workplace != "remote" and facts.state:
            near.append(Eq("state", facts.state))
        found: list[str] = []
        for filters in (near, []):
            query = Query(
                text, filters=(*open_filters(at), *filters), match="most", limit=limit + 1, explain=False
            )
            try:
                results = await self._index.search(query)
            except SearchError:
                return []
            found += [hit.id for hit in results.hits if hit.id != job.id and hit.id not in found]
            if len(found) >= limit:
                break
        return await self._open(found[:limit], at)

    async def _open(self, ids: Sequence[str], at: datetime) -> list[Job]:
        return (await self._shown(ids, {}, at))[0]

    async def _shown(
        self, ids: Sequence[str], by_employer: Mapping[str, int], at: datetime
    ) -> tuple[list[Job], list[tuple[str, str, int]]]:
        """Those of these jobs that are open, and the employers with most jobs, by name."""
        largest = list(by_employer.items())[:EMPLOYERS]
        held: dict[str, repository.Pair] = {}
        names: dict[str, str] = {}
        if ids:
            async with self._database.read() as session:
                held = await repository.by_ids(session, ids)
        if largest:
            async with self._database.quick() as session:
                names = await repository.company_names(session, [one for one, _ in largest])
        jobs = [job_of(held[one]) for one in ids if one in held]
        employers = [(one, names[one], count) for one, count in largest if one in names]
        return [job for job in jobs if job.is_open(at)], employers

    async def count_open(self, at: datetime) -> int:
        async with self._database.read() as session:
            return await repository.count_open(session, at)

    async def all_newest(self, at: datetime, limit: int) -> list[Job]:
        async with self._database.read() as session:
            return [job_of(pair) for pair in await repository.newest_open(session, at, limit=limit)]


def _but(wanted: Wanted, name: str) -> dict[str, tuple[str, ...]]:
    return {key: values for key, values in wanted.facets.items() if key != name}


def _query(
    wanted: Wanted,
    at: datetime,
    near: tuple[Filter, ...],
    *,
    limit: int,
    offset: int = 0,
    facets: tuple[str, ...] = (),
) -> Query:
    filters: list[Filter] = [*open_filters(at), *near]
    for name, values in wanted.facets.items():
        filters.append(Eq(name, values[0]) if len(values) == 1 else In(name, tuple(values)))
    if wanted.posted:
        filters.append(Range("published", ge=seconds(at) - int(wanted.posted) * DAY))
    if wanted.pay:
        filters.append(Range("pay_year", ge=int(wanted.pay)))
    if wanted.company:
        filters.append(Eq("company_id", wanted.company))
    return Query(
        wanted.q,
        filters=tuple(filters),
        limit=limit,
        offset=offset,
        facets=facets,
        explain=False,
        order=_ORDERS.get(wanted.sort, ""),
    )
