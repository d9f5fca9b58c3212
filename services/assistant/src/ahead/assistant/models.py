"""All tables of the service's database in one metadata: what migrations compare with."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from ahead.shared.auth.guests import guest_tables
from ahead.shared.db.base import NAMING, UtcDateTime
from ahead.shared.db.outbox import job_table, outbox_table
from ahead.shared.erasure import erasure_table
from ahead.shared.events.dead_letters import dead_letter_table
from ahead.shared.metering.allowance import allowance_tables

metadata = MetaData(naming_convention=NAMING)

# `via`: the service that asked for somebody, "" for the person on the page. `inquiry`: where the experts' thread is.
CONVERSATIONS = Table(
    "conversations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("subject", String(80), nullable=False),
    Column("via", String(40), nullable=False, server_default=""),
    Column("title", String(200), nullable=False),
    Column("inquiry", String(300), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False, index=True),
    Index("ix_conversations_subject_updated_at", "subject", "updated_at"),
)
# Questions are masked before they get here; `answer` is the JSON that was given, empty while it is made.
TURNS = Table(
    "turns",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("conversation", String(36), nullable=False, index=True),
    Column("subject", String(80), nullable=False),
    Column("question", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("system", String(20), nullable=False, server_default=""),
    Column("code", String(20), nullable=False, server_default=""),
    Column("state", String(10), nullable=False, server_default="done"),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("charged", String(7), nullable=False, server_default=""),
    Column("answer", Text, nullable=False),
    Column("answerer", String(40), nullable=False, server_default=""),
    Column("status", String(20), nullable=False, server_default=""),
    Column("withheld", Integer, nullable=False, server_default="0"),
    Column("rating", String(4), nullable=False, server_default=""),
    Column("reason", String(40), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("asked_at", UtcDateTime, nullable=False, index=True),
    Column("begun_at", UtcDateTime, nullable=True),
    CheckConstraint("state IN ('working', 'done')", name="state"),
    CheckConstraint("rating IN ('', 'up', 'down')", name="rating"),
    Index("ix_turns_subject_asked_at", "subject", "asked_at"),
    Index(
        "ix_turns_working",
        "begun_at",
        sqlite_where=text("state = 'working'"),
        postgresql_where=text("state = 'working'"),
    ),
)
# What questions spent on the language model, per subject and day (UTC), and of everybody under `*`.
MODEL_SPENDING = Table(
    "model_spending",
    metadata,
    Column("subject", String(80), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("micro_usd", BigInteger, nullable=False),
)
OUTBOX = outbox_table(metadata)
JOBS = job_table(metadata)
ALLOWANCE = allowance_tables(metadata)
GUESTS = guest_tables(metadata)
ERASURES = erasure_table(metadata)
DEAD_LETTERS = dead_letter_table(metadata)
