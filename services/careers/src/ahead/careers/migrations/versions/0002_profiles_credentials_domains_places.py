"""profiles, checked credentials, domains, places, returned mail"""

import sqlalchemy as sa
from alembic import op

import ahead.shared.db.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", ahead.shared.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_about", ["about"], unique=False)

    op.create_table(
        "held_credentials",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("credential", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("stated_at", ahead.shared.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_at", ahead.shared.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("checked_at", ahead.shared.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("subject", "credential", name=op.f("pk_held_credentials")),
    )
    with op.batch_alter_table("held_credentials", schema=None) as batch_op:
        batch_op.create_index("ix_held_credentials_asked_at", ["asked_at"], unique=False)

    op.create_table(
        "profiles",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("changed_at", ahead.shared.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_profiles")),
    )
    op.create_table(
        "returned_addresses",
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("at", ahead.shared.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_returned_addresses")),
    )
    op.create_table(
        "zip_places",
        sa.Column("zip", sa.String(length=5), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("zip", name=op.f("pk_zip_places")),
    )
    with op.batch_alter_table("zip_places", schema=None) as batch_op:
        batch_op.create_index("ix_zip_places_latitude", ["latitude"], unique=False)

    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("with_profile", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("companies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("domain", sa.String(length=253), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("domain_at", ahead.shared.db.base.UtcDateTime(timezone=True), nullable=True)
        )

    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("closed_at", ahead.shared.db.base.UtcDateTime(timezone=True), nullable=True)
        )


def downgrade() -> None:
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.drop_column("closed_at")

    with op.batch_alter_table("companies", schema=None) as batch_op:
        batch_op.drop_column("domain_at")
        batch_op.drop_column("domain")

    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_column("with_profile")

    with op.batch_alter_table("zip_places", schema=None) as batch_op:
        batch_op.drop_index("ix_zip_places_latitude")

    op.drop_table("zip_places")
    op.drop_table("returned_addresses")
    op.drop_table("profiles")
    with op.batch_alter_table("held_credentials", schema=None) as batch_op:
        batch_op.drop_index("ix_held_credentials_asked_at")

    op.drop_table("held_credentials")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_about")

    op.drop_table("audit")
