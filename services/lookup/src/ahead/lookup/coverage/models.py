"""Bulk tables of Medicare coverage.

Three forms of file make releases: the coverage database's own export (documents with their code tables), its
report (documents only), and a merged list (pairs of code and diagnosis without the document). Days are numbers
such as 20250814. Descriptions of CPT codes, which the export carries, are the AMA's and are not kept.
"""

from datetime import date

from sqlalchemy import Column, Index, Integer, SmallInteger, String, Table, Text

from ahead.lookup.catalog.models import bulk_metadata

COVERED, NOT_COVERED = 1, 0
"""How a document lists a diagnosis: as supporting medical necessity, or as not supporting it."""

NOT_BY_CODES = "XX000"
"""Stands in a list of diagnoses that is not by codes: its words decide."""

DOCUMENTS = Table(
    "coverage_documents",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    # As shown: "L36668", "A52571", "NCD 220.4".
    Column("document", String(24), primary_key=True),
    Column("version", String(12), primary_key=True),
    Column("source_file", SmallInteger, primary_key=True, autoincrement=False),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    # LCD, Article, NCD.
    Column("type", String(10), nullable=False),
    Column("title", Text, nullable=False),
    # Of this version. NULL: not said.
    Column("effective_on", Integer),
    # Last day of this version, and the day from which the document is retired.
    Column("ends_on", Integer),
    Column("retired_on", Integer),
    Column("note", Text, nullable=False),
    Column("url", Text, nullable=False),
    Index("ix_coverage_documents_document", "release_id", "document"),
    sqlite_with_rowid=False,
)

CONTRACTORS = Table(
    "coverage_contractors",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("document", String(24), primary_key=True),
    Column("version", String(12), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    # "MAC - Part A, MAC - Part B".
    Column("kinds", Text, nullable=False),
    # "AK AZ ID", or "" where the file has no states.
    Column("states", Text, nullable=False),
    Column("source_file", SmallInteger, nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

PROCEDURES = Table(
    "coverage_procedures",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), primary_key=True),
    Column("document", String(24), primary_key=True),
    Column("version", String(12), primary_key=True),
    # Number of the list in the document: "1".
    Column("list_number", SmallInteger, primary_key=True, autoincrement=False),
    Column("source_file", SmallInteger, nullable=False),
    # A line may stand twice.
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Index("ix_coverage_procedures_document", "release_id", "document", "version"),
    sqlite_with_rowid=False,
)

DIAGNOSES = Table(
    "coverage_diagnoses",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("document", String(24), primary_key=True),
    Column("version", String(12), primary_key=True),
    # COVERED or NOT_COVERED.
    Column("listed", SmallInteger, primary_key=True, autoincrement=False),
    Column("list_number", SmallInteger, primary_key=True, autoincrement=False),
    # Without its dot: "M179".
    Column("diagnosis", String(8), primary_key=True),
    # A mark that the document's words explain: "*".
    Column("asterisk", String(8), nullable=False),
    Column("source_file", SmallInteger, nullable=False),
    # A line may stand twice.
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Index("ix_coverage_diagnoses_diagnosis", "release_id", "diagnosis"),
    sqlite_with_rowid=False,
)

PARAGRAPHS = Table(
    "coverage_paragraphs",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("document", String(24), primary_key=True),
    Column("version", String(12), primary_key=True),
    # procedures, covered, not_covered.
    Column("list_kind", String(12), primary_key=True),
    Column("list_number", SmallInteger, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    # What the mark at some of its codes means.
    Column("asterisk", Text, nullable=False),
    Column("source_file", SmallInteger, nullable=False),
    # A line may stand twice.
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

RELATED = Table(
    "coverage_related",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("document", String(24), primary_key=True),
    Column("version", String(12), primary_key=True),
    Column("related", String(24), primary_key=True),
    Column("source_file", SmallInteger, nullable=False),
    # A line may stand twice.
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Index("ix_coverage_related_related", "release_id", "related"),
    sqlite_with_rowid=False,
)

MERGED = Table(
    "coverage_merged",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), primary_key=True),
    # "L39383 L39462": some of these lists each diagnosis, the file doesn't say which.
    Column("lcds", Text, nullable=False),
    Column("covered", Integer, nullable=False),
    Column("not_covered", Integer, nullable=False),
    # Place of the code in the file, which has no lines.
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

MERGED_PAIRS = Table(
    "coverage_merged_pairs",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), primary_key=True),
    Column("listed", SmallInteger, primary_key=True, autoincrement=False),
    Column("diagnosis", String(8), primary_key=True),
    Column("source_row", Integer, nullable=False),
    Index("ix_coverage_merged_pairs_diagnosis", "release_id", "diagnosis"),
    sqlite_with_rowid=False,
)

EXPORT = (DOCUMENTS, CONTRACTORS, PROCEDURES, DIAGNOSES, PARAGRAPHS, RELATED)
REPORT = (DOCUMENTS, CONTRACTORS)
TABLES = (*EXPORT, MERGED, MERGED_PAIRS)


def number_of(day: date) -> int:
    """2025-08-14 as 20250814."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_of(number: int | None) -> date | None:
    return None if number is None else date(number // 10_000, number // 100 % 100, number % 100)
