"""fingerprints kept, and indexes by which feeds and merged jobs are found"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    merged = sa.text("merged_into IS NOT NULL")
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fingerprint", sa.Text(), server_default="", nullable=False))
        batch_op.drop_index("ix_postings_company_id")
        batch_op.drop_index("ix_postings_bucket")
        batch_op.create_index("ix_postings_bucket", ["bucket", "open_from", "open_until"], unique=False)
        batch_op.create_index("ix_postings_external", ["external_id", "source"], unique=False)
        batch_op.create_index(
            "ix_postings_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=merged,
            postgresql_where=merged,
        )


def downgrade() -> None:
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.drop_index("ix_postings_merged_into")
        batch_op.drop_index("ix_postings_external")
        batch_op.drop_index("ix_postings_bucket")
        batch_op.create_index("ix_postings_bucket", ["bucket"], unique=False)
        batch_op.create_index("ix_postings_company_id", ["company_id"], unique=False)
        batch_op.drop_column("fingerprint")
