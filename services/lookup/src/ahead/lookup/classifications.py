"""What the classifications bring to the application: procedures, crosswalks, and what changed between editions."""

from pathlib import Path
from typing import Any

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.codes.panels import Contributor
from ahead.lookup.gems.contributing import ConversionSection, GemSection
from ahead.lookup.gems.controllers import CrosswalkController
from ahead.lookup.gems.pages import CrosswalkPages
from ahead.lookup.gems.service import Crosswalks
from ahead.lookup.pcs.contributing import PcsCompliance, PcsGuidelines
from ahead.lookup.pcs.controllers import PcsController
from ahead.lookup.pcs.pages import PcsPages
from ahead.lookup.pcs.service import Pcs
from ahead.lookup.releasediff.controllers import ReleaseDiffController
from ahead.lookup.releasediff.pages import ReleaseDiffPages
from ahead.lookup.releasediff.service import ReleaseDiff
from ahead.shared.web.dependencies import given

HERE = Path(__file__).parent


class Classifications:
    """Made once by the composition root, which takes these into the application."""

    handlers: tuple[Any, ...] = (
        CrosswalkController,
        CrosswalkPages,
        PcsController,
        PcsPages,
        ReleaseDiffController,
        ReleaseDiffPages,
    )
    template_dirs = tuple(HERE / feature / "templates" for feature in ("gems", "pcs", "releasediff"))

    def __init__(self, reader: SourceReader) -> None:
        self.pcs = Pcs(reader)
        self.crosswalks = Crosswalks(reader)
        self.releases = ReleaseDiff(reader)
        self.contributors: tuple[Contributor, ...] = (
            PcsGuidelines(self.pcs),
            PcsCompliance(self.pcs),
            GemSection(self.crosswalks),
            ConversionSection(self.crosswalks),
        )
        self.dependencies = {
            "pcs": given(self.pcs),
            "crosswalks": given(self.crosswalks),
            "releases": given(self.releases),
        }
