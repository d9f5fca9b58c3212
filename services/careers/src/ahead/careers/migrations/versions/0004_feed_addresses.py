"""addresses of employers' feeds"""

import sqlalchemy as sa
from alembic import op

import ahead.shared.db.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed_addresses",
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.Column("next_at", ahead.shared.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", ahead.shared.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("told", sa.String(length=300), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_feed_addresses_company_id_companies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_feed_addresses")),
    )
    with op.batch_alter_table("feed_addresses", schema=None) as batch_op:
        batch_op.create_index("ix_feed_addresses_next_at", ["next_at"], unique=False)


def downgrade() -> None:
    op.drop_table("feed_addresses")
