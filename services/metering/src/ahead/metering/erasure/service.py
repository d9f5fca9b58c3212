"""What happens when an account is erased: its events and counts stay, under names that lead to nobody.

Totals by product, metric, plan and period stay true, and so do numbers of people: everybody gets one name. The
decision and its limits: docs/adr/0012.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.metering.erasure import repository
from ahead.metering.erasure.blinding import Blinding
from ahead.metering.models import UsageDaily, UsageHourly

ERASED = "account.erased"
# Longer than anything can be on its way: outboxes keep events for 45 days, the stream for 30.
REMEMBERED = timedelta(days=60)


class Hidden(NamedTuple):
    """What of an event changes when the one it is about is erased."""

    event_id: str
    principal: str
    detail: str
    body: str


class Erasure:
    """One for each process: remembers who is erased, so that a batch costs one small query."""

    def __init__(self, blinding: Blinding) -> None:
        self._blinding = blinding
        self._known: set[str] = set()
        self._newest = 0

    async def names(
        self,
        session: AsyncSession,
        principals: Collection[str],
        erased: Sequence[Collection[str]],
        at: datetime,
    ) -> dict[str, str]:
        """The names by which those of ``principals`` go that are erased; in the caller's transaction.

        Args:
            erased: of each ``account.erased`` among the events to be stored, the subjects that it erases. What
                is stored already about those who weren't erased before is renamed here and now.
        """
        if erased:
            await repository.before_erasing(session, at)
        else:
            await repository.before_adding(session)
        for seq, name in await repository.erased_after(session, self._newest):
            self._known.add(name)
            self._newest = seq
        # What this transaction adds is not remembered in the process: it may yet be rolled back.
        now = await self._erase(session, erased, at) if erased else frozenset[str]()
        if not self._known and not now:
            return {}
        blinded = {principal: self._blinding.subject(principal) for principal in principals}
        return {old: new for old, new in blinded.items() if new in self._known or new in now}

    async def _erase(
        self, session: AsyncSession, erased: Sequence[Collection[str]], at: datetime
    ) -> frozenset[str]:
        await repository.drop_old(session, at - REMEMBERED)
        names = {subject: self._blinding.subject(subject) for one in erased for subject in one}
        # A guest may belong to two accounts of one browser: all names of the batch are hidden together.
        for subject in sorted(names):
            if await repository.remember(session, names[subject], at):
                await self._rename(session, subject, names)
        await repository.rewrite_dead_letters(session, names)
        return frozenset(names.values())

    async def _rename(self, session: AsyncSession, subject: str, names: Mapping[str, str]) -> None:
        rows = await repository.events_of(session, subject)
        hidden = [self.hide(row, names) for row in rows]
        hours, days = set[tuple[Any, ...]](), set[tuple[Any, ...]]()
        for row in rows:
            rest = (row.product, row.metric, row.plan, row.period, row.thing)
            hours.add((row.occurred_at.replace(minute=0, second=0, microsecond=0), *rest))
            days.add((row.occurred_at.date(), *rest))
        await repository.rename_counts(session, UsageHourly, sorted(hours), subject, names[subject])
        await repository.rename_counts(session, UsageDaily, sorted(days), subject, names[subject])
        await repository.rewrite_corrections(
            session,
            [
                {
                    "old_source": row.source,
                    "old_id": row.event_id,
                    "event_id": new.event_id,
                    "principal": new.principal,
                }
                for row, new in zip(rows, hidden, strict=True)
            ],
        )
        await repository.rewrite_events(
            session, [{"at": row.seq, **new._asdict()} for row, new in zip(rows, hidden, strict=True)]
        )

    def hide(self, row: Any, names: Mapping[str, str]) -> Hidden:
        """An event with the names of the erased in the place of who they were.

        Args:
            row: anything with source, event_id, principal, detail and body.
        """
        about = row.principal in names
        event_id = self._blinding.event_id(row.source, row.event_id) if about else row.event_id
        event: dict[str, Any] = msgspec.json.decode(row.body)
        event["id"] = event_id
        event["subject"] = names.get(row.principal, row.principal)
        if about:
            event["requestid"] = ""  # the log knows more of a request
        data: dict[str, Any] = event["data"]
        event["data"] = {
            key: names.get(value, value) if isinstance(value, str) else value for key, value in data.items()
        }
        return Hidden(
            event_id,
            event["subject"],
            names.get(row.detail, row.detail),
            msgspec.json.encode(event).decode(),
        )
