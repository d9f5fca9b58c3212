"""Accept, then work: a message is kept, encrypted, together with the job to read it, in one transaction."""

import hashlib

from ahead.consultant.keybox import KeyBox
from ahead.consultant.models import JOBS, RawMail
from ahead.shared.clock import Clock
from ahead.shared.db import outbox
from ahead.shared.db.engine import Database
from ahead.shared.db.outbox import insert_for
from ahead.shared.ids import uuid7

PROCESS = "process"


class Intake:
    def __init__(self, database: Database, keybox: KeyBox, clock: Clock) -> None:
        self._database = database
        self._keybox = keybox
        self._clock = clock

    async def accept(self, raw: bytes, *, envelope_from: str, recipient: str, peer: str = "") -> bool:
        """Keep one message; when this returns it is kept. False when the very same one was kept before."""
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
