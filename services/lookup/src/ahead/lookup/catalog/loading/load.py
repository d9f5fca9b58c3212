"""Loads ICD-10-CM into a release: chunks first, one short publishing transaction last."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ahead.shared.processes import Progress, no_progress

from ..models import NODES, NOTES
from . import icd10cm_tabular, tabular_xml
from .icd10cm_release import Options, node_rows, note_rows, pair, read_list, release_values, sha256_of
from .recognise import Source, recognise
from .store import ReleaseStore
from .writer import BulkWriter


@dataclass(frozen=True)
class Loaded:
    """What a load did. `new` is False when the same content was held already."""

    release_id: int
    system: str
    edition: str
    new: bool
    codes: int
    billable: int
    window_from: date
    window_to: date | None
    seconds: float


class Loader(ReleaseStore):
    """Loads ICD-10-CM into one service's catalogue."""

    def load(
        self, paths: Sequence[Path], options: Options | None = None, progress: Progress = no_progress
    ) -> Loaded:
        """Loads the files as one release.

        Raises:
            Refused: with file, line and reason; what was held before is untouched.
        """
        options = options or Options()
        begun = time.monotonic()
        progress(0.0, "Reading")
        tabular, listed = pair(recognise(paths), options)
        with self.locked():
            return self._load(tabular, listed, options, progress, begun)

    def _load(
        self, tabular: Source, listed: Source | None, options: Options, progress: Progress, begun: float
    ) -> Loaded:
        sources = [tabular] if listed is None else [tabular, listed]
        sha256 = sha256_of(sources)
        held = self.held(
            sha256,
            icd10cm_tabular.LOADER,
            window_from=options.window_from,
            window_to=options.window_to,
            edition=options.release,
        )
        if held is not None:
            progress(1.0, "Already held")
            return Loaded(
                held.id,
                held.system,
                held.edition,
                False,
                held.rows,
                held.billable,
                held.window_from,
                held.window_to,
                time.monotonic() - begun,
            )
        with tabular.open() as stream:
            printed = tabular_xml.parse(
                stream, tabular.name, lambda read: progress(0.4 * read / max(tabular.size, 1), "Reading")
            )
        valid = read_list(listed) if listed is not None else None
        tree = icd10cm_tabular.build(
            printed,
            valid,
            tabular.name,
            listed.name if listed else "",
            lambda done: progress(0.4 + 0.2 * done, "Numbering"),
        )
        values = release_values(printed, tree, sources, options)
        values["sha256"] = sha256
        total = len(tree.nodes) + len(tree.notes)

        def fill(release_id: int, writer: BulkWriter) -> None:
            writer.write(NODES, _counted(node_rows(release_id, tree), total, 0, progress))
            writer.write(NOTES, _counted(note_rows(release_id, tree), total, len(tree.nodes), progress))

        release_id = self.add(values, (NODES, NOTES), fill)
        progress(1.0, "Published")
        return Loaded(
            release_id,
            values["system"],
            values["edition"],
            True,
            tree.codes,
            tree.billable,
            values["window_from"],
            values["window_to"],
            time.monotonic() - begun,
        )


def _counted(
    rows: Iterable[tuple[Any, ...]], total: int, before: int, progress: Progress
) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(rows, start=before):
        if number % 5_000 == 0:
            progress(0.6 + 0.38 * number / max(total, 1), "Writing")
        yield row
