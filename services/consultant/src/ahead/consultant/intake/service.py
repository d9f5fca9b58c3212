"""Accept, then work: a message is kept, encrypted, together with the job to read it, in one transaction."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from ahead.consultant.keybox import KeyBox
from ahead.consultant.models import JOBS, RawMail, UsedToken
from ahead.shared.clock import Clock
from ahead.shared.db import outbox
from ahead.shared.db.engine import Database
from ahead.shared.db.outbox import insert_for
from ahead.shared.ids import uuid7

PROCESS = "process"
KEEP_TOKENS = timedelta(hours=1)


class UsedBefore(Exception):
    """The token of a webhook has brought another message already."""


class Intake:
    def __init__(self, database: Database, keybox: KeyBox, clock: Clock) -> None:
        self._database = database
        self._keybox = keybox
        self._clock = clock

    async def accept(
        self, raw: bytes, *, envelope_from: str, recipient: str, peer: str = "", token: str = ""
    ) -> bool:
        """Keep one message; when this returns it is kept. False when the very same one was kept before.

        Args:
            token: what may bring one message only. Raises UsedBefore when it has brought another one.
        """
        digest = hashlib.sha256(b"\0".join((envelope_from.encode(), recipient.encode(), raw))).hexdigest()
        mail_id = uuid7()
        # Model.__table__ is no attribute that types know.
        table = RawMail.metadata.tables["raw_mails"]
        values = {
            "id": mail_id,
            "digest": digest,
            "body": self._keybox.close(raw),
            "envelope_from": self._keybox.close(envelope_from.encode()),
            "recipient": recipient.lower(),
            "peer": peer,
            "received_at": self._clock.now(),
            "fate": "",
            "why": "",
        }
        async with self._database.write() as session:
            if token:
                await self._use(session, token, digest)
            kept = await session.execute(
                insert_for(session, table)
                .values(**values)
                .on_conflict_do_nothing(index_elements=["digest"])
                .returning(table.c.id)
            )
            if kept.first() is None:
                return False
            await outbox.enqueue(
                session, JOBS, PROCESS, {"mail": mail_id}, key=f"process:{mail_id}", clock=self._clock
            )
        return True

    async def _use(self, session: AsyncSession, token: str, digest: str) -> None:
        now = self._clock.now()
        await session.execute(delete(UsedToken).where(col(UsedToken.at) < now - KEEP_TOKENS))
        name = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
        table = UsedToken.metadata.tables["used_tokens"]
        await session.execute(
            insert_for(session, table)
            .values(name=name, digest=digest, at=now)
            .on_conflict_do_nothing(index_elements=["name"])
        )
        brought = (await session.execute(select(table.c.digest).where(table.c.name == name))).scalar_one()
        if brought != digest:
            raise UsedBefore
