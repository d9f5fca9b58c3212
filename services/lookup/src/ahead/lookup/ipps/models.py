"""Bulk tables of the IPPS final rule: in a release's own file on SQLite, in the service's database on PostgreSQL.

Each published table is a release of its own, because they are published apart. Weights and lengths of stay stay
text as printed: they are shown and multiplied as decimals, never as floats.
"""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from ahead.lookup.catalog.models import bulk_metadata

TABLE5, TABLE6I, TABLE6J, TABLE6K = "ipps-5", "ipps-6i", "ipps-6j", "ipps-6k"
"""Keys among the releases."""

DRGS = Table(
    "ipps_drgs",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("drg", String(3), primary_key=True),
    Column("post_acute", Boolean, nullable=False),
    Column("special_pay", Boolean, nullable=False),
    # "PRE", "01" to "25", or empty where the table names none.
    Column("mdc", String(3), nullable=False),
    # "SURG", "MED", or empty.
    Column("type", String(4), nullable=False),
    Column("title", Text, nullable=False),
    # NULL where the table prints a dot (998, 999); the first also where it has one column of weights only.
    Column("weight_before_cap", String(10)),
    Column("weight", String(10)),
    Column("gmlos", String(10)),
    Column("amlos", String(10)),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

CC_LEVELS = Table(
    "cc_levels",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(7), primary_key=True),
    Column("level", String(3), nullable=False),
    Column("title", Text, nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

CC_CODES = Table(
    "cc_codes",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(7), primary_key=True),
    Column("level", String(3), nullable=False),
    # NULL: no principal diagnosis excludes it.
    Column("collection", String(4)),
    Column("source_row", Integer, nullable=False),
    # Line in Part 2: a CC or MCC only if the patient was discharged alive.
    Column("alive_only_row", Integer),
    Index("ix_cc_codes_collection", "release_id", "collection"),
    sqlite_with_rowid=False,
)

CC_COLLECTIONS = Table(
    "cc_collections",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("collection", String(4), primary_key=True),
    # A principal diagnosis with which the codes of this collection are no CC or MCC.
    Column("code", String(7), primary_key=True),
    Column("source_row", Integer, nullable=False),
    # What a principal diagnosis switches off.
    Index("ix_cc_collections_code", "release_id", "code"),
    sqlite_with_rowid=False,
)

CC_DRG_EXCLUSIONS = Table(
    "cc_drg_exclusions",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(7), primary_key=True),
    # The code doesn't raise the severity within these MS-DRGs.
    Column("first_drg", String(3), primary_key=True),
    Column("last_drg", String(3), nullable=False),
    Column("mdc", String(2), nullable=False),
    Column("title", Text, nullable=False),
    Column("source_row", Integer, nullable=False),
    Index("ix_cc_drg_exclusions_drg", "release_id", "first_drg"),
    sqlite_with_rowid=False,
)

TABLES = (DRGS, CC_LEVELS, CC_CODES, CC_COLLECTIONS, CC_DRG_EXCLUSIONS)
