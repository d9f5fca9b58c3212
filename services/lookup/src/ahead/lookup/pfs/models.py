"""Bulk tables of the fee schedule: in a release's own file on SQLite, in the service's database on PostgreSQL.

Relative values, indices and prices are kept as the decimals that are printed. No description is kept: those of
CPT codes are the AMA's.
"""

from sqlalchemy import Column, Index, Integer, SmallInteger, String, Table, Text

from ahead.lookup.catalog.models import bulk_metadata


def _key() -> Column[int]:
    return Column("release_id", Integer, primary_key=True, autoincrement=False)


RVUS = Table(
    "pfs_rvus",
    bulk_metadata,
    _key(),
    Column("code", String(5), primary_key=True),
    # 26, TC, 53, or nothing.
    Column("modifier", String(2), primary_key=True),
    Column("status", String(1), nullable=False),
    # "+": not used for Medicare payment.
    Column("not_used", String(1), nullable=False),
    Column("work", String(12), nullable=False),
    Column("pe_nonfacility", String(12), nullable=False),
    Column("na_nonfacility", SmallInteger, nullable=False),
    Column("pe_facility", String(12), nullable=False),
    Column("na_facility", SmallInteger, nullable=False),
    Column("mp", String(12), nullable=False),
    Column("total_nonfacility", String(12), nullable=False),
    Column("total_facility", String(12), nullable=False),
    Column("pctc", String(1), nullable=False),
    Column("global_days", String(3), nullable=False),
    Column("preoperative", String(12), nullable=False),
    Column("intraoperative", String(12), nullable=False),
    Column("postoperative", String(12), nullable=False),
    Column("multiple", String(1), nullable=False),
    Column("bilateral", String(1), nullable=False),
    Column("assistant", String(1), nullable=False),
    Column("co_surgeons", String(1), nullable=False),
    Column("team", String(1), nullable=False),
    Column("endoscopic_base", String(5), nullable=False),
    Column("conversion_factor", String(12), nullable=False),
    Column("supervision", String(2), nullable=False),
    Column("calculation", String(1), nullable=False),
    Column("imaging_family", String(2), nullable=False),
    # Practice expense and malpractice of the hospital outpatient rate, to cap imaging.
    Column("opps_pe_nonfacility", String(12), nullable=False),
    Column("opps_pe_facility", String(12), nullable=False),
    Column("opps_mp", String(12), nullable=False),
    Column("source_row", Integer, nullable=False),
    # The family of an endoscopy.
    Index("ix_pfs_rvus_base", "release_id", "endoscopic_base"),
    sqlite_with_rowid=False,
)

GPCIS = Table(
    "pfs_gpcis",
    bulk_metadata,
    _key(),
    Column("contractor", String(5), primary_key=True),
    Column("locality", String(2), primary_key=True),
    Column("state", String(2), nullable=False),
    Column("name", Text, nullable=False),
    Column("work", String(12), nullable=False),
    Column("pe", String(12), nullable=False),
    Column("mp", String(12), nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

LOCALITIES = Table(
    "pfs_localities",
    bulk_metadata,
    _key(),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Column("contractor", String(5), nullable=False),
    Column("locality", String(2), nullable=False),
    Column("state", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("counties", Text, nullable=False),
    Index("ix_pfs_localities_locality", "release_id", "contractor", "locality"),
    sqlite_with_rowid=False,
)

ANESTHESIA = Table(
    "pfs_anesthesia",
    bulk_metadata,
    _key(),
    # Both empty: the national factor, which stands in the header.
    Column("contractor", String(5), primary_key=True),
    Column("locality", String(2), primary_key=True),
    Column("name", Text, nullable=False),
    Column("factor", String(12), nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

OPPS_CAPS = Table(
    "pfs_opps_caps",
    bulk_metadata,
    _key(),
    Column("code", String(5), primary_key=True),
    Column("modifier", String(2), primary_key=True),
    Column("contractor", String(5), primary_key=True),
    Column("locality", String(2), primary_key=True),
    Column("status", String(1), nullable=False),
    Column("facility", String(12), nullable=False),
    Column("nonfacility", String(12), nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

ZIPS = Table(
    "pfs_zips",
    bulk_metadata,
    _key(),
    Column("zip", String(5), primary_key=True),
    Column("state", String(2), nullable=False),
    Column("contractor", String(5), nullable=False),
    Column("locality", String(2), nullable=False),
    # 1: parts of it are of another locality, told apart by the +4.
    Column("plus_four", SmallInteger, nullable=False),
    # "R" rural, "B" super rural, or nothing.
    Column("rural", String(1), nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

ZIP9S = Table(
    "pfs_zip9s",
    bulk_metadata,
    _key(),
    Column("zip", String(5), primary_key=True),
    # The last four digits; "" for a ZIP code that needs none.
    Column("plus_four", String(4), primary_key=True),
    Column("state", String(2), nullable=False),
    Column("contractor", String(5), nullable=False),
    Column("locality", String(2), nullable=False),
    Column("rural", String(1), nullable=False),
    Column("source_row", Integer, nullable=False),
    sqlite_with_rowid=False,
)

TABLES = (RVUS, GPCIS, LOCALITIES, ANESTHESIA, OPPS_CAPS, ZIPS, ZIP9S)
