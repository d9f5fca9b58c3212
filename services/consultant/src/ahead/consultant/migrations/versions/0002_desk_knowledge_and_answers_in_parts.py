"""The desk, the knowledge base, answers in their parts, promises, and claims on mail that is handed over."""

import sqlalchemy as sa
from alembic import op

from ahead.shared.db.base import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canned_texts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_texts")),
    )
    op.create_table(
        "knowledge",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("inquiry", sa.String(length=36), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'published', 'withdrawn')", name=op.f("ck_knowledge_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge")),
    )
    with op.batch_alter_table("knowledge", schema=None) as batch_op:
        batch_op.create_index("ix_knowledge_state_changed_at", ["state", "changed_at"], unique=False)

    op.create_table(
        "notes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("inquiry", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["inquiry"], ["inquiries.id"], name=op.f("fk_notes_inquiry_inquiries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index("ix_notes_inquiry", ["inquiry"], unique=False)

    op.create_table(
        "presences",
        sa.Column("inquiry", sa.String(length=36), nullable=False),
        sa.Column("expert", sa.String(length=80), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["inquiry"], ["inquiries.id"], name=op.f("fk_presences_inquiry_inquiries")),
        sa.PrimaryKeyConstraint("inquiry", "expert", name=op.f("pk_presences")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("kinds", sa.Text(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("by", sa.String(length=80), server_default="", nullable=False))

    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(length=10), server_default="mail", nullable=False))
        batch_op.add_column(sa.Column("as_of", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("conversation", sa.String(length=80), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("evidence", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("draft", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("assigned_to", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("escalated_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_inquiries_origin"), "origin IN ('mail', 'page', 'api', 'casepilot')"
        )
        batch_op.add_column(sa.Column("replied_at", UtcDateTime(), nullable=True))

    with op.batch_alter_table("sent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claimed_until", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("returned", sa.String(length=12), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("sent", schema=None) as batch_op:
        batch_op.drop_column("returned")
        batch_op.drop_column("claimed_until")

    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.drop_column("replied_at")
        batch_op.drop_column("due_at")
        batch_op.drop_column("escalated_at")
        batch_op.drop_column("assigned_to")
        batch_op.drop_column("draft")
        batch_op.drop_column("evidence")
        batch_op.drop_column("conversation")
        batch_op.drop_column("as_of")
        batch_op.drop_constraint(op.f("ck_inquiries_origin"), type_="check")
        batch_op.drop_column("origin")

    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_column("by")
        batch_op.drop_column("kinds")
        batch_op.drop_column("content")

    op.drop_table("presences")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index("ix_notes_inquiry")

    op.drop_table("notes")
    with op.batch_alter_table("knowledge", schema=None) as batch_op:
        batch_op.drop_index("ix_knowledge_state_changed_at")

    op.drop_table("knowledge")
    op.drop_table("canned_texts")
