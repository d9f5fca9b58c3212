"""What ICD-10-CM's other books bring to the application: the guidelines, the indexes and the tables; and the history of
a code over the editions held."""

from pathlib import Path
from typing import Any

from ahead.lookup.casenotes.controllers import CaseController
from ahead.lookup.casenotes.pages import CasePages
from ahead.lookup.casenotes.service import CaseNotes
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.codes.panels import Contributor
from ahead.lookup.gems.service import Crosswalks
from ahead.lookup.guidelines.contributing import GuidelineSectionOfPage
from ahead.lookup.guidelines.controllers import GuidelineController
from ahead.lookup.guidelines.pages import GuidelinePages
from ahead.lookup.guidelines.service import Guidelines
from ahead.lookup.history.contributing import HistorySection
from ahead.lookup.history.gone import GonePages
from ahead.lookup.history.pages import DiffController, DiffPages
from ahead.lookup.history.service import Histories
from ahead.lookup.indexes.contributing import IndexSection
from ahead.lookup.indexes.controllers import IndexController
from ahead.lookup.indexes.pages import IndexPages
from ahead.lookup.indexes.service import Indexes
from ahead.lookup.indexes.tables import IndexTables
from ahead.lookup.indexes.walking import IndexWalk
from ahead.lookup.seventh.controllers import SeventhController
from ahead.lookup.seventh.pages import SeventhPages
from ahead.lookup.seventh.service import SeventhCharacter
from ahead.shared.web.dependencies import given

HERE = Path(__file__).parent


class Books:
    """Made once by the composition root, which takes these into the application."""

    handlers: tuple[Any, ...] = (
        CaseController,
        CasePages,
        DiffController,
        DiffPages,
        GuidelineController,
        GuidelinePages,
        IndexController,
        IndexPages,
        SeventhController,
        SeventhPages,
    )
    template_dirs = tuple(
        HERE / feature / "templates"
        for feature in ("casenotes", "guidelines", "history", "indexes", "seventh")
    )

    def __init__(self, catalog: Catalog, reader: SourceReader) -> None:
        self.guidelines = Guidelines(reader)
        self.indexes = Indexes(reader)
        self.histories = Histories(catalog)
        crosswalks = Crosswalks(reader)
        self.absent = GonePages(self.histories, crosswalks)
        self.contributors: tuple[Contributor, ...] = (
            GuidelineSectionOfPage(self.guidelines),
            IndexSection(self.indexes),
            HistorySection(self.histories, crosswalks),
        )
        self.case_notes = CaseNotes(catalog, self.indexes)
        self.dependencies = {
            "case_notes": given(self.case_notes),
            "guidelines": given(self.guidelines),
            "seventh_character": given(SeventhCharacter(catalog)),
            "index_walk": given(IndexWalk(self.indexes, catalog)),
            "index_tables": given(IndexTables(self.indexes, catalog)),
        }

    async def close(self) -> None:
        await self.case_notes.close()
