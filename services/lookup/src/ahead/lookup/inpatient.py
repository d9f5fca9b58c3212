"""What inpatient stays bring to the application: MS-DRGs, the code editor, IPPS tables, HCCs."""

from pathlib import Path
from typing import Any

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.codes.panels import Contributor
from ahead.lookup.hcc.contributing import HccSection
from ahead.lookup.hcc.service import Hcc
from ahead.lookup.ipps.contributing import CcSection, DrgFeesSection
from ahead.lookup.ipps.service import Ipps
from ahead.lookup.mce.contributing import MceSection
from ahead.lookup.mce.controllers import MceController
from ahead.lookup.mce.pages import McePages
from ahead.lookup.mce.service import Mce
from ahead.lookup.msdrg.code_service import CodeGrouping
from ahead.lookup.msdrg.contributing import (
    DiagnosisFeesSection,
    DrgSection,
    FamilySection,
    PoaSection,
)
from ahead.lookup.msdrg.controllers import MsDrgController
from ahead.lookup.msdrg.grouper import Grouper
from ahead.lookup.msdrg.native import NativeGrouper
from ahead.lookup.msdrg.pages import MsDrgPages
from ahead.lookup.msdrg.poa import PoaList
from ahead.lookup.msdrg.service import MsDrgs
from ahead.shared.web.dependencies import given

HERE = Path(__file__).parent


class Inpatient:
    """Made once by the composition root, which takes these into the application."""

    handlers: tuple[Any, ...] = (MceController, McePages, MsDrgController, MsDrgPages)
    template_dirs = tuple(HERE / feature / "templates" for feature in ("mce", "msdrg"))

    def __init__(self, reader: SourceReader) -> None:
        # Its library and data are opened at the first question, not at the start.
        grouper: Grouper = NativeGrouper()
        ipps, poa, grouping = Ipps(reader), PoaList(reader), CodeGrouping(grouper, reader)
        self.mce = Mce(reader, grouper)
        self.ms_drgs = MsDrgs(grouper, ipps, poa)
        self.hcc = Hcc(reader)
        self.contributors: tuple[Contributor, ...] = (
            DrgSection(grouping),
            CcSection(ipps),
            HccSection(self.hcc),
            PoaSection(poa),
            MceSection(self.mce),
            DiagnosisFeesSection(grouping, ipps),
            FamilySection(),
            DrgFeesSection(ipps),
        )
        self.dependencies = {"ms_drgs": given(self.ms_drgs), "mce": given(self.mce)}

    async def close(self) -> None:
        await self.ms_drgs.close()
