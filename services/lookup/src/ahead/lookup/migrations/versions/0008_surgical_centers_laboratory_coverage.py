"""Ambulatory surgical centers, laboratory rates and Medicare coverage; loads asked for by operators."""

import sqlalchemy as sa
from alembic import op

from ahead.shared.db.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BULK = (
    "asc_rates", "asc_excluded", "asc_devices", "asc_notes", "asc_wage_indices", "clfs_rates",
    "coverage_documents", "coverage_contractors", "coverage_procedures", "coverage_diagnoses",
    "coverage_paragraphs", "coverage_related", "coverage_merged", "coverage_merged_pairs",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "catalog_loads",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), server_default="{}", nullable=False),
        sa.Column("requested_by", sa.String(64), nullable=False),
        sa.Column("status", sa.String(10), server_default="queued", nullable=False),
        sa.Column("percent", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("stage", sa.String(80), server_default="", nullable=False),
        sa.Column("result", sa.Text(), server_default="[]", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'loaded', 'held', 'refused', 'failed')",
            name=op.f("ck_catalog_loads_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_loads")),
    )
    op.create_index("ix_catalog_loads_created_at", "catalog_loads", ["created_at"])
    op.create_table(
        "licence_acceptances",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("licence", sa.String(40), nullable=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.String(120), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_acceptances")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # On SQLite each release has its tables in a file of its own.
        _fees()
        _coverage()


def _fees() -> None:
    op.create_table(
        "asc_rates",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("source_file", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("addendum", sa.String(2), nullable=False),
        sa.Column("mark", sa.String(3), nullable=False),
        sa.Column("discounted", sa.String(1), nullable=False),
        sa.Column("expires", sa.String(1), nullable=False),
        sa.Column("indicator", sa.String(2), nullable=False),
        sa.Column("weight", sa.String(12), nullable=True),
        sa.Column("rate", sa.Integer(), nullable=True),
        sa.Column("copayment", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("release_id", "code", "source_file", "source_row", name=op.f("pk_asc_rates")),
    )
    op.create_table(
        "asc_excluded",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("source_file", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id", "code", "source_file", "source_row", name=op.f("pk_asc_excluded")
        ),
    )
    op.create_table(
        "asc_devices",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("source_file", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(3), nullable=False),
        sa.Column("indicator", sa.String(2), nullable=False),
        sa.Column("apc", sa.String(5), nullable=False),
        sa.Column("apc_offset", sa.String(8), nullable=True),
        sa.Column("opps_rate", sa.Integer(), nullable=True),
        sa.Column("device_offset", sa.String(8), nullable=True),
        sa.Column("device_amount", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "release_id", "code", "source_file", "source_row", name=op.f("pk_asc_devices")
        ),
    )
    op.create_table(
        "asc_notes",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_file", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("addendum", sa.String(2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "source_file", "source_row", name=op.f("pk_asc_notes")),
    )
    op.create_table(
        "asc_wage_indices",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("area", sa.String(5), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("wage_index", sa.String(10), nullable=True),
        sa.PrimaryKeyConstraint("release_id", "source_row", name=op.f("pk_asc_wage_indices")),
    )
    op.create_index("ix_asc_wage_indices_area", "asc_wage_indices", ["release_id", "area"])
    op.create_table(
        "clfs_rates",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("modifier", sa.String(2), nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(2), nullable=False),
        sa.Column("effective_on", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("release_id", "code", "modifier", "source_row", name=op.f("pk_clfs_rates")),
    )


def _coverage() -> None:
    op.create_table(
        "coverage_documents",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.String(24), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("source_file", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(10), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Integer(), nullable=True),
        sa.Column("retired_on", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id",
            "document",
            "version",
            "source_file",
            "source_row",
            name=op.f("pk_coverage_documents"),
        ),
    )
    op.create_index("ix_coverage_documents_document", "coverage_documents", ["release_id", "document"])
    op.create_table(
        "coverage_contractors",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.String(24), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("states", sa.Text(), nullable=False),
        sa.Column("source_file", sa.SmallInteger(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id", "document", "version", "ordinal", name=op.f("pk_coverage_contractors")
        ),
    )
    op.create_table(
        "coverage_procedures",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("document", sa.String(24), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("list_number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("source_file", sa.SmallInteger(), nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id",
            "code",
            "document",
            "version",
            "list_number",
            "source_row",
            name=op.f("pk_coverage_procedures"),
        ),
    )
    op.create_index(
        "ix_coverage_procedures_document", "coverage_procedures", ["release_id", "document", "version"]
    )
    op.create_table(
        "coverage_diagnoses",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.String(24), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("listed", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("list_number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("diagnosis", sa.String(8), nullable=False),
        sa.Column("asterisk", sa.String(8), nullable=False),
        sa.Column("source_file", sa.SmallInteger(), nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id",
            "document",
            "version",
            "listed",
            "list_number",
            "diagnosis",
            "source_row",
            name=op.f("pk_coverage_diagnoses"),
        ),
    )
    op.create_index("ix_coverage_diagnoses_diagnosis", "coverage_diagnoses", ["release_id", "diagnosis"])
    op.create_table(
        "coverage_paragraphs",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.String(24), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("list_kind", sa.String(12), nullable=False),
        sa.Column("list_number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asterisk", sa.Text(), nullable=False),
        sa.Column("source_file", sa.SmallInteger(), nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id",
            "document",
            "version",
            "list_kind",
            "list_number",
            "source_row",
            name=op.f("pk_coverage_paragraphs"),
        ),
    )
    op.create_table(
        "coverage_related",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.String(24), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("related", sa.String(24), nullable=False),
        sa.Column("source_file", sa.SmallInteger(), nullable=False),
        sa.Column("source_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id", "document", "version", "related", "source_row", name=op.f("pk_coverage_related")
        ),
    )
    op.create_index("ix_coverage_related_related", "coverage_related", ["release_id", "related"])
    op.create_table(
        "coverage_merged",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("lcds", sa.Text(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("not_covered", sa.Integer(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "code", name=op.f("pk_coverage_merged")),
    )
    op.create_table(
        "coverage_merged_pairs",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("listed", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("diagnosis", sa.String(8), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id", "code", "listed", "diagnosis", name=op.f("pk_coverage_merged_pairs")
        ),
    )
    op.create_index(
        "ix_coverage_merged_pairs_diagnosis", "coverage_merged_pairs", ["release_id", "diagnosis"]
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in reversed(BULK):
            op.drop_table(name)
    op.drop_table("licence_acceptances")
    op.drop_table("catalog_loads")
