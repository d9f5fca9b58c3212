"""What the procedure codes bring to the application: HCPCS Level II, CPT, modifiers, and the tools for them."""

from pathlib import Path
from typing import Any

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.codelists.controllers import CodeListController
from ahead.lookup.codelists.pages import CodeListPages
from ahead.lookup.codelists.service import CodeLists
from ahead.lookup.codes.panels import Contributor, Grouping, Owner
from ahead.lookup.cpt.service import Cpt, Titles
from ahead.lookup.hcpcs.contributing import ComplianceSection, CoverageSection, Groups, HistorySection
from ahead.lookup.hcpcs.controllers import HcpcsController
from ahead.lookup.hcpcs.pages import HcpcsPages
from ahead.lookup.hcpcs.service import Hcpcs
from ahead.lookup.modifiers.contributing import ModifiersSection
from ahead.lookup.ncci.service import Ncci
from ahead.lookup.pfs.service import Pfs
from ahead.shared.web.dependencies import given

HERE = Path(__file__).parent


class Procedures:
    """Made once by the composition root, which takes these into the application."""

    handlers: tuple[Any, ...] = (CodeListController, CodeListPages, HcpcsController, HcpcsPages)
    template_dirs = tuple(HERE / feature / "templates" for feature in ("codelists", "hcpcs"))

    def __init__(self, reader: SourceReader, ncci: Ncci, pfs: Pfs, cpt_titles: Titles) -> None:
        self.hcpcs = Hcpcs(reader)
        self.cpt = Cpt(reader, cpt_titles)
        self.owners: dict[str, Owner] = {"cpt": self.cpt}
        self.groupings: dict[str, Grouping] = {"cpt": Groups(self.hcpcs)}
        self.contributors: tuple[Contributor, ...] = (
            ModifiersSection(self.hcpcs, pfs, ncci),
            ComplianceSection(self.hcpcs, reader),
            CoverageSection(self.hcpcs),
            HistorySection(self.hcpcs),
        )
        self.dependencies = {"hcpcs": given(self.hcpcs), "code_lists": given(CodeLists(reader))}
