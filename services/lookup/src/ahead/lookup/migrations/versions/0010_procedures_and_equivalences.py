"""ICD-10-PCS (tables, definitions, index, addenda) and the General Equivalence Mappings."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # On SQLite each release has its tables in a file of its own.
    _procedures()
    op.create_table(
        "gems",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(7), nullable=False),
        sa.Column("target", sa.String(7), nullable=True),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("no_map", sa.Boolean(), nullable=False),
        sa.Column("combination", sa.Boolean(), nullable=False),
        sa.Column("scenario", sa.SmallInteger(), nullable=False),
        sa.Column("choice_list", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "source_row", name=op.f("pk_gems")),
    )
    op.create_index("ix_gems_source", "gems", ["release_id", "source", "source_row"])
    op.create_index("ix_gems_target", "gems", ["release_id", "target", "source_row"])


def _procedures() -> None:
    op.create_table(
        "pcs_tables",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(3), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("body_system", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("axes", sa.Text(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "code", name=op.f("pk_pcs_tables")),
    )
    op.create_table(
        "pcs_values",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(3), nullable=False),
        sa.Column("row_number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.String(1), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id", "code", "row_number", "position", "value", name=op.f("pk_pcs_values")
        ),
    )
    op.create_table(
        "pcs_definitions",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("section", sa.String(1), nullable=False),
        sa.Column("position", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("includes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id", "section", "position", "name", "source_row", name=op.f("pk_pcs_definitions")
        ),
    )
    op.create_table(
        "pcs_aggregates",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("body_systems", sa.Text(), nullable=False),
        sa.Column("parent_value", sa.String(1), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "source_row", name=op.f("pk_pcs_aggregates")),
    )
    op.create_table(
        "pcs_index",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("main_term", sa.String(200), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("leads", sa.Text(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "ordinal", name=op.f("pk_pcs_index")),
    )
    op.create_index("ix_pcs_index_main_term", "pcs_index", ["release_id", "main_term", "ordinal"])
    op.create_table(
        "pcs_index_targets",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String(7), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("release_id", "target", "ordinal", name=op.f("pk_pcs_index_targets")),
    )
    op.create_table(
        "pcs_changes",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("code", sa.String(7), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "source_row", name=op.f("pk_pcs_changes")),
    )
    op.create_index("ix_pcs_changes_code", "pcs_changes", ["release_id", "code"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in (
            "pcs_changes", "pcs_index_targets", "pcs_index", "pcs_aggregates", "pcs_definitions", "pcs_values",
            "pcs_tables", "gems",
        ):  # fmt: skip
            op.drop_table(name)
