"""Inpatient: weights of MS-DRGs, CC and MCC lists with exclusions, lists of the Medicare Code Editor."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # On SQLite each release has its tables in a file of its own.
    op.create_table(
        "ipps_drgs",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("drg", sa.String(3), nullable=False),
        sa.Column("post_acute", sa.Boolean(), nullable=False),
        sa.Column("special_pay", sa.Boolean(), nullable=False),
        sa.Column("mdc", sa.String(3), nullable=False),
        sa.Column("type", sa.String(4), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("weight_before_cap", sa.String(10), nullable=True),
        sa.Column("weight", sa.String(10), nullable=True),
        sa.Column("gmlos", sa.String(10), nullable=True),
        sa.Column("amlos", sa.String(10), nullable=True),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "drg", name=op.f("pk_ipps_drgs")),
    )
    op.create_table(
        "cc_levels",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(7), nullable=False),
        sa.Column("level", sa.String(3), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "code", name=op.f("pk_cc_levels")),
    )
    op.create_table(
        "cc_codes",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(7), nullable=False),
        sa.Column("level", sa.String(3), nullable=False),
        sa.Column("collection", sa.String(4), nullable=True),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column("alive_only_row", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("release_id", "code", name=op.f("pk_cc_codes")),
    )
    op.create_index("ix_cc_codes_collection", "cc_codes", ["release_id", "collection"])
    op.create_table(
        "cc_collections",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("collection", sa.String(4), nullable=False),
        sa.Column("code", sa.String(7), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "collection", "code", name=op.f("pk_cc_collections")),
    )
    op.create_index("ix_cc_collections_code", "cc_collections", ["release_id", "code"])
    op.create_table(
        "cc_drg_exclusions",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(7), nullable=False),
        sa.Column("first_drg", sa.String(3), nullable=False),
        sa.Column("last_drg", sa.String(3), nullable=False),
        sa.Column("mdc", sa.String(2), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "code", "first_drg", name=op.f("pk_cc_drg_exclusions")),
    )
    op.create_index("ix_cc_drg_exclusions_drg", "cc_drg_exclusions", ["release_id", "first_drg"])
    op.create_table(
        "mce_codes",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(7), nullable=False),
        sa.Column("code_type", sa.String(1), nullable=False),
        sa.Column("edit", sa.String(40), nullable=False),
        sa.Column("section", sa.String(4), nullable=False),
        sa.Column("subsection", sa.String(2), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "code", "code_type", "edit", name=op.f("pk_mce_codes")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in (
            "mce_codes",
            "cc_drg_exclusions",
            "cc_collections",
            "cc_codes",
            "cc_levels",
            "ipps_drgs",
        ):
            op.drop_table(name)
