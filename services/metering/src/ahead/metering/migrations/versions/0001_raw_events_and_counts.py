"""Raw events, counts by the hour and by the day, corrections, dead letters."""

import sqlalchemy as sa
from alembic import op

from ahead.shared.db.base import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEYS = ("bucket", "product", "metric", "plan", "period", "principal", "thing")


def _counts(name: str, bucket: UtcDateTime | sa.Date) -> None:
    op.create_table(
        name,
        sa.Column("bucket", bucket, nullable=False),
        sa.Column("product", sa.String(64), nullable=False),
        sa.Column("metric", sa.String(100), nullable=False),
        sa.Column("plan", sa.String(40), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("principal", sa.String(100), nullable=False),
        sa.Column("thing", sa.String(200), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*_KEYS, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    op.create_table(
        "raw_events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("type", sa.String(200), nullable=False),
        sa.Column("product", sa.String(64), nullable=False),
        sa.Column("metric", sa.String(100), nullable=False),
        sa.Column("plan", sa.String(40), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("principal", sa.String(100), nullable=False),
        sa.Column("thing", sa.String(200), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.Column("results", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_raw_events_quantity")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_raw_events")),
        sa.UniqueConstraint("source", "event_id", name=op.f("uq_raw_events_source")),
    )
    op.create_index("ix_raw_events_metric_occurred_at", "raw_events", ["metric", "occurred_at"])
    _counts("usage_hourly", UtcDateTime())
    _counts("usage_daily", sa.Date())
    op.create_table(
        "closed_period_corrections",
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("product", sa.String(64), nullable=False),
        sa.Column("metric", sa.String(100), nullable=False),
        sa.Column("plan", sa.String(40), nullable=False),
        sa.Column("principal", sa.String(100), nullable=False),
        sa.Column("thing", sa.String(200), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source", "event_id", name=op.f("pk_closed_period_corrections")),
    )
    op.create_index(op.f("ix_closed_period_corrections_period"), "closed_period_corrections", ["period"])
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("buried_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
    )
    op.create_table(
        "rebuilds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebuilds")),
    )


def downgrade() -> None:
    for name in (
        "rebuilds",
        "dead_letters",
        "closed_period_corrections",
        "usage_daily",
        "usage_hourly",
        "raw_events",
    ):
        op.drop_table(name)
