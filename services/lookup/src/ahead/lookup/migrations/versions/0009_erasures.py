"""Accounts that are erased, and events that couldn't be read."""

import sqlalchemy as sa
from alembic import op

from ahead.shared.db.base import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("event", sa.String(165), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("guest", sa.String(80), server_default="", nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_received_at"), "erasures", ["received_at"])
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


def downgrade() -> None:
    op.drop_table("dead_letters")
    op.drop_index(op.f("ix_erasures_received_at"), "erasures")
    op.drop_table("erasures")
