"""Alembic's way in; see ahead.shared.db.migrations.

On PostgreSQL the catalogue's bulk tables are in the service's database too; on SQLite each release has them
in a file of its own.
"""

from alembic import context
from sqlalchemy import make_url

from ahead.lookup.catalog.loading.registry import sources
from ahead.lookup.catalog.models import bulk_metadata
from ahead.lookup.models import metadata
from ahead.shared.db.migrations import run_env

# Their tables are bulk tables too, and are made by importing them.
sources()
sqlite = make_url(context.config.attributes["database_url"]).get_backend_name() == "sqlite"
run_env([metadata] if sqlite else [metadata, bulk_metadata])
