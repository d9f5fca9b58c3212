"""Reads what an earlier release holds, for one that builds on it. Plain, blocking: for loaders."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select

from ..models import NODES, NOTES, RELEASES
from ..repository import read_only_engine, release_file
from .icd10cm_tree import Heading, Row, Structure

OFFICIAL = ("icd10cm-order", "icd10cm-codes")
TABULAR = "icd10cm-tabular"


@dataclass(frozen=True)
class Before:
    """The edition before: its headings and codes, whose `file` counts into `files`."""

    edition: str
    sha256: str
    window_to: date | None
    official: bool
    files: list[list[str | None]]
    rows: dict[str, Row] = field(default_factory=dict[str, Row])


class HeldReleases:
    """What is published now.

    Args:
        releases_dir: folder of the releases' files, or None on PostgreSQL.
    """

    def __init__(self, engine: Engine, releases_dir: Path | None) -> None:
        self._engine = engine
        self._dir = releases_dir

    def tabular_for(self, start: date) -> RowMapping | None:
        """The tabular list in force at `start` or last before it; else the first one after."""
        held = self._published((TABULAR,))
        earlier = [row for row in held if row["window_from"] <= start]
        if earlier:
            return earlier[-1]
        return held[0] if held else None

    def before(self, start: date) -> RowMapping | None:
        """The edition in force before `start`; an official one before a tabular list of the same time."""
        held = [row for row in self._published((*OFFICIAL, TABULAR)) if row["window_from"] < start]
        ordered = sorted(held, key=lambda row: (row["window_from"], row["kind"] in OFFICIAL, row["id"]))
        return ordered[-1] if ordered else None

    def structure(self, release: RowMapping) -> Structure:
        found = Structure()
        columns = (NODES.c.code, NODES.c.kind, NODES.c.parent, NODES.c.title, NODES.c.source_row)
        query = select(*columns).where(NODES.c.release_id == release["id"]).order_by(NODES.c.ordinal)
        notes = select(NOTES.c.code, NOTES.c.key).where(
            NOTES.c.release_id == release["id"], NOTES.c.kind == "seventh_character_value"
        )
        with self._reading(release) as connection:
            for code, kind, parent, title, row in connection.execute(query):
                if kind in ("chapter", "section"):
                    found.headings.append(Heading(code, kind, parent, title, row))
                    continue
                found.printed.add(code)
                if len(code) == 3:
                    found.place[code] = parent
                elif kind == "extension":
                    found.extensions.add(code)
            for code, key in connection.execute(notes):
                found.seventh.setdefault(code, set()).add(key)
        return found

    def rows(self, release: RowMapping, first_file: int) -> Before:
        """Args:
        first_file: where the release's files will stand among those of the new release.
        """
        files = [_labelled(entry, release) for entry in json.loads(release["files"])]
        official = release["kind"] in OFFICIAL
        before = Before(release["edition"], release["sha256"], release["window_to"], official, files)
        c = NODES.c
        query = select(
            c.code, c.billable, c.short_title, c.title, c.title_origin, c.source_file, c.source_row
        ).where(c.release_id == release["id"], c.kind.not_in(("chapter", "section")))
        with self._reading(release) as connection:
            for code, billable, short, title, origin, file, line in connection.execute(query):
                before.rows[code] = Row(code, billable, short, title, origin, first_file + file, line)
        return before

    def file_of(self, release: RowMapping) -> list[str | None]:
        """The entry of a release's first file, labelled with its edition."""
        return _labelled(json.loads(release["files"])[0], release)

    def _published(self, kinds: tuple[str, ...]) -> list[RowMapping]:
        query = (
            select(RELEASES)
            .where(
                RELEASES.c.system == "icd10cm",
                RELEASES.c.kind.in_(kinds),
                RELEASES.c.status == "published",
            )
            .order_by(RELEASES.c.window_from, RELEASES.c.id)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query).mappings())

    @contextmanager
    def _reading(self, release: RowMapping) -> Generator[Connection]:
        if self._dir is None:
            with self._engine.connect() as connection:
                yield connection
            return
        engine = read_only_engine(release_file(self._dir, release["id"], release["sha256"]))
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


def _labelled(entry: list[str | None], release: RowMapping) -> list[Any]:
    """[name, sha256, edition, from, to]; one that says its edition already keeps it."""
    if len(entry) > 2:
        return entry
    end = release["window_to"]
    return [*entry, release["edition"], release["window_from"].isoformat(), end.isoformat() if end else None]
