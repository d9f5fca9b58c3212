"""Tables of CaseConsultant.

What people wrote lies encrypted (``LargeBinary``); addresses are kept encrypted where mail has to go out, and by
a keyed name where they are only compared.
"""

# What sqlmodel declares of table names and column types is narrower than what it takes.
# pyright: reportAssignmentType=false, reportArgumentType=false

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from ahead.shared.db.base import UtcDateTime, make_base
from ahead.shared.db.outbox import job_table, outbox_table
from ahead.shared.erasure import erasure_table
from ahead.shared.events.dead_letters import dead_letter_table
from ahead.shared.metering.allowance import allowance_tables

Base = make_base("consultant")
metadata = Base.metadata

STATES = ("received", "answered", "with_expert", "held")
AUTHORS = ("you", "automatic", "expert")
ORIGINS = ("mail", "page", "api", "casepilot")
KNOWLEDGE_STATES = ("proposed", "published", "withdrawn")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class RawMail(Base, table=True):
    """A message as it came in. ``fate`` is empty until it was read; then what became of it."""

    __tablename__ = "raw_mails"
    __table_args__ = (
        UniqueConstraint("digest", name="uq_raw_mails_digest"),
        Index("ix_raw_mails_received_at", "received_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    # Of envelope and content: the same mail handed over twice is one row.
    digest: str = Field(max_length=64)
    body: bytes = Field(sa_type=LargeBinary)
    envelope_from: bytes = Field(sa_type=LargeBinary)
    recipient: str = Field(max_length=320)
    peer: str = Field(default="", max_length=64)
    received_at: datetime = Field(sa_type=UtcDateTime)
    fate: str = Field(default="", max_length=20)
    why: str = Field(default="", max_length=200)


class Inquiry(Base, table=True):
    """One thread of one person. ``sender`` is a keyed name; ``address`` encrypted, empty where no mail is wanted.

    ``conversation`` is the assistant's, so that a follow-up is understood; ``evidence`` what CasePilot handed over;
    ``draft`` what the machine would have answered, for the expert. The clock of a promise runs from ``escalated_at``
    to ``due_at``; ``replied_at`` is when the first reply was recorded. ``in_doubt``: held
    as a stranger's or a machine's, until a coder has looked.
    """

    __tablename__ = "inquiries"
    __table_args__ = (
        CheckConstraint(_one_of("state", STATES), name="state"),
        CheckConstraint(_one_of("origin", ORIGINS), name="origin"),
        Index("ix_inquiries_sender_created_at", "sender", "created_at"),
        Index("ix_inquiries_state_created_at", "state", "created_at"),
        Index("ix_inquiries_account_created_at", "account", "created_at"),
        Index("ix_inquiries_in_doubt_created_at", "in_doubt", "created_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    sender: str = Field(max_length=64)
    address: bytes = Field(sa_type=LargeBinary)
    account: str = Field(default="", max_length=80)
    plan: str = Field(default="free", max_length=10)
    subject: bytes = Field(sa_type=LargeBinary)
    state: str = Field(default="received", max_length=12)
    why: str = Field(default="", max_length=200)
    in_doubt: bool = False
    origin: str = Field(default="mail", max_length=10)
    as_of: date | None = None
    conversation: str = Field(default="", max_length=80)
    evidence: bytes | None = Field(default=None, sa_type=LargeBinary)
    draft: bytes | None = Field(default=None, sa_type=LargeBinary)
    assigned_to: str = Field(default="", max_length=80)
    escalated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    replied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Entry(Base, table=True):
    """One message of a thread, in or out, as it is shown: masked text, encrypted.

    ``content`` is an automatic answer in its parts (`replies`), encrypted; ``attached`` files that came with it,
    masked, as JSON (`inquiries.attached`), encrypted; ``kinds`` how many details of which kind were masked, as JSON;
    ``by`` the account of the expert who wrote it.
    """

    __tablename__ = "entries"
    __table_args__ = (
        CheckConstraint(_one_of("author", AUTHORS), name="author"),
        Index("ix_entries_inquiry_at", "inquiry", "at"),
        # The same words again in a thread, or under the same Message-ID, are the same message.
        UniqueConstraint("inquiry", "digest", name="uq_entries_digest"),
        Index("ix_entries_message_id", "message_id"),
    )

    id: str = Field(primary_key=True, max_length=36)
    inquiry: str = Field(max_length=36, foreign_key="inquiries.id")
    author: str = Field(max_length=10)
    # A keyed name of the Message-ID it came or went out with.
    message_id: str = Field(max_length=64)
    header: bytes = Field(sa_type=LargeBinary)
    digest: str = Field(max_length=64)
    text: bytes = Field(sa_type=LargeBinary)
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    attached: bytes | None = Field(default=None, sa_type=LargeBinary)
    masked: int = Field(default=0)
    kinds: str = Field(default="{}", sa_type=Text)
    by: str = Field(default="", max_length=80)
    at: datetime = Field(sa_type=UtcDateTime)


class Sent(Base, table=True):
    """The ledger of outgoing mail: one row a step of an inquiry, so that no step is mailed twice.

    ``deferred``: how often the mail server put it off. Whoever hands it over claims it first, until
    ``claimed_until``. ``returned``: "bounced" or "complained", when a report about this very mail came.
    """

    __tablename__ = "sent"
    __table_args__ = (
        UniqueConstraint("inquiry", "step", name="uq_sent_step"),
        Index("ix_sent_sender_created_at", "sender", "created_at"),
        Index("ix_sent_created_at", "created_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    inquiry: str = Field(max_length=36)
    step: str = Field(max_length=60)
    sender: str = Field(max_length=64)
    automatic: bool = Field(default=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deferred: int = Field(default=0)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failed: str = Field(default="", max_length=200)
    returned: str = Field(default="", max_length=12)


class Suppressed(Base, table=True):
    """Addresses, by keyed name, that get no mail any more: they bounced or complained about a mail of ours."""

    __tablename__ = "suppressed"

    address: str = Field(primary_key=True, max_length=64)
    why: str = Field(max_length=20)
    at: datetime = Field(sa_type=UtcDateTime)


class LinkedAddress(Base, table=True):
    """An address that an account has shown to be its own: mail from it is the account's."""

    __tablename__ = "linked_addresses"

    address: str = Field(primary_key=True, max_length=64)
    account: str = Field(max_length=80, index=True)
    plan: str = Field(max_length=10)
    at: datetime = Field(sa_type=UtcDateTime)


class Note(Base, table=True):
    """What an expert writes about a thread for other experts; never mailed."""

    __tablename__ = "notes"
    __table_args__ = (Index("ix_notes_inquiry", "inquiry"),)

    id: str = Field(primary_key=True, max_length=36)
    inquiry: str = Field(max_length=36, foreign_key="inquiries.id")
    by: str = Field(max_length=80)
    text: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=UtcDateTime)


class CannedText(Base, table=True):
    """A text that experts use again and again."""

    __tablename__ = "canned_texts"

    id: str = Field(primary_key=True, max_length=36)
    title: str = Field(max_length=120)
    text: str = Field(sa_type=Text)
    by: str = Field(max_length=80)
    at: datetime = Field(sa_type=UtcDateTime)


class Presence(Base, table=True):
    """Who has a thread open on the desk, and when the page last said so."""

    __tablename__ = "presences"

    inquiry: str = Field(primary_key=True, max_length=36, foreign_key="inquiries.id")
    expert: str = Field(primary_key=True, max_length=80)
    at: datetime = Field(sa_type=UtcDateTime)


class Knowledge(Base, table=True):
    """An expert's answer without anything about a person. Published once another expert has approved it."""

    __tablename__ = "knowledge"
    __table_args__ = (
        CheckConstraint(_one_of("state", KNOWLEDGE_STATES), name="state"),
        Index("ix_knowledge_state_changed_at", "state", "changed_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    # The thread it was learnt in; empty once that is erased.
    inquiry: str = Field(default="", max_length=36)
    question: str = Field(sa_type=Text)
    answer: str = Field(sa_type=Text)
    links: str = Field(default="[]", sa_type=Text)
    as_of: date
    state: str = Field(default="proposed", max_length=10)
    proposed_by: str = Field(max_length=80)
    approved_by: str = Field(default="", max_length=80)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class UsedToken(Base, table=True):
    """Tokens of webhooks, by their SHA-256, with the digest of the mail that each brought: none brings two."""

    __tablename__ = "used_tokens"

    name: str = Field(primary_key=True, max_length=64)
    digest: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


OUTBOX = outbox_table(metadata)
JOBS = job_table(metadata)
ALLOWANCE = allowance_tables(metadata)
ERASURES = erasure_table(metadata)
DEAD_LETTERS = dead_letter_table(metadata)
