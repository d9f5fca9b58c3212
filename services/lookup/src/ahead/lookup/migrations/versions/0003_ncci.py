"""NCCI: procedure-to-procedure edits, unit limits and add-on codes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # On SQLite each release has its tables in a file of its own.
    op.create_table(
        "ptp_edits",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("column1", sa.String(5), nullable=False),
        sa.Column("column2", sa.String(5), nullable=False),
        sa.Column("deleted_on", sa.Integer(), nullable=True),
        sa.Column("effective_on", sa.Integer(), nullable=True),
        sa.Column("modifier", sa.SmallInteger(), nullable=False),
        sa.Column("rationale", sa.SmallInteger(), nullable=False),
        sa.Column("before_1996", sa.SmallInteger(), nullable=True),
        sa.Column("source_file", sa.SmallInteger(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
    )
    rest = ["deleted_on", "effective_on", "modifier"]
    op.create_index("ix_ptp_edits_column1", "ptp_edits", ["release_id", "column1", "column2", *rest])
    op.create_index("ix_ptp_edits_column2", "ptp_edits", ["column2", "release_id", "column1", *rest])
    op.create_table(
        "ptp_rationales",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "id", name=op.f("pk_ptp_rationales")),
    )
    op.create_table(
        "mue_values",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("mai", sa.SmallInteger(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "code", name=op.f("pk_mue_values")),
    )
    op.create_table(
        "add_on_edits",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("add_on", sa.String(5), nullable=False),
        sa.Column("primary_code", sa.String(5), nullable=False),
        sa.Column("type", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_on", sa.Integer(), nullable=True),
        sa.Column("deleted_on", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "release_id", "add_on", "primary_code", "type", "source_row", name=op.f("pk_add_on_edits")
        ),
    )
    op.create_index("ix_add_on_edits_primary", "add_on_edits", ["release_id", "primary_code"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in ("add_on_edits", "mue_values", "ptp_rationales", "ptp_edits"):
            op.drop_table(name)
