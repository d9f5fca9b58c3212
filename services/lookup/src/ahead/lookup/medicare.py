"""What Medicare's own payment and coverage files bring to the application: surgical centers, laboratories, coverage."""

from pathlib import Path
from typing import Any

from ahead.lookup.asc.contributing import AscSection
from ahead.lookup.asc.controllers import AscController
from ahead.lookup.asc.pages import AscPages
from ahead.lookup.asc.service import Asc
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.clfs.contributing import LaboratorySection
from ahead.lookup.clfs.service import Laboratory
from ahead.lookup.codes.panels import Contributor
from ahead.lookup.coverage.claims import CoverageRule
from ahead.lookup.coverage.contributing import CoverageCrosswalk, CoverageSection
from ahead.lookup.coverage.pages import CoveragePairsPage
from ahead.lookup.coverage.service import Coverage
from ahead.shared.web.dependencies import given

HERE = Path(__file__).parent


class Medicare:
    """Made once by the composition root, which takes these into the application."""

    handlers: tuple[Any, ...] = (AscController, AscPages, CoveragePairsPage)
    template_dirs = tuple(HERE / feature / "templates" for feature in ("asc", "coverage"))

    def __init__(self, reader: SourceReader) -> None:
        self.asc = Asc(reader)
        self.laboratory = Laboratory(reader)
        self.coverage = Coverage(reader)
        self.rules = (CoverageRule(self.coverage),)
        """For the claim check."""
        self.contributors: tuple[Contributor, ...] = (
            CoverageSection(self.coverage),
            CoverageCrosswalk(self.coverage),
            AscSection(self.asc),
            LaboratorySection(self.laboratory),
        )
        self.dependencies = {
            "asc": given(self.asc),
            "laboratory": given(self.laboratory),
            "coverage": given(self.coverage),
        }
