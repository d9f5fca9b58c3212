"""SQL of the ASC payment system: plain functions of a connection, alike on a release's file and on PostgreSQL."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from .models import DEVICES, EXCLUDED, NOTES, RATES, WAGES


@dataclass(frozen=True, slots=True)
class RateRow:
    """Money in cents."""

    source_file: int
    source_row: int
    addendum: str
    mark: str
    discounted: str
    expires: str
    indicator: str
    weight: str | None
    rate: int | None
    copayment: int | None


@dataclass(frozen=True, slots=True)
class DeviceRow:
    source_file: int
    source_row: int
    indicator: str
    apc: str
    apc_offset: str | None
    opps_rate: int | None
    device_offset: str | None
    device_amount: int | None


@dataclass(frozen=True, slots=True)
class Held:
    """All that one quarter says of a code."""

    rates: tuple[RateRow, ...]
    excluded: tuple[tuple[int, int], ...]
    devices: tuple[DeviceRow, ...]


@dataclass(frozen=True, slots=True)
class AreaRow:
    area: str
    name: str
    wage_index: str | None
    source_row: int


def code_rows(connection: Connection, release_id: int, code: str) -> Held:
    rates = select(*(RATES.c[name] for name in RateRow.__slots__)).where(
        RATES.c.release_id == release_id, RATES.c.code == code
    )
    devices = select(*(DEVICES.c[name] for name in DeviceRow.__slots__)).where(
        DEVICES.c.release_id == release_id, DEVICES.c.code == code
    )
    excluded = select(EXCLUDED.c.source_file, EXCLUDED.c.source_row).where(
        EXCLUDED.c.release_id == release_id, EXCLUDED.c.code == code
    )
    return Held(
        tuple(
            RateRow(*row)
            for row in connection.execute(rates.order_by(RATES.c.source_file, RATES.c.source_row))
        ),
        tuple((row[0], row[1]) for row in connection.execute(excluded.order_by(EXCLUDED.c.source_row))),
        tuple(DeviceRow(*row) for row in connection.execute(devices.order_by(DEVICES.c.source_row))),
    )


def notes(connection: Connection, release_id: int, addendum: str) -> list[str]:
    query = select(NOTES.c.text).where(NOTES.c.release_id == release_id, NOTES.c.addendum == addendum)
    return [row[0] for row in connection.execute(query.order_by(NOTES.c.source_row))]


def areas(connection: Connection, release_id: int, area: str | None = None) -> list[AreaRow]:
    """Lines of the wage indices in the order of the file; of one area or all."""
    query = select(WAGES.c.area, WAGES.c.name, WAGES.c.wage_index, WAGES.c.source_row).where(
        WAGES.c.release_id == release_id
    )
    if area is not None:
        query = query.where(WAGES.c.area == area)
    return [AreaRow(*row) for row in connection.execute(query.order_by(WAGES.c.source_row))]
