"""How many people opened a code's page of late."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "code_uses",
        sa.Column("system", sa.String(16), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_code_uses_people")),
        sa.PrimaryKeyConstraint("system", "code", name=op.f("pk_code_uses")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("code_uses")
