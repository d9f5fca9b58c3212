"""All tables of the service's database in one metadata: what migrations compare with."""

from sqlalchemy import Column, Date, Index, MetaData, String, Table, Text

from ahead.shared.auth.guests import guest_tables
from ahead.shared.db.base import NAMING, UtcDateTime
from ahead.shared.db.outbox import job_table, outbox_table
from ahead.shared.erasure import erasure_table
from ahead.shared.events.dead_letters import dead_letter_table
from ahead.shared.metering.allowance import allowance_tables

metadata = MetaData(naming_convention=NAMING)

# Questions are masked before they get here; `answer` is the JSON that was given.
TURNS = Table(
    "turns",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("conversation", String(36), nullable=False, index=True),
    Column("subject", String(80), nullable=False),
    Column("question", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("answer", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False, index=True),
    Index("ix_turns_subject_asked_at", "subject", "asked_at"),
)
OUTBOX = outbox_table(metadata)
JOBS = job_table(metadata)
ALLOWANCE = allowance_tables(metadata)
GUESTS = guest_tables(metadata)
ERASURES = erasure_table(metadata)
DEAD_LETTERS = dead_letter_table(metadata)
