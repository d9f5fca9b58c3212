"""The books of ICD-10-CM: the Official Guidelines by section, the indexes and tables by term."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # On SQLite each release has its tables in a file of its own.
    op.create_table(
        "guideline_sections",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("parent", sa.String(40), server_default="", nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column("chapter", sa.SmallInteger(), nullable=True),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("last_page", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "ordinal", name=op.f("pk_guideline_sections")),
    )
    op.create_table(
        "guideline_references",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.String(8), nullable=False),
        sa.Column("last", sa.String(8), nullable=False),
        sa.Column("below", sa.Boolean(), nullable=False),
        sa.Column("in_heading", sa.Boolean(), nullable=False),
        sa.Column("printed", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id", "ordinal", "first", "last", name=op.f("pk_guideline_references")
        ),
    )
    op.create_table(
        "index_entries",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_ordinal", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(80), server_default="", nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("nonessential", sa.Text(), server_default="", nullable=False),
        sa.Column("tail", sa.Text(), server_default="", nullable=False),
        sa.Column("word", sa.String(250), nullable=False),
        sa.Column("see", sa.Text(), server_default="", nullable=False),
        sa.Column("see_also", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.String(10), server_default="", nullable=False),
        sa.Column("manifestation", sa.String(10), server_default="", nullable=False),
        sa.Column("see_category", sa.String(10), server_default="", nullable=False),
        sa.Column("see_subcategory", sa.String(10), server_default="", nullable=False),
        sa.Column("cells", sa.String(80), server_default="", nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "ordinal", name=op.f("pk_index_entries")),
    )
    op.create_index("ix_index_entries_parent", "index_entries", ["release_id", "parent", "ordinal"])
    op.create_index("ix_index_entries_word", "index_entries", ["release_id", "level", "word"])
    op.create_table(
        "index_codes",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("printed", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "code", "ordinal", "role", name=op.f("pk_index_codes")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in ("index_codes", "index_entries", "guideline_references", "guideline_sections"):
            op.drop_table(name)
