"""Bulk table of the Medicare Code Editor's lists."""

from sqlalchemy import Column, Integer, String, Table, Text

from ahead.lookup.catalog.models import bulk_metadata

MCE = "mce"
"""Key among the releases."""

MCE_CODES = Table(
    "mce_codes",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(7), primary_key=True),
    # D: diagnosis, P: procedure.
    Column("code_type", String(1), primary_key=True),
    # As printed: "Newborn_Only", "Principal_Manifestation".
    Column("edit", String(40), primary_key=True),
    # Chapter and section of the editor's manual: "4", "A"; the second is empty where there is none.
    Column("section", String(4), nullable=False),
    Column("subsection", String(2), nullable=False),
    Column("title", Text, nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

TABLES = (MCE_CODES,)
