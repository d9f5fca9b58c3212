"""The tables of metering: the raw events are the truth, everything else is made from them."""

# What sqlmodel declares of table names and column types is narrower than what it takes.
# pyright: reportAssignmentType=false, reportArgumentType=false

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, Table, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from ahead.shared.db.base import UtcDateTime, make_base
from ahead.shared.events.dead_letters import dead_letter_table

Base = make_base("metering")

# SQLite numbers rows by itself only where the key is called INTEGER.
_SEQ = BigInteger().with_variant(Integer(), "sqlite")


class RawEvent(Base, table=True):
    """One event as it came in. ``seq`` is the order of arrival; source and event id together are unique."""

    __tablename__ = "raw_events"
    __table_args__ = (
        UniqueConstraint("source", "event_id", name="uq_raw_events_source"),
        Index("ix_raw_events_metric_occurred_at", "metric", "occurred_at"),
        # For erasure: without it every one would read everything.
        Index("ix_raw_events_principal", "principal"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=_SEQ)
    source: str = Field(max_length=100)
    event_id: str = Field(max_length=64)
    type: str = Field(max_length=200)
    product: str = Field(max_length=64)
    metric: str = Field(max_length=100)
    plan: str = Field(max_length=40)
    period: str = Field(max_length=7)
    principal: str = Field(max_length=100)
    thing: str = Field(max_length=200)
    quantity: int = Field(sa_type=BigInteger)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)
    # What a report needs beyond the counted keys; see DETAILS in ingest/service.py.
    detail: str = Field(default="", max_length=200)
    results: int | None = Field(default=None, sa_type=BigInteger)
    # The whole event, so that a question nobody asked yet can still be answered.
    body: str = Field(sa_type=Text)


class UsageHourly(Base, table=True):
    """Counts of one hour. ``bucket`` is the hour's beginning in UTC."""

    __tablename__ = "usage_hourly"
    __table_args__ = ({"sqlite_with_rowid": False},)

    bucket: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    product: str = Field(primary_key=True, max_length=64)
    metric: str = Field(primary_key=True, max_length=100)
    plan: str = Field(primary_key=True, max_length=40)
    period: str = Field(primary_key=True, max_length=7)
    principal: str = Field(primary_key=True, max_length=100)
    thing: str = Field(primary_key=True, max_length=200)
    count: int = Field(sa_type=BigInteger)


class UsageDaily(Base, table=True):
    """Counts of one day in UTC."""

    __tablename__ = "usage_daily"
    __table_args__ = ({"sqlite_with_rowid": False},)

    bucket: date = Field(primary_key=True)
    product: str = Field(primary_key=True, max_length=64)
    metric: str = Field(primary_key=True, max_length=100)
    plan: str = Field(primary_key=True, max_length=40)
    period: str = Field(primary_key=True, max_length=7)
    principal: str = Field(primary_key=True, max_length=100)
    thing: str = Field(primary_key=True, max_length=200)
    count: int = Field(sa_type=BigInteger)


class ClosedPeriodCorrection(Base, table=True):
    """An event that was counted in a period after that period had closed: what a settled month gained."""

    __tablename__ = "closed_period_corrections"

    source: str = Field(primary_key=True, max_length=100)
    event_id: str = Field(primary_key=True, max_length=64)
    period: str = Field(index=True, max_length=7)
    product: str = Field(max_length=64)
    metric: str = Field(max_length=100)
    plan: str = Field(max_length=40)
    principal: str = Field(max_length=100)
    thing: str = Field(max_length=200)
    quantity: int = Field(sa_type=BigInteger)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class ErasedPrincipal(Base, table=True):
    """Somebody who is erased, by a keyed name: events that come late get it, too."""

    __tablename__ = "erased_principals"
    __table_args__ = (UniqueConstraint("name", name="uq_erased_principals_name"),)

    seq: int | None = Field(default=None, primary_key=True, sa_type=_SEQ)
    name: str = Field(max_length=64)
    erased_at: datetime = Field(sa_type=UtcDateTime)


class Rebuild(Base, table=True):
    """The rebuild under way or the last one: a later one takes over by writing its own token."""

    __tablename__ = "rebuilds"

    id: int = Field(default=1, primary_key=True)
    token: str = Field(max_length=64)
    state: str = Field(max_length=10)
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    events: int = Field(default=0, sa_type=BigInteger)


metadata = Base.metadata
dead_letters = dead_letter_table(metadata)


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model, for Core statements: bulk work goes past the ORM."""
    return cast("Any", model).__table__
