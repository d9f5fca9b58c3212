"""Alembic's way in; see ahead.shared.db.migrations."""

from ahead.accounts.models import metadata
from ahead.shared.db.migrations import run_env

run_env(metadata)
