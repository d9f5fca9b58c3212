"""Comparisons of editions as JSON. Codes, titles and what can be billed are public; the tool needs an account."""

import msgspec
from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codes.access import tools_guard
from ahead.lookup.parameters import read_as_of
from ahead.lookup.releasediff.schemas import Difference
from ahead.lookup.releasediff.service import ReleaseDiff


class Asked(msgspec.Struct, frozen=True):
    """`old`, `new`: editions by name or id; empty: the two newest, or with `as_of` the one in force that day and the
    one before it. `kinds`: added, deleted, revised, billable,
    not_compared; all where none is named. At most 1,000 changes at a time, from `offset`."""

    system: str
    old: str = ""
    new: str = ""
    kinds: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 1_000
    as_of: str | None = None


class ReleaseDiffController(Controller):
    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/release-diff", status_code=200, summary="What changed between two editions of a code system")
    async def release_diff(self, releases: NamedDependency[ReleaseDiff], data: JSONBody[Asked]) -> Difference:
        return await releases.difference(
            data.system,
            data.old,
            data.new,
            kinds=data.kinds,
            offset=data.offset,
            limit=data.limit,
            as_of=read_as_of(data.as_of),
        )
