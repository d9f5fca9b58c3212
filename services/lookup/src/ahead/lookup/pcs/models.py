"""Bulk tables of ICD-10-PCS: in a release's own file on SQLite, in the service's database on PostgreSQL.

Codes and their headings are in `nodes`; here is what the tables, the definitions, the index and the addenda say.
"""

from sqlalchemy import Column, Index, Integer, SmallInteger, String, Table, Text

from ahead.lookup.catalog.models import bulk_metadata

ORDER, TABLES, DEFINITIONS, INDEX = "icd10pcs", "icd10pcs-tables", "icd10pcs-definitions", "icd10pcs-index"
"""Keys of the four sources among the releases."""

PCS_TABLES = Table(
    "pcs_tables",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    # The first three characters of its codes.
    Column("code", String(3), primary_key=True),
    Column("section", Text, nullable=False),
    Column("body_system", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("definition", Text, nullable=False),
    # What each of the seven characters is: ["Section", "Body System", "Operation", ...] as JSON.
    Column("axes", Text, nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

PCS_VALUES = Table(
    "pcs_values",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(3), primary_key=True),
    # Of the table's rows, from 1: every combination of a row's values is a code.
    Column("row_number", SmallInteger, primary_key=True, autoincrement=False),
    # 4 to 7.
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("value", String(1), primary_key=True),
    Column("name", Text, nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

PCS_DEFINITIONS = Table(
    "pcs_definitions",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("section", String(1), primary_key=True),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    # A name as the tables have it; a term of several names stands once for each.
    Column("name", String(200), primary_key=True),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Column("definition", Text, nullable=False),
    Column("explanation", Text, nullable=False),
    # Inclusion terms as JSON.
    Column("includes", Text, nullable=False),
    sqlite_with_rowid=False,
)

PCS_AGGREGATES = Table(
    "pcs_aggregates",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Column("device", Text, nullable=False),
    Column("operation", Text, nullable=False),
    # As JSON.
    Column("body_systems", Text, nullable=False),
    Column("parent_value", String(1), nullable=False),
    Column("parent", Text, nullable=False),
    sqlite_with_rowid=False,
)

PCS_INDEX = Table(
    "pcs_index",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    # In the order of the index, from 0.
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    # 0 is a main term.
    Column("level", SmallInteger, nullable=False),
    # In small letters, to be looked for.
    Column("main_term", String(200), nullable=False),
    # The main term and what stands above, as JSON.
    Column("path", Text, nullable=False),
    # [[kind, text, target], ...] as JSON.
    Column("leads", Text, nullable=False),
    Column("source_row", Integer, nullable=False),
    Index("ix_pcs_index_main_term", "release_id", "main_term", "ordinal"),
    sqlite_with_rowid=False,
)

PCS_INDEX_TARGETS = Table(
    "pcs_index_targets",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    # A code, or the beginning of codes.
    Column("target", String(7), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

PCS_CHANGES = Table(
    "pcs_changes",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    # Line of the addenda, which are the release's second file.
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    # add, delete, revise_from, revise_to.
    Column("action", String(12), nullable=False),
    Column("code", String(7), nullable=False),
    Column("title", Text, nullable=False),
    Index("ix_pcs_changes_code", "release_id", "code"),
    sqlite_with_rowid=False,
)

BULK = (PCS_TABLES, PCS_VALUES, PCS_DEFINITIONS, PCS_AGGREGATES, PCS_INDEX, PCS_INDEX_TARGETS, PCS_CHANGES)
