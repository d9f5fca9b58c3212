"""Alembic without an ini file: each service packages its migrations and upgrades itself.

A service's ``migrations/env.py`` is two lines: import the metadata, call `run_env`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import MetaData, create_engine, event, make_url, pool
from sqlalchemy.exc import DatabaseError

from ahead.shared.settings import SettingsError


def sync_url(url: str) -> str:
    """The same database for a synchronous engine: Alembic needs no event loop."""
    return url.replace("sqlite+aiosqlite", "sqlite")


def config_for(database_url: str, scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["database_url"] = database_url
    return config


def upgrade(database_url: str, scripts: Path, revision: str = "head") -> None:
    """Bring a database to a revision; makes the SQLite file and its folder where they are missing.

    Raises:
        SettingsError: the folder can't be made, the database can't be opened or written, or it was made by a
            newer version of the program.
    """
    parsed = make_url(database_url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        folder = Path(parsed.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"{folder} can't be made ({error.strerror}): choose another --data"
            ) from error
    try:
        command.upgrade(config_for(database_url, scripts), revision)
    except DatabaseError as error:
        if not _unusable(error):
            raise
        where = parsed.database if parsed.get_backend_name() == "sqlite" else parsed.render_as_string()
        raise SettingsError(
            f"the database {where} can't be used ({str(error.orig).strip().splitlines()[0]}): "
            "check that it is there and may be written, or choose another one"
        ) from error
    except CommandError as error:
        if "Can't locate revision" not in str(error):
            raise
        raise SettingsError(
            f"the database {parsed.database} was made by a newer version: update the program, or restore a backup"
        ) from error


def _unusable(error: DatabaseError) -> bool:
    """Whether the database itself is out of reach, as against a statement that it refused."""
    text = str(error.orig)
    signs = (
        "unable to open",
        "readonly",
        "not a database",
        "malformed",
        "is full",
        "is locked",
        "connection",
    )
    return any(sign in text for sign in signs)


def downgrade(database_url: str, scripts: Path, revision: str = "base") -> None:
    command.downgrade(config_for(database_url, scripts), revision)


def check(database_url: str, scripts: Path) -> None:
    """Raise when the models say something that no migration makes."""
    command.check(config_for(database_url, scripts))


def make_revision(database_url: str, scripts: Path, message: str, revision: str) -> None:
    """Write a new migration from the difference between models and database."""
    command.revision(config_for(database_url, scripts), message, autogenerate=True, rev_id=revision)


def run_env(metadata: MetaData | Sequence[MetaData]) -> None:
    """What every ``env.py`` does."""
    url = context.config.attributes["database_url"]
    engine = create_engine(sync_url(url), poolclass=pool.NullPool)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:

        @event.listens_for(engine, "connect")
        def on_connect(connection: Any, _record: Any) -> None:
            # Two processes may upgrade at once: the second waits for the first.
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA busy_timeout=30000")

    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=sqlite,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
