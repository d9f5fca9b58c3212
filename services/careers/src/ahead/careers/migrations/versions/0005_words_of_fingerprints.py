"""fingerprints hold words told apart, buckets are shorter, the index of what search lacks; stories need none"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    behind = sa.text("version != indexed")
    op.drop_index("ix_postings_story", "postings")
    op.create_index(
        "ix_postings_behind",
        "postings",
        ["indexed"],
        unique=False,
        sqlite_where=behind,
        postgresql_where=behind,
    )
    # Fingerprints are made again when they are compared; the beginning of a bucket is what it is called now.
    op.execute("UPDATE postings SET fingerprint = '', bucket = substr(bucket, 1, 16)")


def downgrade() -> None:
    op.execute("UPDATE postings SET fingerprint = '', bucket = ''")
    op.drop_index("ix_postings_behind", "postings")
    op.create_index("ix_postings_story", "postings", ["story"], unique=False)
