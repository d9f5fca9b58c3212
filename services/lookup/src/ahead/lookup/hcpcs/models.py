"""Bulk tables of HCPCS Level II and of the lists beside it.

Days are numbers such as 20240930; several values of one kind are separated by a blank, as
"11 21", references to manuals by a comma.
"""

from datetime import date

from sqlalchemy import Column, Index, Integer, SmallInteger, String, Table, Text

from ahead.lookup.catalog.models import bulk_metadata

HCPCS_CODES = Table(
    "hcpcs_codes",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), primary_key=True),
    Column("long_description", Text, nullable=False),
    Column("short_description", Text, nullable=False),
    Column("pricing", String(12), nullable=False),
    Column("multiple_pricing", String(1), nullable=False),
    # References to the Coverage Issues Manual and the Medicare Carriers Manual, as printed.
    Column("cim", String(40), nullable=False),
    Column("mcm", String(40), nullable=False),
    Column("statute", String(20), nullable=False),
    Column("laboratory", String(40), nullable=False),
    Column("cross_references", String(40), nullable=False),
    Column("coverage", String(1), nullable=False),
    Column("asc_group", String(2), nullable=False),
    Column("asc_from", Integer),
    # Medicare outpatient group, its payment policy indicator, since when.
    Column("mog", String(3), nullable=False),
    Column("mog_policy", String(1), nullable=False),
    Column("mog_from", Integer),
    Column("processing_note", String(4), nullable=False),
    Column("betos", String(3), nullable=False),
    Column("types_of_service", String(12), nullable=False),
    # NULL: this form of the file doesn't say.
    Column("anesthesia_units", Integer),
    Column("added_on", Integer),
    Column("acted_on", Integer),
    # The last day on which it may be used.
    Column("ended_on", Integer),
    Column("action", String(1), nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

HCPCS_MODIFIERS = Table(
    "hcpcs_modifiers",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Column("modifier", String(2), nullable=False),
    Column("title", Text, nullable=False),
    Column("short_title", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("coverage", String(1), nullable=False),
    # NULL: this form of the list doesn't say, or (ended_on) it goes on.
    Column("added_on", Integer),
    Column("ended_on", Integer),
    Column("dated", SmallInteger, nullable=False),
    Index("ix_hcpcs_modifiers_modifier", "release_id", "modifier"),
    sqlite_with_rowid=False,
)

HCPCS_CHANGES = Table(
    "hcpcs_changes",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), nullable=False),
    # What changed, as printed: "Long Description Change".
    Column("change", Text, nullable=False),
    Column("short_description", Text, nullable=False),
    Column("long_description", Text, nullable=False),
    Index("ix_hcpcs_changes_code", "release_id", "code"),
    sqlite_with_rowid=False,
)

HCPCS_NOC = Table(
    "hcpcs_noc",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    # A long description may go on in a second row of the same code.
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), nullable=False),
    Column("long_description", Text, nullable=False),
    Column("added_on", Integer),
    Column("ended_on", Integer),
    Index("ix_hcpcs_noc_code", "release_id", "code"),
    sqlite_with_rowid=False,
)

PLACES_OF_SERVICE = Table(
    "places_of_service",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(2), primary_key=True),
    # "Facility", "Non-Facility" or "Unassigned": which price of the physician fee schedule is paid there.
    Column("rate", String(14), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

RBCS = Table(
    "rbcs_categories",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(5), primary_key=True),
    Column("effective_on", Integer, primary_key=True, autoincrement=False),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Column("procedure", String(20), nullable=False),
    Column("category", Text, nullable=False),
    Column("subcategory", Text, nullable=False),
    # "" where the code is in no family.
    Column("family", Text, nullable=False),
    Column("added_on", Integer),
    Column("ended_on", Integer),
    sqlite_with_rowid=False,
)

TABLES = (HCPCS_CODES, HCPCS_MODIFIERS, HCPCS_CHANGES, HCPCS_NOC, PLACES_OF_SERVICE, RBCS)


def number_of(day: date) -> int:
    """2024-09-30 as 20240930."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_of(number: int | None) -> date | None:
    return None if number is None else date(number // 10_000, number // 100 % 100, number % 100)
