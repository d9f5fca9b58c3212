"""The claim check over the real ICD-10-CM and made-up NCCI editions that share its window."""

from collections.abc import AsyncGenerator, Callable
from datetime import date
from pathlib import Path

import pytest

from ahead.lookup.catalog.loading.registry import CatalogLoader, source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.claims.rules.held import Knowledge
from ahead.lookup.claims.service import ClaimCheck
from ahead.lookup.ncci.service import Ncci
from ahead.lookup.settings import Settings
from ahead.shared.db.engine import Database

DAY = date(2026, 2, 2)
"""Inside the window of every edition here: ICD-10-CM of FY2026, made-up NCCI of 2026 Q1."""
WHY = "made up: misuse of Column Two code with Column One code"

PTP = (
    "11042\t97597\t*\t1",
    "11042\t97598\t*\t0",
    "20610\t11042\t2026-01-15\t1",
    "99213\t36415\t*\t9",
)
MUE = ("11042,1,2", "97597,1,3", "11045,12,1", "J1100,10,3")
ADD_ONS = ("11042,11045,1", "99202,G2211,2", "CCCCC,G2211,2", "CCCCC,99292,3", "99291,99292,3")


def made_up_ncci(folder: Path) -> list[Path]:
    """Files in the derived layouts, with invented rows."""
    ptp = folder / "ptp_practitioner_2026-01-01.tsv"
    header = "column_1\tcolumn_2\tdeletion_date\tmodifier_indicator\trationale\n"
    ptp.write_text(header + "".join(f"{row}\t{WHY}\n" for row in PTP))
    mue = folder / "mue_practitioner_2026-01-01.csv"
    mue.write_text(
        "hcpcs_code,mue_units,mue_mai,mue_rationale,mue_service\n"
        + "".join(f"{row},made up,Practitioner\n" for row in MUE)
    )
    add_ons = folder / "addon_code_edits_2026-01-01.csv"
    add_ons.write_text("primary_code,add_on_code,aoc_edit_type\n" + "".join(f"{row}\n" for row in ADD_ONS))
    return [ptp, mue, add_ons]


@pytest.fixture
async def claims(settings: Callable[..., Settings], tmp_path: Path) -> AsyncGenerator[ClaimCheck]:
    made = settings()
    # Releases of this test alone, beside those that all tests share.
    releases = made.releases_dir
    shared = releases.resolve()
    releases.unlink()
    releases.mkdir()
    for file in shared.glob("*.db"):
        (releases / file.name).symlink_to(file)
    CatalogLoader(made.database, releases).load(made_up_ncci(tmp_path))
    database = Database(made.database)
    catalog = Catalog(database, releases)
    reader = SourceReader(catalog, CatalogRepository(database, releases), source_names())
    yield ClaimCheck(Knowledge(catalog, reader, Ncci(reader)))
    await reader.close()
    await catalog.close()
    await database.close()
