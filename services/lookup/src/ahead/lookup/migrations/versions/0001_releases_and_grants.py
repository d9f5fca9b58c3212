"""Releases of the catalogue, grants, guests, outbox and jobs."""

import sqlalchemy as sa
from alembic import op

from ahead.shared.db.base import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allowance_counters",
        sa.Column("principal", sa.String(80), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("metric", sa.String(40), nullable=False),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_allowance_counters_used")),
        sa.PrimaryKeyConstraint("principal", "period", "metric", name=op.f("pk_allowance_counters")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "grants",
        sa.Column("principal", sa.String(80), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("metric", sa.String(40), nullable=False),
        sa.Column("thing", sa.String(120), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "period", "metric", "thing", name=op.f("pk_grants")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "guest_admissions",
        sa.Column("guest_id", sa.String(36), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("guest_id", name=op.f("pk_guest_admissions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "guest_networks",
        sa.Column("bucket", sa.String(32), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_guest_networks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("request_id", sa.String(64), server_default="", nullable=False),
        sa.Column("status", sa.String(10), server_default="queued", nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("status IN ('queued', 'done', 'failed')", name=op.f("ck_jobs_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(
        "ix_jobs_open",
        "jobs",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_table(
        "outbox",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("event_id", name=op.f("uq_outbox_event_id")),
    )
    op.create_index(
        "ix_outbox_unpublished",
        "outbox",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("system", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("edition", sa.String(80), nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("loader", sa.String(60), nullable=False),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_to", sa.Date(), nullable=True),
        sa.Column("window_origin", sa.String(10), nullable=False),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("nodes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("billable", sa.Integer(), server_default="0", nullable=False),
        sa.Column("remark", sa.String(300), server_default="", nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("loaded_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("status IN ('loading', 'published')", name=op.f("ck_releases_status")),
        sa.CheckConstraint(
            "window_origin IN ('file', 'calendar', 'option')", name=op.f("ck_releases_window_origin")
        ),
        sa.CheckConstraint("window_to IS NULL OR window_to >= window_from", name=op.f("ck_releases_window")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_releases_system_status", "releases", ["system", "status", "window_from"], unique=False
    )
    if op.get_bind().dialect.name == "postgresql":
        # On SQLite each release has these in a file of its own.
        _create_bulk_tables()


def _create_bulk_tables() -> None:
    op.create_table(
        "nodes",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("system", sa.String(20), nullable=False),
        sa.Column("dotted", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("parent", sa.String(20), nullable=True),
        sa.Column("path", sa.String(160), server_default="", nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("last_ordinal", sa.Integer(), nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_origin", sa.String(10), nullable=False),
        sa.Column("short_title", sa.Text(), server_default="", nullable=False),
        sa.Column("billable", sa.Boolean(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("codes_below", sa.Integer(), nullable=False),
        sa.Column("source_file", sa.SmallInteger(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('chapter', 'section', 'category', 'subcategory', 'code', 'extension')",
            name=op.f("ck_nodes_kind"),
        ),
        sa.CheckConstraint("title_origin IN ('official', 'composed')", name=op.f("ck_nodes_title_origin")),
        sa.PrimaryKeyConstraint("release_id", "code", name=op.f("pk_nodes")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_nodes_ordinal", "nodes", ["release_id", "ordinal"], unique=True)
    op.create_index("ix_nodes_parent", "nodes", ["release_id", "parent", "ordinal"], unique=False)
    op.create_table(
        "notes",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("key", sa.String(4), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("refs", sa.Text(), server_default="[]", nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('includes', 'inclusion_term', 'excludes1', 'excludes2', 'code_first', "
            "'use_additional', 'code_also', 'seventh_character_note', 'seventh_character_value', 'note')",
            name=op.f("ck_notes_kind"),
        ),
        sa.PrimaryKeyConstraint("release_id", "code", "ordinal", name=op.f("pk_notes")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    tables = [
        "releases",
        "outbox",
        "jobs",
        "guest_networks",
        "guest_admissions",
        "grants",
        "allowance_counters",
    ]
    if op.get_bind().dialect.name == "postgresql":
        tables = ["notes", "nodes", *tables]
    for name in tables:
        op.drop_table(name)
