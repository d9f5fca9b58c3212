"""Writes the bulk rows of a release: into a file of its own on SQLite, by COPY on PostgreSQL.

A writer sees rows as tuples in the order of the table's columns. Until the release is published nobody reads
what it wrote, so that chunks may be committed one by one.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table, delete
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from ..models import RELEASE_FILE_SCHEMA, RELEASE_INFO

CHUNK = 20_000
_SQLITE = sqlite.dialect()


class BulkWriter(Protocol):
    def write(self, table: Table, rows: Iterable[tuple[Any, ...]]) -> int:
        """Writes rows in chunks; returns how many."""
        ...

    def finish(self) -> None:
        """Makes what was written durable and ready to be published."""
        ...

    def abandon(self) -> None:
        """Removes what was written."""
        ...


def chunks(rows: Iterable[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


class SQLiteFileWriter:
    """Writes beside the final name and renames at the end, so that a file by that name is always whole.

    Indexes are made after the rows: sorting once is faster than keeping a tree in order.
    """

    def __init__(
        self, path: Path, release_id: int, sha256: str, loader: str, tables: Sequence[Table]
    ) -> None:
        self._final = path
        self._part = path.with_suffix(".part")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._part.unlink(missing_ok=True)
        self._indexes = [
            str(CreateIndex(index).compile(dialect=_SQLITE))
            for table in tables
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        ]
        self._connection = sqlite3.connect(self._part)
        # Nothing of this file counts before its rename: no journal, one fsync at the end.
        self._connection.execute("PRAGMA journal_mode=OFF")
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.execute("PRAGMA cache_size=-65536")
        with self._connection:
            for table in (RELEASE_INFO, *tables):
                self._connection.execute(str(CreateTable(table).compile(dialect=_SQLITE)))
        info = (RELEASE_FILE_SCHEMA, release_id, sha256, loader)
        self.write(RELEASE_INFO, [info])

    def write(self, table: Table, rows: Iterable[tuple[Any, ...]]) -> int:
        columns = ", ".join(column.name for column in table.columns)
        marks = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})"  # noqa: S608  names are our own
        written = 0
        for chunk in chunks(rows, CHUNK):
            with self._connection:
                self._connection.executemany(statement, chunk)
            written += len(chunk)
        return written

    def finish(self) -> None:
        for statement in self._indexes:
            self._connection.execute(statement)
        self._connection.execute("PRAGMA optimize=0x10002")
        self._connection.commit()
        self._connection.close()
        with self._part.open("rb") as file:
            os.fsync(file.fileno())
        self._part.replace(self._final)
        folder = os.open(self._final.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def abandon(self) -> None:
        self._connection.close()
        self._part.unlink(missing_ok=True)
        self._final.unlink(missing_ok=True)


class PostgresWriter:
    """COPY into the service's database, one short transaction per chunk, under an unpublished release."""

    def __init__(self, engine: Engine, release_id: int, tables: Sequence[Table]) -> None:
        self._engine = engine
        self._release_id = release_id
        self._tables = tables

    def write(self, table: Table, rows: Iterable[tuple[Any, ...]]) -> int:
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        written = 0
        for chunk in chunks(rows, CHUNK):
            with self._engine.begin() as connection:
                # What is published later in a transaction of its own is on disk by then, and this with it.
                connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
                driver: Any = connection.connection.driver_connection
                with (
                    driver.cursor() as cursor,
                    cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy,
                ):
                    for row in chunk:
                        copy.write_row(row)
            written += len(chunk)
        return written

    def finish(self) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in self._tables:
                connection.exec_driver_sql(f"ANALYZE {table.name}")

    def abandon(self) -> None:
        with self._engine.begin() as connection:
            delete_rows(connection, self._release_id, self._tables)


def delete_rows(connection: Connection, release_id: int, tables: Sequence[Table]) -> None:
    """Removes a release's bulk rows from the service's database (PostgreSQL)."""
    for table in tables:
        connection.execute(delete(table).where(table.c.release_id == release_id))


def file_is_current(path: Path, sha256: str, loader: str) -> bool:
    """Is this a whole file of the present schema, made from that content by that loader?"""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT schema_version, sha256, loader FROM release_info").fetchone()
    except sqlite3.DatabaseError:
        return False
    return row == (RELEASE_FILE_SCHEMA, sha256, loader)
