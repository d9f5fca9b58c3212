"""Bulk tables of the ASC payment system. Money is whole cents; weights and indices are the printed decimals.

Short descriptors are not kept: those of CPT codes are the AMA's, and the code lists bring the others.
"""

from sqlalchemy import Column, Index, Integer, SmallInteger, String, Table, Text

from ahead.lookup.catalog.models import bulk_metadata

RATES = Table(
    "asc_rates",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), primary_key=True),
    # The same code may stand twice in an addendum (90684 in BB of January 2025), and once in AA and BB.
    Column("source_file", SmallInteger, primary_key=True, autoincrement=False),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    # AA: covered surgical procedures; BB: covered ancillary services.
    Column("addendum", String(2), nullable=False),
    # "*", "**", "***" as the notes below the list explain them; "" without.
    Column("mark", String(3), nullable=False),
    # AA only: Y or N, subject to multiple procedure discounting.
    Column("discounted", String(1), nullable=False),
    # BB only: "*", pass-through status ends during the year.
    Column("expires", String(1), nullable=False),
    # As printed; one is "k5".
    Column("indicator", String(2), nullable=False),
    Column("weight", String(12)),
    Column("rate", Integer),
    # BB only: adjusted coinsurance under the Inflation Reduction Act.
    Column("copayment", Integer),
    sqlite_with_rowid=False,
)

EXCLUDED = Table(
    "asc_excluded",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), primary_key=True),
    Column("source_file", SmallInteger, primary_key=True, autoincrement=False),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

DEVICES = Table(
    "asc_devices",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), primary_key=True),
    Column("source_file", SmallInteger, primary_key=True, autoincrement=False),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Column("mark", String(3), nullable=False),
    Column("indicator", String(2), nullable=False),
    Column("apc", String(5), nullable=False),
    # Percentages as printed, without the sign: "35.62".
    Column("apc_offset", String(8)),
    Column("opps_rate", Integer),
    Column("device_offset", String(8)),
    Column("device_amount", Integer),
    sqlite_with_rowid=False,
)

NOTES = Table(
    "asc_notes",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("source_file", SmallInteger, primary_key=True, autoincrement=False),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Column("addendum", String(2), nullable=False),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)

WAGES = Table(
    "asc_wage_indices",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    # A state (two digits) or a core-based statistical area (five). It may stand several times.
    Column("area", String(5), nullable=False),
    Column("name", Text, nullable=False),
    # NULL: the file has no value (a state without rural area).
    Column("wage_index", String(10)),
    Index("ix_asc_wage_indices_area", "release_id", "area"),
    sqlite_with_rowid=False,
)

ADDENDA = (RATES, EXCLUDED, DEVICES, NOTES)
TABLES = (*ADDENDA, WAGES)
