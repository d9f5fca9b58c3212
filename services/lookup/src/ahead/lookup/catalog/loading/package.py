"""The files of ICD-10-CM that the package simple-icd-10-cm carries."""

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from .refusal import Refused

PACKAGE = "simple_icd_10_cm"
DISTRIBUTION = "simple-icd-10-cm"


def package_source() -> str:
    """As shown in receipts."""
    return f"{DISTRIBUTION} {version(DISTRIBUTION)}"


def package_files() -> list[Path]:
    """The tabular list and the list of codes that the package carries.

    The package is found, not imported: its import builds a tree of its own.

    Raises:
        Refused: the package is not installed, or carries something else.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Refused(DISTRIBUTION, "the package is not installed: run ./ahead up again")
    data = Path(next(iter(spec.submodule_search_locations))) / "data"
    files = sorted(data.glob("*tabular*.xml")) + sorted(data.glob("code-list*.txt"))
    if len(files) != 2:
        raise Refused(
            DISTRIBUTION, f"carries {len(files)} data files where a tabular list and a list are meant"
        )
    return files
