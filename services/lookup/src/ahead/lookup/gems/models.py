"""The bulk table of the mappings: in a release's own file on SQLite, in the service's database on PostgreSQL."""

from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, String, Table

from ahead.lookup.catalog.models import bulk_metadata

FROM_ICD9, FROM_ICD10 = "gem-icd9cm", "gem-icd10cm"
FROM_ICD9_PROCEDURES, FROM_PCS = "gem-icd9pcs", "gem-icd10pcs"
"""Keys of the directions among the releases, by the system that they start from."""

GEMS = Table(
    "gems",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    # Codes without dots.
    Column("source", String(7), nullable=False),
    # NULL: no map ("NoDx").
    Column("target", String(7)),
    # The five flags as printed, one each.
    Column("approximate", Boolean, nullable=False),
    Column("no_map", Boolean, nullable=False),
    Column("combination", Boolean, nullable=False),
    Column("scenario", SmallInteger, nullable=False),
    Column("choice_list", SmallInteger, nullable=False),
    Index("ix_gems_source", "release_id", "source", "source_row"),
    Index("ix_gems_target", "release_id", "target", "source_row"),
    sqlite_with_rowid=False,
)
