"""HCPCS Level II and the lists beside it, CPT text, days of codes, statements of licence."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from ahead.shared.db.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BULK = (
    "code_dates",
    "hcpcs_codes",
    "hcpcs_modifiers",
    "hcpcs_changes",
    "hcpcs_noc",
    "places_of_service",
    "rbcs_categories",
    "cpt_texts",
)


def upgrade() -> None:
    op.create_table(
        "licence_statements",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("stated_by", sa.String(120), nullable=False),
        sa.Column("stated_at", UtcDateTime(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.CheckConstraint("holder <> ''", name=op.f("ck_licence_statements_holder")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_statements")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _bulk()  # On SQLite each release has its tables in a file of its own.


def _text(*names: str, length: int | None = None) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False) for name in names]


def _number(*names: str, null: bool = True) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=null) for name in names]


def _table(name: str, key: tuple[str, ...], *columns: Any) -> None:
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")))


def _key(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), autoincrement=False, nullable=False) for name in names]


def _bulk() -> None:
    _table(
        "code_dates",
        ("release_id", "code"),
        *_key("release_id"),
        *_text("code", length=20),
        *_number("first_day", "last_day"),
    )
    _table(
        "hcpcs_codes",
        ("release_id", "code"),
        *_key("release_id"),
        *_text("code", length=5),
        *_text("long_description", "short_description"),
        *_text("pricing", length=12),
        *_text("multiple_pricing", length=1),
        *_text("cim", "mcm", length=40),
        *_text("statute", length=20),
        *_text("laboratory", "cross_references", length=40),
        *_text("coverage", length=1),
        *_text("asc_group", length=2),
        *_number("asc_from"),
        *_text("mog", length=3),
        *_text("mog_policy", length=1),
        *_number("mog_from"),
        *_text("processing_note", length=4),
        *_text("betos", length=3),
        *_text("types_of_service", length=12),
        *_number("anesthesia_units", "added_on", "acted_on", "ended_on"),
        *_text("action", length=1),
        *_number("source_row", null=False),
    )
    _table(
        "hcpcs_modifiers",
        ("release_id", "source_row"),
        *_key("release_id", "source_row"),
        *_text("modifier", length=2),
        *_text("title", "short_title", "category"),
        *_text("coverage", length=1),
        *_number("added_on", "ended_on"),
        sa.Column("dated", sa.SmallInteger(), nullable=False),
    )
    op.create_index("ix_hcpcs_modifiers_modifier", "hcpcs_modifiers", ["release_id", "modifier"])
    _table(
        "hcpcs_changes",
        ("release_id", "source_row"),
        *_key("release_id", "source_row"),
        *_text("code", length=5),
        *_text("change", "short_description", "long_description"),
    )
    op.create_index("ix_hcpcs_changes_code", "hcpcs_changes", ["release_id", "code"])
    _table(
        "hcpcs_noc",
        ("release_id", "source_row"),
        *_key("release_id", "source_row"),
        *_text("code", length=5),
        *_text("long_description"),
        *_number("added_on", "ended_on"),
    )
    op.create_index("ix_hcpcs_noc_code", "hcpcs_noc", ["release_id", "code"])
    _table(
        "places_of_service",
        ("release_id", "code"),
        *_key("release_id"),
        *_text("code", length=2),
        *_text("rate", length=14),
        *_text("name", "description"),
        *_number("source_row", null=False),
    )
    _table(
        "rbcs_categories",
        ("release_id", "code", "effective_on", "source_row"),
        *_key("release_id"),
        *_text("code", length=5),
        *_key("effective_on", "source_row"),
        *_text("procedure", length=20),
        *_text("category", "subcategory", "family"),
        *_number("added_on", "ended_on"),
    )
    _table(
        "cpt_texts",
        ("release_id", "code", "form", "source_row"),
        *_key("release_id"),
        *_text("code", length=5),
        *_text("form", length=9),
        *_key("source_row"),
        sa.Column("source_file", sa.SmallInteger(), nullable=False),
        *_text("text"),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in reversed(BULK):
            op.drop_table(name)
    op.drop_table("licence_statements")
