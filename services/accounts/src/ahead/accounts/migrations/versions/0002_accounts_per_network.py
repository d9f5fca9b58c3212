"""New accounts per network and day; accounts by the guest that they come from."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registration_networks",
        sa.Column("bucket", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_registration_networks")),
    )
    op.create_index("ix_accounts_guest_id", "accounts", ["guest_id"])


def downgrade() -> None:
    op.drop_index("ix_accounts_guest_id", "accounts")
    op.drop_table("registration_networks")
