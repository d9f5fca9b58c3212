"""Lists that come with ICD-10-CM, and titles derived from the codes below a header."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ORIGINS = "title_origin IN ('official', 'composed', 'derived')"
ORIGINS_BEFORE = "title_origin IN ('official', 'composed')"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # On SQLite each release has its tables in a file of its own.
    op.drop_constraint(op.f("ck_nodes_title_origin"), "nodes", type_="check")
    op.create_check_constraint(op.f("ck_nodes_title_origin"), "nodes", ORIGINS)
    op.create_table(
        "poa_exempt",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source_file", sa.SmallInteger(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "code", name=op.f("pk_poa_exempt")),
    )
    op.create_table(
        "conversions",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("previous", sa.String(20), nullable=False),
        sa.Column("previous_last", sa.String(20), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("printed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "source_row", "previous", name=op.f("pk_conversions")),
    )
    op.create_index("ix_conversions_code", "conversions", ["release_id", "code"], unique=False)
    op.create_index("ix_conversions_previous", "conversions", ["release_id", "previous"], unique=False)


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_table("conversions")
    op.drop_table("poa_exempt")
    op.execute(sa.text("DELETE FROM nodes WHERE title_origin = 'derived'"))
    op.drop_constraint(op.f("ck_nodes_title_origin"), "nodes", type_="check")
    op.create_check_constraint(op.f("ck_nodes_title_origin"), "nodes", ORIGINS_BEFORE)
