"""Tables of loads and of accepted licences, in the service's database."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, SmallInteger, String, Table, Text

from ahead.lookup.catalog.models import metadata
from ahead.shared.db.base import UtcDateTime

STATUSES = ("queued", "running", "loaded", "held", "refused", "failed")
"""`held`: the same content was there already."""


def loads_table(metadata: MetaData) -> Table:
    """One row per load that was asked for; its job works by the id."""
    return Table(
        "catalog_loads",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("file_name", String(200), nullable=False),
        # Below the import folder.
        Column("path", Text, nullable=False),
        # What the operator says instead of the file, as JSON: system, release, from, to.
        Column("options", Text, nullable=False, server_default="{}"),
        Column("requested_by", String(64), nullable=False),
        Column("status", String(10), nullable=False, server_default="queued"),
        Column("percent", SmallInteger, nullable=False, server_default="0"),
        Column("stage", String(80), nullable=False, server_default=""),
        # What was loaded, as JSON; a list of releases.
        Column("result", Text, nullable=False, server_default="[]"),
        # Why not, with file and line.
        Column("message", Text, nullable=False, server_default=""),
        Column("created_at", UtcDateTime, nullable=False),
        Column("started_at", UtcDateTime, nullable=True),
        Column("finished_at", UtcDateTime, nullable=True),
        CheckConstraint(f"status IN ({', '.join(repr(s) for s in STATUSES)})", name="status"),
        Index("ix_catalog_loads_created_at", "created_at"),
    )


def licences_table(metadata: MetaData) -> Table:
    """Who accepted a publisher's licence for fetching, and when. Rows are never changed."""
    return Table(
        "licence_acceptances",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=True),
        # "ama-click-through".
        Column("licence", String(40), nullable=False),
        # What was fetched under it.
        Column("source", String(60), nullable=False),
        Column("address", Text, nullable=False),
        Column("accepted_by", String(120), nullable=False),
        Column("accepted_at", UtcDateTime, nullable=False),
    )


LOADS = loads_table(metadata)
LICENCES = licences_table(metadata)
