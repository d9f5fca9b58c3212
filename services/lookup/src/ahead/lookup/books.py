"""What ICD-10-CM's other books bring to the application: the guidelines, the indexes and the tables."""

from pathlib import Path
from typing import Any

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.codes.panels import Contributor
from ahead.lookup.guidelines.contributing import GuidelineSectionOfPage
from ahead.lookup.guidelines.controllers import GuidelineController
from ahead.lookup.guidelines.pages import GuidelinePages
from ahead.lookup.guidelines.service import Guidelines
from ahead.lookup.indexes.contributing import IndexSection
from ahead.lookup.indexes.controllers import IndexController
from ahead.lookup.indexes.pages import IndexPages
from ahead.lookup.indexes.service import Indexes
from ahead.lookup.indexes.tables import IndexTables
from ahead.lookup.indexes.walking import IndexWalk
from ahead.shared.web.dependencies import given

HERE = Path(__file__).parent


class Books:
    """Made once by the composition root, which takes these into the application."""

    handlers: tuple[Any, ...] = (GuidelineController, GuidelinePages, IndexController, IndexPages)
    template_dirs = tuple(HERE / feature / "templates" for feature in ("guidelines", "indexes"))

    def __init__(self, catalog: Catalog, reader: SourceReader) -> None:
        self.guidelines = Guidelines(reader)
        self.indexes = Indexes(reader)
        self.contributors: tuple[Contributor, ...] = (
            GuidelineSectionOfPage(self.guidelines),
            IndexSection(self.indexes),
        )
        self.dependencies = {
            "guidelines": given(self.guidelines),
            "index_walk": given(IndexWalk(self.indexes, catalog)),
            "index_tables": given(IndexTables(self.indexes, catalog)),
        }
