"""What the command line says of NCCI."""

from collections.abc import Sequence
from pathlib import Path

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.schemas import Release
from ahead.lookup.settings import Settings
from ahead.shared.processes import Progress

from .kinds import SOURCES
from .loading.load import NcciLoader
from .loading.recognise import recognise


def load_ncci(
    settings: Settings, files: Sequence[Path], options: Options, progress: Progress
) -> list[str] | None:
    """Loads the files if they are of NCCI; returns a sentence per edition, or None if they are not.

    Raises:
        Refused: with file, line and reason.
    """
    given = recognise(files)
    if given is None:
        return None
    with NcciLoader(settings.database, settings.releases_dir) as loader:
        loaded = loader.load(given, options, progress)
    told: list[str] = []
    for one in loaded:
        source = SOURCES[one.system]
        window = f"in force {one.window_from} to {one.window_to or 'further notice'}"
        if one.new:
            told.append(
                f"Loaded {source.name} {one.edition}: {one.rows:,} {source.unit}, {window}, "
                f"in {one.seconds:.1f} s."
            )
        else:
            told.append(f"{source.name} {one.edition} is held already ({window}): nothing changed.")
    return told


def described(release: Release) -> tuple[str, str] | None:
    """Name and rows of a release as the publisher counts them; None if it is not of NCCI."""
    source = SOURCES.get(release.system)
    return source and (source.name, f"{release.rows:,} {source.unit}")
