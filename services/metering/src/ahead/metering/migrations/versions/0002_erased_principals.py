"""Who is erased, by names that lead to nobody; events found by whom they are about."""

import sqlalchemy as sa
from alembic import op

from ahead.shared.db.base import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erased_principals",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_erased_principals")),
        sa.UniqueConstraint("name", name=op.f("uq_erased_principals_name")),
    )
    op.create_index("ix_raw_events_principal", "raw_events", ["principal"])


def downgrade() -> None:
    op.drop_index("ix_raw_events_principal", "raw_events")
    op.drop_table("erased_principals")
