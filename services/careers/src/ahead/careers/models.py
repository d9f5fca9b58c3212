"""Tables of CareerCenter. What is said about a job is one JSON text (`JobFacts`); what decides is in columns."""

# What sqlmodel declares of table names and column types is narrower than what it takes.
# pyright: reportAssignmentType=false, reportArgumentType=false

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, Text, UniqueConstraint, false, text
from sqlmodel import Field

from ahead.shared.db.base import UtcDateTime, make_base
from ahead.shared.db.outbox import job_table, outbox_table
from ahead.shared.erasure import erasure_table
from ahead.shared.events.dead_letters import dead_letter_table
from ahead.shared.mail.returned import returned_table

Base = make_base("careers")
metadata = Base.metadata
_SEQ = BigInteger().with_variant(Integer(), "sqlite")

STATUSES = ("draft", "review", "held", "rejected", "open", "paused", "closed")
STAGES = ("new", "reviewed", "interview", "offer", "declined", "withdrawn")
MEMBER_ROLES = ("owner", "recruiter", "reviewer")
FREQUENCIES = ("instant", "daily", "weekly")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Company(Base, table=True):
    """An employer. ``standing``: "new" (first posts are reviewed), "trusted" or "suspended".

    ``domain``: whoever speaks for the company has read a mail there.
    """

    __tablename__ = "companies"
    __table_args__ = (CheckConstraint(_one_of("standing", ("new", "trusted", "suspended")), name="standing"),)

    id: str = Field(primary_key=True, max_length=36)
    name: str = Field(max_length=120)
    about: str = Field(default="", sa_type=Text)
    website: str = Field(default="", max_length=300)
    contact: str = Field(default="", max_length=254)
    standing: str = Field(default="new", max_length=10)
    example: bool = Field(default=False)
    created_at: datetime = Field(sa_type=UtcDateTime)
    domain: str = Field(default="", max_length=253, sa_column_kwargs={"server_default": ""})
    domain_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Member(Base, table=True):
    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint(_one_of("role", MEMBER_ROLES), name="role"),
        Index("ix_members_subject", "subject"),
    )

    company_id: str = Field(primary_key=True, foreign_key="companies.id", ondelete="CASCADE", max_length=36)
    subject: str = Field(primary_key=True, max_length=80)
    role: str = Field(max_length=10)
    since: datetime = Field(sa_type=UtcDateTime)


class Invitation(Base, table=True):
    """A link that makes whoever opens it a member, once. Only its hash is kept."""

    __tablename__ = "invitations"
    __table_args__ = (CheckConstraint(_one_of("role", MEMBER_ROLES), name="role"),)

    token_hash: str = Field(primary_key=True, max_length=64)
    company_id: str = Field(foreign_key="companies.id", ondelete="CASCADE", max_length=36)
    role: str = Field(max_length=10)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class FeedAddress(Base, table=True):
    """Where a company keeps a feed that is fetched every few hours. ``told``: what the last one that could be read did.

    ``problem``: why the last one couldn't be read; empty when it could.
    """

    __tablename__ = "feed_addresses"
    __table_args__ = (Index("ix_feed_addresses_next_at", "next_at"),)

    company_id: str = Field(primary_key=True, foreign_key="companies.id", ondelete="CASCADE", max_length=36)
    url: str = Field(max_length=300)
    set_by: str = Field(max_length=80)
    next_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told: str = Field(default="", max_length=300)
    problem: str = Field(default="", max_length=300)


class Posting(Base, table=True):
    """One job. ``open_from`` and ``open_until`` are whole seconds since 1970 (see jobs/lifecycle.py).

    ``version`` counts changes; the search index holds the job as of ``indexed``. ``story`` names what the job is
    about beyond its id: a repost of the same job has the same. ``merged_into``: the job that shows this one too.
    ``fingerprint``: what is compared with others of its ``bucket``; empty until somebody compares it.
    """

    __tablename__ = "postings"
    __table_args__ = (
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        UniqueConstraint("company_id", "source", "external_id", name="uq_postings_external"),
        Index("ix_postings_open_until", "open_until"),
        # The unique constraint serves whoever looks for an employer's jobs, this one whoever follows a feed.
        Index("ix_postings_external", "external_id", "source"),
        # All that is needed to know which jobs have to be compared.
        Index("ix_postings_bucket", "bucket", "open_from", "open_until"),
        # Who follows every second must not look at each job.
        Index(
            "ix_postings_behind",
            "indexed",
            sqlite_where=text("version != indexed"),
            postgresql_where=text("version != indexed"),
        ),
        Index(
            "ix_postings_merged_into",
            "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
        Index("ix_postings_status", "status"),
    )

    id: str = Field(primary_key=True, max_length=36)
    company_id: str = Field(foreign_key="companies.id", ondelete="CASCADE", max_length=36)
    facts: str = Field(sa_type=Text)
    status: str = Field(default="draft", max_length=10)
    reason: str = Field(default="", max_length=300)
    source: str = Field(default="form", max_length=20)
    external_id: str = Field(max_length=120)
    example: bool = Field(default=False)
    story: str = Field(default="", max_length=40)
    bucket: str = Field(default="", max_length=60)
    fingerprint: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    merged_into: str | None = Field(default=None, max_length=36)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    valid_through: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    open_from: int = Field(default=0, sa_type=BigInteger)
    open_until: int = Field(default=0, sa_type=BigInteger)
    version: int = Field(default=1)
    indexed: int = Field(default=0)


class History(Base, table=True):
    """What happened to a job, by whom and why: appended to, never changed."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_posting_id", "posting_id"),)

    seq: int | None = Field(default=None, primary_key=True, sa_type=_SEQ)
    posting_id: str = Field(foreign_key="postings.id", ondelete="CASCADE", max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    action: str = Field(max_length=20)
    by: str = Field(max_length=80)
    note: str = Field(default="", max_length=1000)
    facts: str = Field(default="", sa_type=Text)


class Report(Base, table=True):
    """Somebody says that something is wrong with a job. ``outcome`` is empty until a moderator has looked."""

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("posting_id", "subject", name="uq_reports_once"),
        Index("ix_reports_outcome", "outcome"),
    )

    id: str = Field(primary_key=True, max_length=36)
    posting_id: str = Field(foreign_key="postings.id", ondelete="CASCADE", max_length=36)
    subject: str = Field(max_length=80)
    kind: str = Field(max_length=20)
    text: str = Field(default="", max_length=2000)
    at: datetime = Field(sa_type=UtcDateTime)
    outcome: str = Field(default="", max_length=20)


class Application(Base, table=True):
    """``resume_file`` is the random name below the files folder, ``resume_name`` what the candidate called it.

    ``with_profile``: the candidate lets the employer see the credentials of their profile.
    """

    __tablename__ = "applications"
    __table_args__ = (
        CheckConstraint(_one_of("stage", STAGES), name="stage"),
        UniqueConstraint("posting_id", "email", name="uq_applications_once"),
        Index("ix_applications_subject", "subject"),
    )

    id: str = Field(primary_key=True, max_length=36)
    posting_id: str = Field(foreign_key="postings.id", ondelete="CASCADE", max_length=36)
    subject: str = Field(max_length=80)
    name: str = Field(max_length=120)
    email: str = Field(max_length=254)
    phone: str = Field(default="", max_length=40)
    letter: str = Field(default="", sa_type=Text)
    credentials: str = Field(default="", max_length=300)
    with_profile: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    answers: str = Field(default="[]", sa_type=Text)
    resume_name: str = Field(default="", max_length=200)
    resume_file: str = Field(default="", max_length=60)
    resume_type: str = Field(default="", max_length=10)
    stage: str = Field(default="new", max_length=10)
    at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class Remark(Base, table=True):
    """A note among an employer's members ("note"), or a message ("to", "from") between them and a candidate."""

    __tablename__ = "remarks"
    __table_args__ = (
        CheckConstraint(_one_of("kind", ("note", "to", "from")), name="kind"),
        Index("ix_remarks_application_id", "application_id"),
    )

    id: str = Field(primary_key=True, max_length=36)
    application_id: str = Field(foreign_key="applications.id", ondelete="CASCADE", max_length=36)
    kind: str = Field(max_length=4)
    by: str = Field(max_length=80)
    text: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)


class Profile(Base, table=True):
    """What a candidate tells about themselves once, instead of in each application."""

    __tablename__ = "profiles"

    subject: str = Field(primary_key=True, max_length=80)
    name: str = Field(default="", max_length=120)
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=40)
    about: str = Field(default="", sa_type=Text)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class HeldCredential(Base, table=True):
    """A credential as its holder states it; ``checked_at`` once a person has asked who granted it.

    ``asked_at``: the holder wants it to be checked. A new number is unchecked again.
    """

    __tablename__ = "held_credentials"
    __table_args__ = (Index("ix_held_credentials_asked_at", "asked_at"),)

    subject: str = Field(primary_key=True, max_length=80)
    credential: str = Field(primary_key=True, max_length=10)
    number: str = Field(default="", max_length=40)
    stated_at: datetime = Field(sa_type=UtcDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_by: str = Field(default="", max_length=80)


class SavedJob(Base, table=True):
    __tablename__ = "saved_jobs"

    subject: str = Field(primary_key=True, max_length=80)
    posting_id: str = Field(primary_key=True, foreign_key="postings.id", ondelete="CASCADE", max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


class SavedSearch(Base, table=True):
    """A search with an alert. Mails go out only once the address was confirmed; ``query`` is a query string."""

    __tablename__ = "saved_searches"
    __table_args__ = (
        CheckConstraint(_one_of("frequency", FREQUENCIES), name="frequency"),
        Index("ix_saved_searches_subject", "subject"),
        Index("ix_saved_searches_next_at", "next_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    subject: str = Field(max_length=80)
    email: str = Field(max_length=254)
    query: str = Field(max_length=1000)
    frequency: str = Field(max_length=10)
    zone: str = Field(default="America/New_York", max_length=60)
    created_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Empty while it is not confirmed, and once it was stopped.
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SentJob(Base, table=True):
    """The ledger of alerts: this story was sent for this search."""

    __tablename__ = "sent_jobs"

    search_id: str = Field(
        primary_key=True, foreign_key="saved_searches.id", ondelete="CASCADE", max_length=36
    )
    story: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


class Mail(Base, table=True):
    """The ledger of mails. Recipient and text are forgotten once it is sent."""

    __tablename__ = "mails"

    id: str = Field(primary_key=True, max_length=36)
    kind: str = Field(max_length=30)
    recipient: str = Field(max_length=254)
    subject: str = Field(max_length=300)
    body: str = Field(sa_type=Text)
    unsubscribe: str = Field(default="", max_length=400)
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str = Field(default="", max_length=200)


class Audit(Base, table=True):
    """What staff did to companies and credentials: appended to, never changed. Jobs have their own history."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_about", "about"),)

    seq: int | None = Field(default=None, primary_key=True, sa_type=_SEQ)
    at: datetime = Field(sa_type=UtcDateTime)
    by: str = Field(max_length=80)
    about: str = Field(max_length=120)
    action: str = Field(max_length=20)
    note: str = Field(default="", max_length=1000)


class ZipPlace(Base, table=True):
    """The middle of a ZIP's area in degrees, from the Census Bureau's gazetteer."""

    __tablename__ = "zip_places"
    __table_args__ = (Index("ix_zip_places_latitude", "latitude"),)

    zip: str = Field(primary_key=True, max_length=5)
    latitude: float
    longitude: float


OUTBOX = outbox_table(metadata)
JOBS = job_table(metadata)
RETURNED = returned_table(metadata)
ERASURES = erasure_table(metadata)
DEAD_LETTERS = dead_letter_table(metadata)
