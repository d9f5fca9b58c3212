"""The fee schedule's SQL: plain functions of a connection, alike on a release's own file and on PostgreSQL."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from .models import ANESTHESIA, GPCIS, LOCALITIES, OPPS_CAPS, RVUS, ZIP9S, ZIPS

D = Decimal


@dataclass(frozen=True, slots=True)
class RvuRow:
    """A row of the relative values: one code, or one of its parts (`modifier` 26, TC, 53)."""

    code: str
    modifier: str
    status: str
    not_used: str
    work: Decimal
    pe_nonfacility: Decimal
    na_nonfacility: bool
    pe_facility: Decimal
    na_facility: bool
    mp: Decimal
    total_nonfacility: Decimal
    total_facility: Decimal
    pctc: str
    global_days: str
    preoperative: Decimal
    intraoperative: Decimal
    postoperative: Decimal
    multiple: str
    bilateral: str
    assistant: str
    co_surgeons: str
    team: str
    endoscopic_base: str
    conversion_factor: Decimal
    supervision: str
    calculation: str
    imaging_family: str
    opps_pe_nonfacility: Decimal
    opps_pe_facility: Decimal
    opps_mp: Decimal
    source_row: int

    def pe(self, setting: str) -> Decimal:
        return self.pe_facility if setting == "facility" else self.pe_nonfacility

    def na(self, setting: str) -> bool:
        return self.na_facility if setting == "facility" else self.na_nonfacility

    def total(self, setting: str) -> Decimal:
        return self.total_facility if setting == "facility" else self.total_nonfacility

    def opps_pe(self, setting: str) -> Decimal:
        return self.opps_pe_facility if setting == "facility" else self.opps_pe_nonfacility

    @property
    def has_cap(self) -> bool:
        return bool(self.opps_pe_nonfacility or self.opps_pe_facility or self.opps_mp)


@dataclass(frozen=True, slots=True)
class Gpci:
    contractor: str
    locality: str
    state: str
    name: str
    work: Decimal
    pe: Decimal
    mp: Decimal
    source_row: int


@dataclass(frozen=True, slots=True)
class LocalityRow:
    contractor: str
    locality: str
    state: str
    area: str
    counties: str
    source_row: int


@dataclass(frozen=True, slots=True)
class AnesthesiaRow:
    contractor: str
    locality: str
    name: str
    factor: Decimal
    source_row: int


@dataclass(frozen=True, slots=True)
class ZipRow:
    zip: str
    state: str
    contractor: str
    locality: str
    plus_four: bool
    rural: str
    source_row: int


@dataclass(frozen=True, slots=True)
class CapRow:
    facility: Decimal
    nonfacility: Decimal
    source_row: int


_RVU_COLUMNS = [column for column in RVUS.c if column.name != "release_id"]
_DECIMALS = frozenset(
    {
        "work", "pe_nonfacility", "pe_facility", "mp", "total_nonfacility", "total_facility", "preoperative",
        "intraoperative", "postoperative", "conversion_factor", "opps_pe_nonfacility", "opps_pe_facility", "opps_mp",
    }
)  # fmt: skip
_FLAGS = frozenset({"na_nonfacility", "na_facility"})


def rvu_of(row: Any) -> RvuRow:
    """From the columns of the table after `release_id`."""
    values: list[Any] = [
        D(str(value)) if column.name in _DECIMALS else bool(value) if column.name in _FLAGS else value
        for column, value in zip(_RVU_COLUMNS, row, strict=True)
    ]
    return RvuRow(*values)


def rvu_rows(connection: Connection, release_id: int, codes: list[str]) -> list[RvuRow]:
    """Every row of the codes: the code's own first, then its parts."""
    query = select(*_RVU_COLUMNS).where(RVUS.c.release_id == release_id, RVUS.c.code.in_(codes))
    return [rvu_of(row) for row in connection.execute(query.order_by(RVUS.c.code, RVUS.c.modifier))]


def rows_after(connection: Connection, release_id: int, code: str, limit: int) -> list[RvuRow]:
    """The rows that follow a code in the order of codes, without those of its own parts."""
    query = select(*_RVU_COLUMNS).where(RVUS.c.release_id == release_id, RVUS.c.code > code)
    return [
        rvu_of(row) for row in connection.execute(query.order_by(RVUS.c.code, RVUS.c.modifier).limit(limit))
    ]


def gpcis(connection: Connection, release_id: int) -> list[Gpci]:
    """All localities, by state and number."""
    columns: list[Any] = [GPCIS.c[name] for name in Gpci.__slots__]
    query = select(*columns).where(GPCIS.c.release_id == release_id).order_by(GPCIS.c.state, GPCIS.c.locality)
    rows: Any = connection.execute(query)
    return [Gpci(r[0], r[1], r[2], r[3], D(r[4]), D(r[5]), D(r[6]), r[7]) for r in rows]


def localities(connection: Connection, release_id: int) -> list[LocalityRow]:
    columns = [LOCALITIES.c[name] for name in LocalityRow.__slots__]
    query = select(*columns).where(LOCALITIES.c.release_id == release_id).order_by(LOCALITIES.c.source_row)
    return [LocalityRow(*row) for row in connection.execute(query)]


def anesthesia(
    connection: Connection, release_id: int, contractor: str, locality: str
) -> AnesthesiaRow | None:
    columns = [ANESTHESIA.c[name] for name in AnesthesiaRow.__slots__]
    query = select(*columns).where(
        ANESTHESIA.c.release_id == release_id,
        ANESTHESIA.c.contractor == contractor,
        ANESTHESIA.c.locality == locality,
    )
    row: Any = connection.execute(query).one_or_none()
    return None if row is None else AnesthesiaRow(row[0], row[1], row[2], D(row[3]), row[4])


def zip_row(connection: Connection, release_id: int, zip_code: str) -> ZipRow | None:
    columns = [ZIPS.c[name] for name in ZipRow.__slots__]
    query = select(*columns).where(ZIPS.c.release_id == release_id, ZIPS.c.zip == zip_code)
    row: Any = connection.execute(query).one_or_none()
    return None if row is None else ZipRow(row[0], row[1], row[2], row[3], bool(row[4]), row[5], row[6])


def zip9_row(connection: Connection, release_id: int, zip_code: str, four: str) -> ZipRow | None:
    """The row of a ZIP code with its last four digits."""
    query: Any = select(
        ZIP9S.c.zip, ZIP9S.c.state, ZIP9S.c.contractor, ZIP9S.c.locality, ZIP9S.c.rural, ZIP9S.c.source_row
    ).where(ZIP9S.c.release_id == release_id, ZIP9S.c.zip == zip_code, ZIP9S.c.plus_four == four)
    row: Any = connection.execute(query).one_or_none()
    return None if row is None else ZipRow(row[0], row[1], row[2], row[3], True, row[4], row[5])


def cap_row(
    connection: Connection, release_id: int, code: str, modifier: str, contractor: str, locality: str
) -> CapRow | None:
    query: Any = select(OPPS_CAPS.c.facility, OPPS_CAPS.c.nonfacility, OPPS_CAPS.c.source_row).where(
        OPPS_CAPS.c.release_id == release_id,
        OPPS_CAPS.c.code == code,
        OPPS_CAPS.c.modifier == modifier,
        OPPS_CAPS.c.contractor == contractor,
        OPPS_CAPS.c.locality == locality,
    )
    row: Any = connection.execute(query).one_or_none()
    return None if row is None else CapRow(D(row[0]), D(row[1]), row[2])


def global_days(
    connection: Connection, release_id: int, codes: Collection[str]
) -> dict[str, tuple[str, int]]:
    """Global days and row of several codes; of the codes themselves, not of their parts."""
    query = select(RVUS.c.code, RVUS.c.global_days, RVUS.c.source_row).where(
        RVUS.c.release_id == release_id, RVUS.c.code.in_(codes), RVUS.c.modifier == ""
    )
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}
