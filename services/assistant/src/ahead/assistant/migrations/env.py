"""Alembic's way in; see ahead.shared.db.migrations."""

from ahead.assistant.models import metadata
from ahead.shared.db.migrations import run_env

run_env(metadata)
