"""Tables of accounts.

Several accounts may claim one address until one of them is confirmed: only the one who reads the mailbox can
own it, and a registration looks the same to a stranger whether or not the address is taken. ``claim`` numbers
the claims of an address, so that two registrations at once can't both believe to be the first.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from ahead.shared.db.base import UtcDateTime, make_base
from ahead.shared.db.outbox import job_table, outbox_table
from ahead.shared.mail.returned import returned_table

Base = make_base("accounts")
metadata = Base.metadata

PLANS = ("free", "pro")
ROLES = ("employer", "expert", "moderator", "ops")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Account(Base, table=True):
    """One registered person. ``email`` is normalised."""

    __tablename__ = "accounts"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(_one_of("plan", PLANS), name="plan"),
        UniqueConstraint("email", "claim", name="uq_accounts_claim"),
        Index(
            "uq_accounts_owner",
            "email",
            unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        Index("ix_accounts_created_at", "created_at"),
        Index("ix_accounts_guest_id", "guest_id"),
    )

    id: str = Field(primary_key=True, max_length=36)
    email: str = Field(max_length=254)
    claim: int = Field(default=0)
    password_hash: str = Field(max_length=200)
    plan: str = Field(default="free", max_length=10)
    guest_id: str | None = Field(default=None, max_length=36)
    created_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    password_changed_at: datetime = Field(sa_type=UtcDateTime)
    # Encrypted; without totp_since it is only proposed, not yet proved.
    totp_secret: str | None = Field(default=None, max_length=300)
    totp_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # The last 30-second step that was used: no code counts twice.
    totp_last_step: int = Field(default=0)


class RegistrationNetwork(Base, table=True):
    """How many accounts were made from one network on one day.

    ``bucket`` is a keyed name of the network's prefix with a salt of the day: it tells nothing without the key,
    and two days of one network can't be joined.
    """

    __tablename__ = "registration_networks"  # pyright: ignore[reportAssignmentType]

    bucket: str = Field(primary_key=True, max_length=32)
    day: date
    accounts: int


class AccountRole(Base, table=True):
    __tablename__ = "account_roles"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (CheckConstraint(_one_of("role", ROLES), name="role"),)

    account_id: str = Field(primary_key=True, foreign_key="accounts.id", ondelete="CASCADE", max_length=36)
    role: str = Field(primary_key=True, max_length=20)


class Session(Base, table=True):
    """One browser that is logged in. The cookie's secret is kept as a hash only."""

    __tablename__ = "sessions"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("ix_sessions_account_id", "account_id"),)

    id: str = Field(primary_key=True, max_length=36)
    account_id: str = Field(foreign_key="accounts.id", ondelete="CASCADE", max_length=36)
    secret_hash: str = Field(unique=True, max_length=64)
    device: str = Field(default="", max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    second_factor_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApiKey(Base, table=True):
    __tablename__ = "api_keys"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("ix_api_keys_account_id", "account_id"),)

    id: str = Field(primary_key=True, max_length=36)
    account_id: str = Field(foreign_key="accounts.id", ondelete="CASCADE", max_length=36)
    name: str = Field(max_length=60)
    hint: str = Field(max_length=12)
    key_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MailLink(Base, table=True):
    """A link that works once. The link itself is derived from the id and a secret, and is stored nowhere."""

    __tablename__ = "mail_links"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(_one_of("purpose", ("confirm", "reset")), name="purpose"),
        Index("ix_mail_links_account_id", "account_id"),
    )

    id: str = Field(primary_key=True, max_length=36)
    account_id: str = Field(foreign_key="accounts.id", ondelete="CASCADE", max_length=36)
    purpose: str = Field(max_length=10)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Mail(Base, table=True):
    """The ledger of mails: what is to be sent, and that it was. The recipient is forgotten afterwards."""

    __tablename__ = "mails"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("ix_mails_recipient_hash", "recipient_hash", "created_at"),
        Index("ix_mails_account_id", "account_id"),
    )

    id: str = Field(primary_key=True, max_length=36)
    kind: str = Field(max_length=30)
    account_id: str | None = Field(default=None, max_length=36)
    recipient: str = Field(max_length=254)
    recipient_hash: str = Field(max_length=64)
    link_id: str | None = Field(default=None, max_length=36)
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str = Field(default="", max_length=200)


class SigningKey(Base, table=True):
    """An Ed25519 pair. Published until ``publish_until``; the newest one past ``active_from`` signs."""

    __tablename__ = "signing_keys"  # pyright: ignore[reportAssignmentType]

    kid: str = Field(primary_key=True, max_length=36)
    public_key: str = Field(max_length=64)
    private_key: str = Field(max_length=400)
    created_at: datetime = Field(sa_type=UtcDateTime)
    active_from: datetime = Field(sa_type=UtcDateTime)
    publish_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


OUTBOX = outbox_table(metadata)
RETURNED = returned_table(metadata)
JOBS = job_table(metadata)
