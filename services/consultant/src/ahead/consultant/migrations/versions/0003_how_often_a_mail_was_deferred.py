"""How often the mail server put a mail off."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deferred", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("sent", schema=None) as batch_op:
        batch_op.drop_column("deferred")
