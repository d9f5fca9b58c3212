"""Every source whose official files are loaded, and the loader that takes whatever files are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ahead.lookup.catalog import spelling
from ahead.lookup.catalog.schemas import Release
from ahead.shared.processes import Progress, no_progress

from .files import InputFile, files_of
from .icd10cm_groups import group
from .icd10cm_release import Options
from .official import OfficialLoader
from .recognise import Source as OfficialFile
from .recognise import recognise
from .refusal import Refuse, Refused, at_once
from .sources import Loaded, Source, Work, load_works
from .workbook import Sheet


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Imported when they are needed: sources build on the catalogue that this module is of."""
    from ahead.lookup.asc.loading.source import AscSource
    from ahead.lookup.clfs.loading.source import LabSource
    from ahead.lookup.coverage.loading.source import CoverageSource
    from ahead.lookup.cpt.loading.source import CptSource
    from ahead.lookup.gems.loading.source import GemSource
    from ahead.lookup.guidelines.loading.source import GuidelineSource
    from ahead.lookup.hcpcs.loading.source import HcpcsSource
    from ahead.lookup.icd9.loading.source import Icd9Source
    from ahead.lookup.indexes.loading.source import IndexSource
    from ahead.lookup.ipps.loading.source import IppsSource
    from ahead.lookup.mce.loading.source import MceSource
    from ahead.lookup.msdrg.loading.source import MsDrgSource
    from ahead.lookup.ncci.loading.source import NcciSource
    from ahead.lookup.pcs.loading.source import PcsSource
    from ahead.lookup.pfs.loading.source import PfsSource

    return (
        GuidelineSource(),
        IndexSource(),
        NcciSource(),
        HcpcsSource(),
        CptSource(),
        IppsSource(),
        MsDrgSource(),
        MceSource(),
        PfsSource(),
        AscSource(),
        LabSource(),
        CoverageSource(),
        PcsSource(),
        Icd9Source(),
        GemSource(),
    )


@lru_cache(maxsize=1)
def source_names() -> dict[str, str]:
    """Printed names of everything that has releases, by key; code systems first."""
    names = dict(spelling.SYSTEMS)
    for source in sources():
        for key, name in source.names.items():
            names.setdefault(key, name)
    return names


def counted(release: Release | Loaded) -> str:
    """The rows of a release as its publisher counts them: "14,677 values"."""
    if release.billable:
        return f"{release.rows:,} codes and headers, {release.billable:,} billable"
    unit = next((source.counted for source in sources() if release.system in source.names), "rows")
    return f"{release.rows:,} {unit if isinstance(unit, str) else unit[release.system]}"


@dataclass(frozen=True)
class Outcome:
    """`left_out`: members of zips that no source reads, such as a note to readers."""

    loaded: tuple[Loaded, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Understood:
    """What files are: releases of sources, and files of ICD-10-CM."""

    works: tuple[Work, ...] = ()
    official: tuple[OfficialFile, ...] = ()
    left_out: tuple[str, ...] = ()


class CatalogLoader:
    """Loads official files of any kind.

    Args:
        database_url: the service's; migrated before.
        releases_dir: folder of the releases' files (SQLite only).
    """

    def __init__(self, database_url: str, releases_dir: Path) -> None:
        self._database_url = database_url
        self._releases_dir = releases_dir

    def load(
        self,
        paths: Sequence[Path],
        options: Options | None = None,
        progress: Progress = no_progress,
        refuse: Refuse = at_once,
    ) -> Outcome:
        """Loads the releases that the files make.

        Args:
            refuse: is told with file, line and reason what is refused: a file that isn't known, or the release that
                it is about, of which nothing is held then. By default the first one ends the load; the releases
                before it are held.
        """
        options = options or Options()
        progress(0.0, "Reading")
        given = _understood(paths, options, refuse)
        works, official = list(given.works), list(given.official)
        loaded: list[Loaded] = []
        parts = bool(works) + bool(official)
        if works:

            def first(fraction: float, text: str) -> None:
                progress(fraction / parts, text)

            self._keep_statement(works, options)
            loaded += load_works(self._database_url, self._releases_dir, works, options, first, refuse)
        if official:

            def second(fraction: float, text: str) -> None:
                progress(1 - (1 - fraction) / parts, text)

            loaded += self._load_official(official, options, second, refuse)
        progress(
            1.0, "Published" if any(one.new for one in loaded) else "Already held" if loaded else "Refused"
        )
        return Outcome(tuple(loaded), given.left_out)

    def _keep_statement(self, works: Sequence[Work], options: Options) -> None:
        if options.licence is not None:
            from ahead.lookup.cpt.loading.statements import StatementStore

            with StatementStore(self._database_url, self._releases_dir) as store:
                store.keep(options.licence, works)

    def _load_official(
        self, files: list[OfficialFile], options: Options, progress: Progress, refuse: Refuse
    ) -> list[Loaded]:
        with OfficialLoader(self._database_url, self._releases_dir) as loader:
            return [
                Loaded(
                    one.release_id, one.system, "", one.edition, one.new, one.codes, one.billable,
                    one.window_from, one.window_to, one.seconds,
                )
                for one in loader.load_recognised(files, options, progress, refuse)
            ]  # fmt: skip


def _understood(paths: Sequence[Path], options: Options, refuse: Refuse) -> _Understood:
    """Looks at all files together, without those that are refused: what one of them is may depend on the others."""
    left = list(paths)
    while left:
        try:
            return _understood_together(left, options)
        except Refused as refused:
            refuse(refused)
            name = refused.file_name
            named = [
                path
                for path in left
                if name == path.name or name.startswith((f"{path.name}/", f"{path.name},"))
            ]
            if not named:
                raise
            left.remove(named[0])
    return _Understood()


def _understood_together(paths: Sequence[Path], options: Options) -> _Understood:
    files = [file for path in paths for file in files_of(path)]
    works = [work for source in sources() for work in source.claim(files, options)]
    if options.system is not None:
        works = [work for work in works if work.system == options.system]
    # A sheet is of its workbook.
    claimed = {InputFile(file.path, file.member) for work in works for file in work.files}
    official = _official(paths, claimed, options)
    if official:
        group(official, options)  # refuses what doesn't belong together
    known = claimed | {InputFile(file.path, file.member) for file in official}
    left_out = tuple(file.name for file in files if file not in known)
    return _Understood(tuple(_once(works)), tuple(official), left_out)


def _once(works: list[Work]) -> list[Work]:
    """Publishers put the same table into a zip as text and as workbook: the text is taken."""

    def same(work: Work) -> tuple[object, ...]:
        return work.system, work.kind, work.edition, work.window_from, work.files[0].path

    texts = {same(work) for work in works if not isinstance(work.files[0], Sheet)}
    return [work for work in works if not isinstance(work.files[0], Sheet) or same(work) not in texts]


def _official(paths: Sequence[Path], claimed: set[InputFile], options: Options) -> list[OfficialFile]:
    """Files of ICD-10-CM among those that no source claimed.

    Raises:
        Refused: a path with nothing in it that is read here.
    """
    if options.system not in (None, "icd10cm"):
        for path in paths:
            if not any(file.path == path for file in claimed):
                raise Refused(path.name, f"is no file of {options.system}")
        return []
    found: list[OfficialFile] = []
    for path in paths:
        others = any(file.path == path for file in claimed)
        try:
            known = recognise([path])
        except Refused:
            if not others:
                raise
            continue
        found += [file for file in known if InputFile(file.path, file.member) not in claimed]
    return found


def claims(paths: Sequence[Path], options: Options | None = None) -> list[Work]:
    """What the files are, without loading them; for tests and for showing before a load."""
    files = [file for path in paths for file in files_of(path)]
    return _once([work for source in sources() for work in source.claim(files, options or Options())])
