"""Loads the files of any official source: a source says which files are its own and how their rows are read.

One release per `Work`, each atomic. ICD-10-CM has a loader of its own beside this (`official`), because its
editions build on each other.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol

from sqlalchemy import Table

from ahead.shared.processes import Progress

from .files import InputFile
from .icd10cm_release import Options
from .refusal import Refuse, Refused, at_once
from .store import ReleaseStore
from .writer import BulkWriter


@dataclass(frozen=True)
class Filled:
    """What was written: rows as the publisher counts them; `nodes` and `billable` for lists of codes."""

    rows: int
    nodes: int = 0
    billable: int = 0
    remark: str = ""
    """Wins over the work's own where it is said."""


@dataclass(frozen=True)
class Work:
    """One release to be loaded.

    Attributes:
        system: key among the releases: a code system for a list of its codes (with `nodes`), else the source's own.
        kind: which form of it: "hcpcs-anweb".
        edition: as the publisher calls it.
        loader: name and version of the program that reads it, "hcpcs-anweb/1": another version loads again.
        tables: those that `fill` writes.
        fill: writes the rows of the release of that id; raises Refused.
        remark: what has to be said about the whole release, at most 300 characters.
    """

    system: str
    kind: str
    edition: str
    files: tuple[InputFile, ...]
    window_from: date
    window_to: date | None
    window_origin: Literal["file", "calendar"]
    loader: str
    tables: tuple[Table, ...]
    fill: Callable[[int, BulkWriter, Progress], Filled]
    remark: str = ""

    @property
    def sha256(self) -> str:
        """One hash over all files; of a single file its own."""
        if len(self.files) == 1:
            return self.files[0].sha256
        return hashlib.sha256("\n".join(file.sha256 for file in self.files).encode()).hexdigest()


class Source(Protocol):
    """An official source.

    Attributes:
        names: printed names by key among the releases.
        counted: what a row of it is, in the plural: "edits"; by key where they differ.
    """

    @property
    def names(self) -> Mapping[str, str]: ...

    @property
    def counted(self) -> str | Mapping[str, str]: ...

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        """The releases that the files make, told by their content; files of other sources are passed over.

        Raises:
            Refused: a file is of this source and can't be taken.
        """
        ...


@dataclass(frozen=True)
class Loaded:
    """What a load did. `new` is False when the same content was held already."""

    release_id: int
    system: str
    kind: str
    edition: str
    new: bool
    rows: int
    billable: int
    window_from: date
    window_to: date | None
    seconds: float
    remark: str = ""


class SourceLoader(ReleaseStore):
    """Loads what sources claimed into one service's catalogue."""

    def load_works(
        self, works: Sequence[Work], options: Options, progress: Progress, refuse: Refuse = at_once
    ) -> list[Loaded]:
        """Loads each release by itself, in the order given.

        Args:
            refuse: is told with file, line and reason; of the release that it is about nothing is held.
        """
        loaded: list[Loaded] = []
        with self.locked():
            for number, work in enumerate(works):

                def part(fraction: float, text: str, number: int = number) -> None:
                    progress((number + fraction) / len(works), text)

                try:
                    loaded.append(self._load(work, _values(work, options), part))
                except Refused as refused:
                    refuse(refused)
        return loaded

    def _load(self, work: Work, values: dict[str, Any], progress: Progress) -> Loaded:
        begun = time.monotonic()
        held = self.held(
            values["sha256"],
            values["loader"],
            system=work.system,
            kind=work.kind,
            window_from=values["window_from"],
            window_to=values["window_to"],
            edition=values["edition"],
        )
        if held is not None:
            return Loaded(
                held.id, held.system, held.kind, held.edition, False, held.rows, held.billable, held.window_from,
                held.window_to, time.monotonic() - begun, held.remark,
            )  # fmt: skip
        filled = Filled(0)

        def fill(release_id: int, writer: BulkWriter) -> dict[str, Any]:
            nonlocal filled
            filled = work.fill(release_id, writer, progress)
            known: dict[str, Any] = {"rows": filled.rows, "nodes": filled.nodes, "billable": filled.billable}
            return known | ({"remark": filled.remark} if filled.remark else {})

        release_id = self.add(values, work.tables, fill)
        return Loaded(
            release_id, work.system, work.kind, values["edition"], True, filled.rows, filled.billable,
            values["window_from"], values["window_to"], time.monotonic() - begun, filled.remark or work.remark,
        )  # fmt: skip


def _values(work: Work, options: Options) -> dict[str, Any]:
    """The columns of `releases` that the files and the operator decide."""
    given = options.window_from is not None or options.window_to is not None
    start = options.window_from or work.window_from
    end = options.window_to or work.window_to
    if given and options.window_to is None and end is not None and end < start:
        end = None
    if end is not None and end < start:
        raise Refused(work.files[0].name, f"its window would end on {end}, before it begins on {start}")
    return {
        "system": work.system,
        "kind": work.kind,
        "edition": options.release or work.edition,
        "source": options.source,
        "files": json.dumps([[file.name, file.sha256] for file in work.files]),
        "sha256": work.sha256,
        "loader": work.loader,
        "window_from": start,
        "window_to": end,
        "window_origin": "option" if given else work.window_origin,
        "rows": 0,
        "nodes": 0,
        "billable": 0,
        "remark": work.remark,
    }


def load_works(
    database_url: str,
    releases_dir: Path,
    works: Sequence[Work],
    options: Options,
    progress: Progress,
    refuse: Refuse = at_once,
) -> list[Loaded]:
    """`SourceLoader.load_works` on a store of its own."""
    with SourceLoader(database_url, releases_dir) as loader:
        return loader.load_works(works, options, progress, refuse)
