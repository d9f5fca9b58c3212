"""Localities of ZIP+4 codes."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # On SQLite each release has its tables in a file of its own.
    text = {"zip": 5, "plus_four": 4, "state": 2, "contractor": 5, "locality": 2, "rural": 1}
    op.create_table(
        "pfs_zip9s",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in text.items()),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "zip", "plus_four", name=op.f("pk_pfs_zip9s")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_table("pfs_zip9s")
