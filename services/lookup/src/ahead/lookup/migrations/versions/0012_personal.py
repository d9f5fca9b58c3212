"""What accounts keep for themselves: favourites, notes, search keywords and lists."""

import sqlalchemy as sa
from alembic import op

from ahead.shared.db.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "personal_codes",
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("system", sa.String(16), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("starred_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("account", "system", "code", name=op.f("pk_personal_codes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "personal_keywords",
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("keyword", sa.String(60), nullable=False),
        sa.Column("system", sa.String(16), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account", "keyword", "system", "code", name=op.f("pk_personal_keywords")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_personal_keywords_code", "personal_keywords", ["account", "system", "code"])
    op.create_table(
        "personal_lists",
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account", "id", name=op.f("pk_personal_lists")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "personal_list_codes",
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("list_id", sa.String(36), nullable=False),
        sa.Column("system", sa.String(16), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", "list_id", "system", "code", name=op.f("pk_personal_list_codes")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_personal_list_codes_code", "personal_list_codes", ["account", "system", "code"])


def downgrade() -> None:
    op.drop_index("ix_personal_list_codes_code", "personal_list_codes")
    op.drop_table("personal_list_codes")
    op.drop_table("personal_lists")
    op.drop_index("ix_personal_keywords_code", "personal_keywords")
    op.drop_table("personal_keywords")
    op.drop_table("personal_codes")
