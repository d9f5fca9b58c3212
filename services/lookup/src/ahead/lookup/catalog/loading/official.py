"""Loads the official files of ICD-10-CM as published: editions, tabular lists, and the lists that go with them."""

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from ahead.shared.processes import Progress, no_progress

from ..models import CONVERSIONS, NODES, NOTES, POA_EXEMPT
from . import conversion_table, icd10cm_tree, poa_exempt
from .held import HeldReleases
from .icd10cm_edition import Files, read_rows
from .icd10cm_groups import Group, Window, group, whole_poa_list
from .icd10cm_release import Options, node_rows, pair, sha256_of
from .load import Loaded, Loader
from .package import package_files, package_source
from .recognise import Source, recognise
from .refusal import Refuse, Refused, at_once
from .writer import BulkWriter

EDITION_LOADER = "icd10cm-order/1"
POA_LOADER = "icd10cm-poa/1"
CONVERSION_LOADER = "icd10cm-conversion/1"


class OfficialLoader(Loader):
    """Loads whatever official files of ICD-10-CM are given, each release atomically."""

    def load_each(
        self, paths: Sequence[Path], options: Options | None = None, progress: Progress = no_progress
    ) -> list[Loaded]:
        """Loads the releases that the files make, the oldest edition first.

        Raises:
            Refused: with file, line and reason. The release it is of, and those after it, are not loaded; what
                was held before is untouched.
        """
        return self.load_recognised(recognise(paths), options, progress)

    def load_recognised(
        self,
        files: list[Source],
        options: Options | None = None,
        progress: Progress = no_progress,
        refuse: Refuse = at_once,
    ) -> list[Loaded]:
        """`load_each` for files whose kinds are known; `refuse` is told what is refused of each release."""
        options = options or Options()
        progress(0.0, "Reading")
        groups = group(files, options)
        loaded: list[Loaded] = []
        with self.locked():
            for one in groups:
                try:
                    loaded.append(self._load_group(one, options, progress))
                except Refused as refused:
                    refuse(refused)
        return loaded

    def _load_group(self, one: Group, options: Options, progress: Progress) -> Loaded:
        begun = time.monotonic()
        if one.kind == "tabular":
            tabular, listed = pair(list(one.sources), options)
            return self._load(tabular, listed, options, progress, begun)
        if one.kind == "edition":
            return self._load_edition(one, options, progress, begun)
        if one.kind == "poa":
            return self._load_poa(one, options, progress, begun)
        return self._load_conversions(one, options, progress, begun)

    def _load_edition(self, one: Group, options: Options, progress: Progress, begun: float) -> Loaded:
        assert one.window is not None, "an edition has a window"
        files = Files.of(one)
        releases = HeldReleases(self._engine, self._dir if self._sqlite else None)
        tabular = releases.tabular_for(one.window.start)
        if tabular is None:
            # Chapters, sections and notes come from a tabular list: the package's, when none was given.
            listing = pair(recognise(package_files()), Options(source=package_source()))
            self._load(*listing, Options(source=package_source()), progress, begun)
            tabular = releases.tabular_for(one.window.start)
            assert tabular is not None, "just loaded"
        base = releases.before(one.window.start) if files.order is None else None
        built_on = hashlib.sha256(f"{tabular['sha256']} {base and base['sha256']}".encode()).hexdigest()[:12]
        loader = f"{EDITION_LOADER} {built_on}"
        sha256 = sha256_of(files.sources)
        if held := self._already(sha256, loader, one.window, options, progress, begun):
            return held
        progress(0.1, "Reading")
        before = releases.rows(base, len(files.sources) + 1) if base is not None else None
        rows = read_rows(files, one.window, before)
        progress(0.4, "Numbering")
        tree = icd10cm_tree.build(rows, releases.structure(tabular), len(files.sources))
        derived = sum(1 for node in tree.nodes if node.title_origin == "derived")
        remark = ""
        if before is not None:
            remark = (
                f"Published without an order file: headings are carried over from {before.edition}; {derived} "
                "new ones are in no file held, so that their titles are derived from the codes below them."
            )
        values = _values(one.window, files.sources, sha256, loader, options) | {
            "kind": "icd10cm-order" if files.order is not None else "icd10cm-codes",
            "rows": tree.codes,
            "nodes": len(tree.nodes),
            "billable": tree.billable,
            "remark": remark,
            "files": json.dumps(
                [
                    *([s.name, s.sha256] for s in files.sources),
                    releases.file_of(tabular),
                    *(before.files if before is not None else []),
                ]
            ),
        }

        def fill(release_id: int, writer: BulkWriter) -> None:
            writer.write(NODES, node_rows(release_id, tree))

        return self._published(values, (NODES, NOTES), fill, progress, begun)

    def _load_poa(self, one: Group, options: Options, progress: Progress, begun: float) -> Loaded:
        assert one.window is not None, "a list has a window"
        whole = whole_poa_list(one)
        sources = [whole, *sorted((s for s in one.sources if s != whole), key=lambda s: s.name)]
        sha256 = sha256_of(sources)
        if held := self._already(sha256, POA_LOADER, one.window, options, progress, begun):
            return held
        exempt = poa_exempt.read(whole)
        values = _values(one.window, sources, sha256, POA_LOADER, options)
        values |= {"kind": "icd10cm-poa", "rows": len(exempt)}

        def fill(release_id: int, writer: BulkWriter) -> None:
            writer.write(POA_EXEMPT, ((release_id, e.code, e.title, 0, e.line) for e in exempt))

        return self._published(values, (POA_EXEMPT,), fill, progress, begun)

    def _load_conversions(self, one: Group, options: Options, progress: Progress, begun: float) -> Loaded:
        assert one.window is not None, "a table has a window"
        source = one.only("icd10cm-conversion")
        assert source is not None, "grouped by its kind"
        if held := self._already(source.sha256, CONVERSION_LOADER, one.window, options, progress, begun):
            return held
        table = conversion_table.read(source)
        values = _values(one.window, [source], source.sha256, CONVERSION_LOADER, options)
        values |= {"kind": "icd10cm-conversion", "rows": len(table)}

        def rows(release_id: int) -> Iterable[tuple[Any, ...]]:
            for line in table:
                for first, last in line.previous or (("", ""),):
                    yield release_id, line.row, first, last, line.code, line.effective, line.printed

        def fill(release_id: int, writer: BulkWriter) -> None:
            writer.write(CONVERSIONS, rows(release_id))

        return self._published(values, (CONVERSIONS,), fill, progress, begun)

    def _already(
        self, sha256: str, loader: str, window: Window, options: Options, progress: Progress, begun: float
    ) -> Loaded | None:
        row = self.held(
            sha256, loader, window_from=window.start, window_to=window.end, edition=options.release
        )
        if row is None:
            return None
        progress(1.0, "Already held")
        seconds = time.monotonic() - begun
        return Loaded(
            row.id, row.system, row.edition, False, row.rows, row.billable, row.window_from, row.window_to,
            seconds,
        )  # fmt: skip

    def _published(
        self, values: dict[str, Any], tables: tuple[Table, ...], fill: Any, progress: Progress, begun: float
    ) -> Loaded:
        progress(0.6, "Writing")
        release_id = self.add(values, tables, fill)
        progress(1.0, "Published")
        start: date = values["window_from"]
        return Loaded(
            release_id, values["system"], values["edition"], True, values["rows"], values["billable"], start,
            values["window_to"], time.monotonic() - begun,
        )  # fmt: skip


def _values(
    window: Window, sources: Sequence[Source], sha256: str, loader: str, options: Options
) -> dict[str, Any]:
    return {
        "system": "icd10cm",
        "edition": window.edition,
        "source": options.source,
        "files": json.dumps([[s.name, s.sha256] for s in sources]),
        "sha256": sha256,
        "loader": loader,
        "window_from": window.start,
        "window_to": window.end,
        "window_origin": window.origin,
        "nodes": 0,
        "billable": 0,
        "remark": "",
    }
