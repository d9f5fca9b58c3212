"""A claim is clean only when every rule that is held was checked and passes. All releases here are made up and share a
window, but for ICD-10-CM's; taking any of them away leaves a claim that is not fully checked."""

import json
import zipfile
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path

import pytest

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.registry import CatalogLoader, source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.claims.rules.held import Knowledge
from ahead.lookup.claims.rules.surgery import GlobalDays
from ahead.lookup.claims.schemas import Claim, ClaimLine, Diagnosis
from ahead.lookup.claims.service import ClaimCheck
from ahead.lookup.coverage.claims import CoverageRule
from ahead.lookup.coverage.service import Coverage
from ahead.lookup.ncci.service import Ncci
from ahead.lookup.pfs.service import Pfs
from ahead.lookup.settings import Settings
from ahead.shared.db.engine import Database

DAY = date(2026, 2, 2)
WINDOW = Options(window_from=date(2026, 1, 1), window_to=date(2026, 3, 31))
COLUMNS = (
    "HCPCS,MOD,DESCRIPTION,STATUS CODE,NOT USED FOR MEDICARE PAYMENT,WORK RVU,NON-FAC PE RVU,NON-FAC NA IND,"
    "FAC PE RVU,FAC NA IND,MP RVU,NON-FAC TOTAL,FAC TOTAL,IND,DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,BASE,FACTOR,"
    "PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,AMOUNT"
)
VALUES = "A,,1.00,2.00,,1.00,,0.10,3.10,2.10,0,XXX,0.00,0.00,0.00,0,0,0,0,0,,30.0000,09,0,99,0.00,0.00,0.00"


def made_up(folder: Path) -> dict[str, tuple[Path, Options]]:
    """A file per source, each with two invented rows about 64001 and 64002."""
    rvu = folder / "PPRRVU2026_made_up.csv"
    rvu.write_text(COLUMNS + "".join(f"\n{code},,x,{VALUES}" for code in ("64001", "64002")) + "\n")
    ptp = folder / "ptp_practitioner_2026-01-01.tsv"
    ptp.write_text(
        "column_1\tcolumn_2\tdeletion_date\tmodifier_indicator\trationale\n64001\t64009\t*\t1\tmade up: another\n"
    )
    mue = folder / "mue_practitioner_2026-01-01.csv"
    mue.write_text(
        "hcpcs_code,mue_units,mue_mai,mue_rationale,mue_service\n"
        "64001,1,2,made up,Practitioner\n64002,2,3,made up,Practitioner\n"
    )
    add_ons = folder / "addon_code_edits_2026-01-01.csv"
    add_ons.write_text("primary_code,add_on_code,aoc_edit_type\n64001,64010,1\n")
    coverage = folder / "lcd-code-coverage-made-up.zip"
    lists = {
        code: {"covered": ["R05.1"], "lcdIds": ["L00001"], "notCovered": []} for code in ("64001", "64002")
    }
    with zipfile.ZipFile(coverage, "w") as archive:
        archive.writestr("lcd-code-coverage-2026.json", json.dumps(lists))
    return {
        "fee schedule": (rvu, WINDOW),
        "pairs": (ptp, Options()),
        "units": (mue, Options()),
        "add-ons": (add_ons, Options()),
        "coverage": (coverage, WINDOW),
    }


Opened = Callable[..., ClaimCheck]


@pytest.fixture
async def opened(settings: Callable[..., Settings], tmp_path: Path) -> AsyncGenerator[Opened]:
    """`opened(without="units")` is a check for which all sources but that one are loaded."""
    async with AsyncExitStack() as stack:

        def open_check(without: str = "") -> ClaimCheck:
            made = settings()
            releases = made.releases_dir
            shared = releases.resolve()
            releases.unlink()
            releases.mkdir()
            for file in shared.glob("*.db"):
                (releases / file.name).symlink_to(file)
            for name, (path, options) in made_up(tmp_path).items():
                if name != without:
                    CatalogLoader(made.database, releases).load([path], options)
            database = Database(made.database)
            catalog = Catalog(database, releases)
            reader = SourceReader(catalog, CatalogRepository(database, releases), source_names())
            for closing in (database.close, catalog.close, reader.close):
                stack.push_async_callback(closing)
            held = Knowledge(catalog, reader, Ncci(reader))
            return ClaimCheck(held, (GlobalDays(Pfs(reader)), CoverageRule(Coverage(reader))))

        yield open_check


CLEAN = Claim(
    "practitioner",
    (Diagnosis("R05.1"),),
    (
        ClaimLine("64001", DAY, (), 1, "11", "A", (1,)),
        ClaimLine("64002", DAY, (), 2, "11", "A", (1,)),
    ),
)


async def test_a_claim_that_breaks_no_rule_held_is_clean(opened: Opened) -> None:
    answer = await opened().check(CLEAN)
    assert [one.why for one in answer.results if one.status != "pass"] == []
    assert answer.verdict == "clean"


@pytest.mark.parametrize("without", ["fee schedule", "pairs", "units", "add-ons", "coverage"])
async def test_without_one_of_the_sources_it_is_not_fully_checked(opened: Opened, without: str) -> None:
    answer = await opened(without).check(CLEAN)
    assert answer.verdict == "not_fully_checked"
    assert answer.counts.failed == 0
    assert all(one.why for one in answer.results if one.status == "not_checked")


async def test_a_day_outside_the_windows_is_not_fully_checked(opened: Opened) -> None:
    late = date(2026, 4, 1)
    lines = tuple(ClaimLine(one.code, late, (), one.units, "11", "A", (1,)) for one in CLEAN.lines)
    answer = await opened().check(Claim("practitioner", CLEAN.diagnoses, lines))
    assert answer.verdict == "not_fully_checked"
