"""Mail, inquiries, the ledger of what was sent, suppressed and linked addresses."""

import sqlalchemy as sa
from alembic import op

from ahead.shared.db.base import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allowance_counters",
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("metric", sa.String(length=40), nullable=False),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_allowance_counters_used")),
        sa.PrimaryKeyConstraint("principal", "period", "metric", name=op.f("pk_allowance_counters")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("buried_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
    )
    op.create_table(
        "erasures",
        sa.Column("event", sa.String(length=165), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("guest", sa.String(length=80), server_default="", nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_erasures")),
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasures_received_at"), ["received_at"], unique=False)

    op.create_table(
        "grants",
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("metric", sa.String(length=40), nullable=False),
        sa.Column("thing", sa.String(length=120), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "period", "metric", "thing", name=op.f("pk_grants")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "inquiries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("plan", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'answered', 'with_expert', 'held')", name=op.f("ck_inquiries_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
    )
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.create_index("ix_inquiries_account_created_at", ["account", "created_at"], unique=False)
        batch_op.create_index("ix_inquiries_sender_created_at", ["sender", "created_at"], unique=False)
        batch_op.create_index("ix_inquiries_state_created_at", ["state", "created_at"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("request_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("status", sa.String(length=10), server_default="queued", nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("status IN ('queued', 'done', 'failed')", name=op.f("ck_jobs_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_jobs_open",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("status = 'queued'"),
            postgresql_where=sa.text("status = 'queued'"),
        )

    op.create_table(
        "linked_addresses",
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("plan", sa.String(length=10), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_linked_addresses")),
    )
    with op.batch_alter_table("linked_addresses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_linked_addresses_account"), ["account"], unique=False)

    op.create_table(
        "outbox",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("event_id", name=op.f("uq_outbox_event_id")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_unpublished",
            ["seq"],
            unique=False,
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )

    op.create_table(
        "raw_mails",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("envelope_from", sa.LargeBinary(), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("peer", sa.String(length=64), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("fate", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_mails")),
        sa.UniqueConstraint("digest", name="uq_raw_mails_digest"),
    )
    with op.batch_alter_table("raw_mails", schema=None) as batch_op:
        batch_op.create_index("ix_raw_mails_received_at", ["received_at"], unique=False)

    op.create_table(
        "sent",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("inquiry", sa.String(length=36), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("failed", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent")),
        sa.UniqueConstraint("inquiry", "step", name="uq_sent_step"),
    )
    with op.batch_alter_table("sent", schema=None) as batch_op:
        batch_op.create_index("ix_sent_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_sent_sender_created_at", ["sender", "created_at"], unique=False)

    op.create_table(
        "suppressed",
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_suppressed")),
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("inquiry", sa.String(length=36), nullable=False),
        sa.Column("author", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("masked", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("author IN ('you', 'automatic', 'expert')", name=op.f("ck_entries_author")),
        sa.ForeignKeyConstraint(["inquiry"], ["inquiries.id"], name=op.f("fk_entries_inquiry_inquiries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("inquiry", "digest", name="uq_entries_digest"),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index("ix_entries_inquiry_at", ["inquiry", "at"], unique=False)
        batch_op.create_index("ix_entries_message_id", ["message_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_index("ix_entries_message_id")
        batch_op.drop_index("ix_entries_inquiry_at")

    op.drop_table("entries")
    op.drop_table("suppressed")
    with op.batch_alter_table("sent", schema=None) as batch_op:
        batch_op.drop_index("ix_sent_sender_created_at")
        batch_op.drop_index("ix_sent_created_at")

    op.drop_table("sent")
    with op.batch_alter_table("raw_mails", schema=None) as batch_op:
        batch_op.drop_index("ix_raw_mails_received_at")

    op.drop_table("raw_mails")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_unpublished",
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )

    op.drop_table("outbox")
    with op.batch_alter_table("linked_addresses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_linked_addresses_account"))

    op.drop_table("linked_addresses")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_jobs_open",
            sqlite_where=sa.text("status = 'queued'"),
            postgresql_where=sa.text("status = 'queued'"),
        )

    op.drop_table("jobs")
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.drop_index("ix_inquiries_state_created_at")
        batch_op.drop_index("ix_inquiries_sender_created_at")
        batch_op.drop_index("ix_inquiries_account_created_at")

    op.drop_table("inquiries")
    op.drop_table("grants")
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erasures_received_at"))

    op.drop_table("erasures")
    op.drop_table("dead_letters")
    op.drop_table("allowance_counters")
