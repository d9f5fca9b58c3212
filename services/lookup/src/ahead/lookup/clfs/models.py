"""Bulk table of the laboratory rates. Money is whole cents."""

from sqlalchemy import Column, Integer, String, Table

from ahead.lookup.catalog.models import bulk_metadata

RATES = Table(
    "clfs_rates",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), primary_key=True),
    # "QW" for tests that are waived; "" without.
    Column("modifier", String(2), primary_key=True),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Column("rate", Integer, nullable=False),
    # As printed in the published file; "" in the derived list, which has no such column.
    Column("indicator", String(2), nullable=False),
    # A number such as 20260401; NULL: the file doesn't say.
    Column("effective_on", Integer),
    sqlite_with_rowid=False,
)

TABLES = (RATES,)
