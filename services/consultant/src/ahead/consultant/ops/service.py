"""Figures about mail and answers, and deciding about jobs that were given up. Nothing here says who wrote."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any, cast

import msgspec
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from ahead.consultant.consumer import make_eraser
from ahead.consultant.models import DEAD_LETTERS, JOBS, OUTBOX, Entry, Inquiry, RawMail, Sent, Suppressed
from ahead.consultant.parts import Parts
from ahead.shared.clock import isoformat
from ahead.shared.dead_letter_desk import DeadLetter, DeadLetterDesk, DeadLetters, Outcome
from ahead.shared.errors import BadInput, NotFound
from ahead.shared.mail.returned import address_name
from ahead.shared.ops import Health, sender_health

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false

# Given out this often without an end: something is wrong with it, and an operator should know.
STUCK_AFTER = 12


class Figures(msgspec.Struct, frozen=True):
    """The days asked for.

    Attributes:
        fates: mail taken in, by what became of it.
        reasons: why mail was held or not answered, the most frequent first.
        replies: replies recorded, automatic and by experts; automatic_share of all, 0 to 1, null without any.
        answer_s: seconds from a question to its first reply: median and 95th percentile, null without any.
        queue: with the experts now, of the days' inquiries; overdue: those whose promise has ended.
        kept, broken: answers of experts within, and after, what was promised.
        returned: mails that bounced or that somebody complained about; suppressed: addresses that get none any more.
        masked: details taken out, by kind.
        days: per day received, automatic and expert replies, escalated.
    """

    fates: dict[str, int]
    reasons: list[tuple[str, int]]
    inquiries: dict[str, int]
    replies: dict[str, int]
    automatic_share: float | None
    answer_s: dict[str, float | None]
    queue: int
    overdue: int
    kept: int
    broken: int
    mails: dict[str, int]
    returned: dict[str, int]
    suppressed: dict[str, int]
    masked: dict[str, int]
    days: list[dict[str, Any]]


class Ops:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        apply = make_eraser(parts.database, parts.clock).apply
        self._letters = DeadLetterDesk(
            parts.database, DEAD_LETTERS, apply, done="followed", done_before="followed before"
        )

    async def health(self) -> Health:
        health = await sender_health(self._parts.database, OUTBOX, JOBS, self._parts.clock)
        async with self._parts.database.read() as session:
            stuck = (await session.execute(select(func.count()).where(*_stuck()))).scalar_one()
        remarks = (*health.remarks, *((f"{stuck} jobs don't end",) if stuck else ()))
        letters = health.dead_letters + stuck + await self._letters.count()
        return msgspec.structs.replace(health, dead_letters=letters, remarks=remarks)

    async def dead_letters(self, limit: int) -> DeadLetters:
        """Jobs that were given up or don't end, and events that can't be read, the newest first."""
        statement = (
            select(JOBS)
            .where(or_(JOBS.c.status == "failed", *[_all(_stuck())]))
            .order_by(JOBS.c.created_at.desc())
            .limit(limit)
        )
        async with self._parts.database.read() as session:
            jobs = (await session.execute(statement)).all()
        events = await self._letters.listed(limit)
        rows = [
            DeadLetter(
                id=row.id,
                subject=f"job {row.actor}",
                reason=row.error or f"given out {row.attempts} times and not done",
                sequence=row.attempts,
                buried_at=isoformat(row.finished_at or row.created_at),
                size=len(row.args),
                # Ids only; the one that holds an address holds it encrypted.
                body=row.args[:500],
            )
            for row in jobs
        ]
        return DeadLetters(len(rows) + events.total, [*rows, *events.rows][:limit])

    async def retry(self, key: str) -> Outcome:
        """Raises NotFound, Conflict."""
        again = {"status": "queued", "sent_at": None, "finished_at": None, "error": "", "attempts": 0}
        statement = update(JOBS).where(JOBS.c.id == key, JOBS.c.status != "done")
        async with self._parts.database.write() as session:
            found = cast(
                "Any", await session.execute(statement.values(due_at=self._parts.clock.now(), **again))
            )
            if found.rowcount:
                await self._unfail(session, key)
                return Outcome(key, "queued again")
        return await self._letters.retry(key)

    async def discard(self, key: str) -> Outcome:
        """Raises NotFound."""
        async with self._parts.database.write() as session:
            gone = cast(
                "Any", await session.execute(delete(JOBS).where(JOBS.c.id == key, JOBS.c.status != "done"))
            )
            if gone.rowcount:
                return Outcome(key, "discarded")
        return await self._letters.discard(key)

    async def _unfail(self, session: AsyncSession, key: str) -> None:
        """A mail that was given up may be handed over after all."""
        kind, _, step = key.partition(":")
        if kind == "send":
            await session.execute(
                update(Sent)
                .where(Sent.id == step, col(Sent.sent_at).is_(None))
                .values(failed="", claimed_until=None)
            )

    async def lift(self, address: str) -> Outcome:
        """Mail an address again. Raises BadInput, NotFound."""
        address = address.strip().lower()
        if "@" not in address:
            raise BadInput("Write the e-mail address that is to get mail again.")
        key = self._parts.keybox.blind(address)
        async with self._parts.database.write() as session:
            row = await session.get(Suppressed, key)
            if row is None:
                raise NotFound("Mail to this address is not stopped.")
            await session.delete(row)
        return Outcome(address_name(self._parts.settings.shared.guest_key, address)[:12], "gets mail again")

    async def figures(self, days: int) -> Figures:
        now = self._parts.clock.now()
        since = now - timedelta(days=days)
        async with self._parts.database.read() as session:

            async def grouped(statement: Any) -> dict[str, int]:
                rows: Any = (await session.execute(statement)).all()
                return {str(name): int(count) for name, count in rows}

            fates = await grouped(
                select(RawMail.fate, func.count()).where(RawMail.received_at > since).group_by(RawMail.fate)
            )
            reasons = await grouped(
                select(RawMail.why, func.count())
                .where(RawMail.received_at > since, RawMail.why != "")
                .group_by(RawMail.why)
                .order_by(func.count().desc())
                .limit(20)
            )
            states = await grouped(
                select(Inquiry.state, func.count()).where(Inquiry.created_at > since).group_by(Inquiry.state)
            )
            suppressed = await grouped(select(Suppressed.why, func.count()).group_by(Suppressed.why))
            returned = await grouped(
                select(Sent.returned, func.count())
                .where(Sent.created_at > since, Sent.returned != "")
                .group_by(Sent.returned)
            )
            mails = (
                await session.execute(
                    select(col(Sent.sent_at).is_not(None), Sent.failed != "", func.count())
                    .where(Sent.created_at > since)
                    .group_by(col(Sent.sent_at).is_not(None), Sent.failed != "")
                )
            ).all()
            entries = (
                await session.execute(
                    select(Entry.author, Entry.at, Entry.kinds, Sent.step, Inquiry.due_at)
                    .join(Inquiry, Inquiry.id == Entry.inquiry)
                    .join(Sent, Sent.id == Entry.id, isouter=True)
                    .where(Entry.at > since)
                )
            ).all()
            threads = (
                await session.execute(
                    select(
                        Inquiry.created_at,
                        Inquiry.replied_at,
                        Inquiry.escalated_at,
                        Inquiry.due_at,
                        Inquiry.state,
                    ).where(Inquiry.created_at > since)
                )
            ).all()
        answers = [one for one in entries if (one.step or "").startswith(("answer:", "expert:"))]
        replies = Counter("expert" if one.author == "expert" else "automatic" for one in answers)
        waits = sorted((one.replied_at - one.created_at).total_seconds() for one in threads if one.replied_at)
        waiting = [one for one in threads if one.state == "with_expert"]
        promised = [one for one in answers if one.author == "expert" and one.due_at]
        kept = sum(1 for one in promised if one.at <= one.due_at)
        masked: Counter[str] = Counter()
        for one in entries:
            masked.update(json.loads(one.kinds))
        per_day: dict[str, Counter[str]] = {}
        for one in entries:
            name = {"you": "received", "expert": "expert"}.get(one.author, "automatic")
            if name != "automatic" or (one.step or "").startswith("answer:"):
                per_day.setdefault(one.at.date().isoformat(), Counter())[name] += 1
        for one in threads:
            if one.escalated_at:
                per_day.setdefault(one.escalated_at.date().isoformat(), Counter())["escalated"] += 1
        overdue = sum(1 for one in waiting if one.due_at and one.due_at < now)
        return Figures(
            fates={name or "not read yet": count for name, count in fates.items()},
            reasons=list(reasons.items()),
            inquiries=states,
            replies={"automatic": replies["automatic"], "expert": replies["expert"]},
            automatic_share=round(replies["automatic"] / replies.total(), 4) if replies else None,
            answer_s={"median": _at(waits, 0.5), "p95": _at(waits, 0.95)},
            queue=len(waiting),
            overdue=overdue,
            kept=kept,
            broken=len(promised) - kept,
            mails=_mails(mails),
            returned=returned,
            suppressed=suppressed,
            masked=dict(masked.most_common()),
            days=[{"day": day, **counts} for day, counts in sorted(per_day.items())],
        )


def _stuck() -> tuple[Any, ...]:
    return (JOBS.c.status == "queued", JOBS.c.attempts >= STUCK_AFTER)


def _all(conditions: tuple[Any, ...]) -> Any:
    first, *rest = conditions
    for one in rest:
        first &= one
    return first


def _at(waits: list[float], share: float) -> float | None:
    """Nearest rank."""
    return round(waits[min(len(waits) - 1, int(share * len(waits)))], 1) if waits else None


def _mails(rows: Any) -> dict[str, int]:
    told = {"handed over": 0, "given up": 0, "waiting or on the page": 0}
    for sent, failed, count in rows:
        told["given up" if failed else "handed over" if sent else "waiting or on the page"] += count
    return told
