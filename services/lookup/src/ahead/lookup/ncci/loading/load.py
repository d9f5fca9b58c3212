"""Loads NCCI files as releases: one per setting and table."""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.store import ReleaseStore
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress, no_progress

from ..kinds import quarter_named
from ..models import ADD_ONS, MUE, PTP, PTP_RATIONALES
from .ptp import PtpReader
from .recognise import Edition, Given, editions
from .small import add_on_rows, mue_rows

LOADERS = {"ptp": "ncci-ptp/1", "mue": "ncci-mue/1", "add-on": "ncci-add-on/1"}
_TABLES = {"ptp": (PTP, PTP_RATIONALES), "mue": (MUE,), "add-on": (ADD_ONS,)}


@dataclass(frozen=True)
class Loaded:
    """What a load did. `new` is False when the same content was held already."""

    release_id: int
    system: str
    edition: str
    new: bool
    rows: int
    window_from: date
    window_to: date | None
    seconds: float


class NcciLoader(ReleaseStore):
    """Loads NCCI into one service's catalogue."""

    def load(
        self, given: Sequence[Given], options: Options | None = None, progress: Progress = no_progress
    ) -> list[Loaded]:
        """Loads the files, each edition by itself, in the order given.

        Raises:
            Refused: with file, line and reason; of the edition that it is about nothing is held.
        """
        options = options or Options()
        progress(0.0, "Reading")
        todo = editions(given, options.system)
        values = [_release_values(edition, options) for edition in todo]
        loaded: list[Loaded] = []
        with self.locked():
            for number, (edition, row) in enumerate(zip(todo, values, strict=True)):

                def part(fraction: float, text: str, number: int = number) -> None:
                    progress((number + fraction) / len(todo), text)

                loaded.append(self._load(edition, row, options, part))
        progress(1.0, "Published" if any(one.new for one in loaded) else "Already held")
        return loaded

    def _load(self, edition: Edition, values: dict[str, Any], options: Options, progress: Progress) -> Loaded:
        begun = time.monotonic()
        held = self.held(
            values["sha256"],
            values["loader"],
            window_from=options.window_from,
            window_to=options.window_to,
            edition=options.release,
        )
        if held is not None and held.system == edition.system:
            return Loaded(
                held.id, held.system, held.edition, False, held.rows, held.window_from, held.window_to,
                time.monotonic() - begun,
            )  # fmt: skip
        rows = 0

        def fill(release_id: int, writer: BulkWriter) -> dict[str, Any]:
            nonlocal rows
            rows = _fill(edition, release_id, writer, progress)
            return {"rows": rows}

        release_id = self.add(values, _TABLES[edition.table], fill)
        return Loaded(
            release_id, edition.system, values["edition"], True, rows, values["window_from"],
            values["window_to"], time.monotonic() - begun,
        )  # fmt: skip


def _fill(edition: Edition, release_id: int, writer: BulkWriter, progress: Progress) -> int:
    """Writes the bulk rows; returns how many, as the publisher counts them."""
    if edition.table == "mue":
        _, values = mue_rows(edition.files[0])
        return writer.write(MUE, ((release_id, *row) for row in values))
    if edition.table == "add-on":
        found = add_on_rows(edition.files[0])
        rows = ((release_id, add_on, *rest) for add_on, *rest in found)
        return writer.write(ADD_ONS, rows)
    reader = PtpReader()
    assert edition.layout is not None
    for number, file in enumerate(edition.files):

        def read(part: float, number: int = number) -> None:
            # What comes after the rows, the indexes, takes a fifth of the time.
            progress(0.8 * (number + part) / len(edition.files), "Writing")

        writer.write(PTP, reader.read(release_id, number, file, edition.layout, read))
    writer.write(PTP_RATIONALES, reader.rationales(release_id))
    progress(0.8, "Sorting")
    return reader.rows


def _release_values(edition: Edition, options: Options) -> dict[str, Any]:
    """The columns of `releases` that the files and the operator decide."""
    name, start, end, remark = _window(edition, options)
    files = [[file.name, file.sha256()] for file in edition.files]
    sha256 = files[0][1]
    if len(files) > 1:
        sha256 = hashlib.sha256("\n".join(file[1] for file in files).encode()).hexdigest()
    given = options.window_from is not None or options.window_to is not None
    return {
        "system": edition.system,
        "kind": f"ncci-{edition.table}",
        "edition": name,
        "source": options.source,
        "files": json.dumps(files),
        "sha256": sha256,
        "loader": LOADERS[edition.table],
        "window_from": start,
        "window_to": end,
        "window_origin": "option" if given else "calendar",
        "rows": 0,
        "nodes": 0,
        "billable": 0,
        "remark": remark,
    }


def _window(edition: Edition, options: Options) -> tuple[str, date, date | None, str]:
    """Name, first and last day, and what has to be said: no file of NCCI says its quarter inside."""
    first = edition.files[0]
    named = {quarter_named(file.name, posted=edition.table == "add-on") for file in edition.files}
    if len(named) > 1:
        raise Refused(first.name, "its parts are of different quarters")
    quarter = named.pop()
    if quarter is None:
        if options.window_from is None:
            raise Refused(first.name, "its name doesn't tell its quarter: say it with --from and --to")
        name, start, end, remark = "of unknown quarter", options.window_from, options.window_to, ""
    else:
        name, remark = quarter[0].label, quarter[1]
        start = options.window_from or quarter[0].first
        end = options.window_to or (quarter[0].last if quarter[0].last >= start else None)
    if end is not None and end < start:
        raise Refused(first.name, f"its window would end on {end}, before it begins on {start}")
    if edition.layout == "derived":
        remark = (
            "This form of the file has no effective dates: edits are known to be in force in this quarter \
and on their deletion dates."
        )
    return options.release or name, start, end, remark
