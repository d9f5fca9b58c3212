"""Tokens of webhooks: each brings one mail."""

import sqlalchemy as sa
from alembic import op

from ahead.shared.db.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "used_tokens",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_used_tokens")),
    )


def downgrade() -> None:
    op.drop_table("used_tokens")
