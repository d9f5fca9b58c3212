"""Bulk tables of NCCI: in a release's own file on SQLite, in the service's database on PostgreSQL.

4.3 million edits: what repeats is coded as a small number. Days are numbers such as 20240930, so that they
compare as they are.
"""

from datetime import date

from sqlalchemy import Column, Index, Integer, SmallInteger, String, Table, Text

from ahead.lookup.catalog.models import bulk_metadata

NEVER_IN_FORCE = 9
"""Modifier indicator of an edit that was deleted on the day it began."""

PTP = Table(
    "ptp_edits",
    bulk_metadata,
    Column("release_id", Integer, nullable=False),
    Column("column1", String(5), nullable=False),
    Column("column2", String(5), nullable=False),
    # Inclusive; NULL is not deleted.
    Column("deleted_on", Integer),
    # NULL: this form of the file doesn't say.
    Column("effective_on", Integer),
    Column("modifier", SmallInteger, nullable=False),
    Column("rationale", SmallInteger, nullable=False),
    # In existence prior to 1996: 1, not: 0, NULL: this form doesn't say.
    Column("before_1996", SmallInteger),
    Column("source_file", SmallInteger, nullable=False),
    Column("source_row", Integer, nullable=False),
    # A pair is found by either; so are all edits of a code, counted without touching the table. The second sorts
    # faster with what varies in front.
    Index(
        "ix_ptp_edits_column1", "release_id", "column1", "column2", "deleted_on", "effective_on", "modifier"
    ),
    Index(
        "ix_ptp_edits_column2", "column2", "release_id", "column1", "deleted_on", "effective_on", "modifier"
    ),
)

PTP_RATIONALES = Table(
    "ptp_rationales",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)

MUE = Table(
    "mue_values",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), primary_key=True),
    Column("units", Integer, nullable=False),
    Column("mai", SmallInteger, nullable=False),
    Column("rationale", Text, nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

ADD_ONS = Table(
    "add_on_edits",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("add_on", String(5), primary_key=True),
    # CCCCC: the contractor decides which.
    Column("primary_code", String(5), primary_key=True),
    Column("type", SmallInteger, primary_key=True, autoincrement=False),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    # NULL: this form of the file doesn't say, or (deleted) not deleted.
    Column("effective_on", Integer),
    Column("deleted_on", Integer),
    Index("ix_add_on_edits_primary", "release_id", "primary_code"),
    sqlite_with_rowid=False,
)

TABLES = (PTP, PTP_RATIONALES, MUE, ADD_ONS)


def number_of(day: date) -> int:
    """2024-09-30 as 20240930."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_of(number: int | None) -> date | None:
    return None if number is None else date(number // 10_000, number // 100 % 100, number % 100)
