"""Which held threads a coder should look through."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("in_doubt", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index("ix_inquiries_in_doubt_created_at", ["in_doubt", "created_at"])
    op.execute(
        "UPDATE inquiries SET in_doubt = TRUE WHERE state = 'held'"
        " AND why IN ('no question in it', 'in doubt whether a person asks something on codes')"
    )


def downgrade() -> None:
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.drop_index("ix_inquiries_in_doubt_created_at")
        batch_op.drop_column("in_doubt")
