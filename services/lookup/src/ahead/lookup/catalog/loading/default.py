"""The catalogue that a new machine starts with: ICD-10-CM from the package simple-icd-10-cm."""

from ahead.lookup.settings import Settings
from ahead.shared.processes import Progress, no_progress

from .load import Loaded, Loader, Options
from .package import package_files, package_source

__all__ = ["load_default_catalogue", "package_files"]


def load_default_catalogue(settings: Settings, progress: Progress = no_progress) -> Loaded:
    """Loads ICD-10-CM from the package; fast when it is held. The database has to be migrated before."""
    options = Options(source=package_source())
    with Loader(settings.database, settings.releases_dir) as loader:
        return loader.load(package_files(), options, progress)
