"""A base class per service: SQLModel's own metadata is global, and two services would clash in one process."""

from datetime import datetime
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlalchemy.types import DateTime, TypeDecorator
from sqlmodel import SQLModel

from ahead.shared.clock import UTC

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC on both databases; a naive value is a mistake and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime can't be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def make_base(service: str) -> type[SQLModel]:
    """The base class of a service's table models, on metadata of its own.

    Usage: ``Base = make_base("lookup")`` and ``class Thing(Base, table=True)``.
    """
    metadata = MetaData(naming_convention=NAMING)
    own: Any = registry(metadata=metadata)
    base: Any = type(SQLModel)(f"{service.title()}Base", (SQLModel,), {"__module__": __name__}, registry=own)
    base.metadata = metadata
    return base
