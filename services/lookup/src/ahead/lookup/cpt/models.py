"""Tables of CPT.

The text of CPT is the American Medical Association's. It is never in `nodes`, of which search, lists, sitemaps and
links are made, but only here, so that a door shows it only by asking for it.
"""

from sqlalchemy import CheckConstraint, Column, Integer, SmallInteger, String, Table, Text

from ahead.lookup.catalog.models import bulk_metadata, metadata
from ahead.shared.db.base import UtcDateTime

FORMS = ("long", "medium", "short", "consumer", "clinician")

CPT_TEXTS = Table(
    "cpt_texts",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), primary_key=True),
    # Which of the AMA's descriptors: one of FORMS. A code may have several clinician descriptors.
    Column("form", String(9), primary_key=True),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Column("source_file", SmallInteger, nullable=False),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)

LICENCE_STATEMENTS = Table(
    "licence_statements",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    # Of what: "cpt" for the AMA's text.
    Column("subject", String(40), nullable=False),
    # Who holds the licence, and who said so at this machine.
    Column("holder", String(200), nullable=False),
    Column("stated_by", String(120), nullable=False),
    Column("stated_at", UtcDateTime, nullable=False),
    # Names of the files that were loaded on it.
    Column("files", Text, nullable=False),
    CheckConstraint("holder <> ''", name="holder"),
)
