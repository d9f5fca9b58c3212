"""Made-up inpatient tables in the publisher's layouts, and where the official ones are. Nothing in them is real."""

import os
from pathlib import Path

import pytest

TABLE5 = (
    '"TABLE 5.—LIST OF MEDICARE SEVERITY DIAGNOSIS-RELATED GROUPS (MS-DRGS), RELATIVE WEIGHTING FACTORS, \n'
    'AND GEOMETRIC AND ARITHMETIC MEAN LENGTH OF STAY—FY 2026 Final Rule"\t\t\t\t\t\t\t\t\t\r\n'
    "MS-DRG \tFY 2026 Final Post-Acute DRG\tFY 2026 Final Special Pay DRG\tMDC\tTYPE\tMS-DRG Title\t"
    "Weights - Before Cap\tWeights - 10% Cap Applied \tGeometric mean LOS\tArithmetic mean LOS\r\n"
    '001\tNo\tNo\tPRE\tSURG\t"MADE-UP TRANSPLANT, ONE"\t20.5000\t21.0001\t25.8\t36.2\r\n'
    "291\tYes\tNo\t05\tMED\tHEART FAILURE AND SHOCK, MADE UP, WITH MCC\t1.2500\t1.2600\t3.9\t5.0\r\n"
    "293\tYes\tYes\t05\tMED\tHEART FAILURE AND SHOCK, MADE UP, WITHOUT CC/MCC\t0.5000\t0.5000\t2.1\t2.5\r\n"
    "998\tNo\tNo\t \t**\tPRINCIPAL DIAGNOSIS INVALID AS DISCHARGE DIAGNOSIS\t.\t.\t.\t\r\n"
    "999\tNo\tNo\t \t**\tUNGROUPABLE\t.\t.\t.\t\r\n"
    "\t\t\t\t\t\t\t\t\t\r\n"
)
TABLE6I = (
    "TABLE 6I - COMPLETE MCC LIST\r\nDiagnosis Code\tDescription\r\n"
    "A02.1\tMade-up sepsis\r\nI46.9\tMade-up arrest\r\n\r\n\tNotes:\r\n"
)
TABLE6J = (
    "TABLE 6J - COMPLETE CC LIST\r\nDiagnosis Code\tDescription\r\n"
    "QA0.0101\tMade-up disorder\r\nN17.9\tMade-up failure\r\n\r\n\tNotes:\r\n"
)
TABLE6K = (
    "TABLE 6K - COMPLETE LIST OF CC EXCLUSIONS\r\n\r\nTable 6K is made up here.\r\n\r\n"
    "K Part 1: List of CC and Major CC Codes\r\n I10 Dx  Lev PDX Exclusions   ICD-10-CM Description\r\n"
    " A021    MCC 0002:2 codes     Made-up sepsis\r\n"
    " I469    MCC 0003:1 codes     Made-up arrest\r\n"
    " N179    CC  0002:2 codes     Made-up failure\r\n"
    " QA00101 CC  No Excl          Made-up disorder\r\n"
    "\r\nPDX collection 0002\r\n  A000    Made-up cholera\r\n  I5020   Made-up heart failure\r\n"
    "\r\nPDX collection 0003\r\n  I469    Made-up arrest\r\n\r\n\r\n"
    "K Part 2: Codes that are CC or Major CC only if patient discharged alive\r\n\r\n"
    "  I469    Made-up arrest\r\n\r\n"
    "K Part 3: Secondary Diagnosis CC/MCC Severity Exclusions in Select MS-DRGs\r\n\r\n"
    "MDC 05 DRGs 291-293 Made-up heart failure\r\n\r\n  N179    Made-up failure\r\n\r\n"
)
APPENDIX_A = (
    "|     Appendix A List of MS-DRGs Version 40.0     |\r\n\r\nAppendix A is made up here.\r\n\r\n"
    "DRG MDC MS Description\r\n"
    "001     P  MADE-UP TRANSPLANT\r\n"
    "291 05  M  MADE-UP HEART FAILURE WITH MCC\r\n"
    "998        PRINCIPAL DIAGNOSIS INVALID AS DISCHARGE DIAGNOSIS\r\n"
    "999        UNGROUPABLE\r\n"
)
MCE = (
    "MCE_Version\tICD_Version\tMCE_Section\tMCE_Subsection\tMCE_Edit_Type\tICD_Code_Type\tICD_Code\tICD_Desc\n"
    "37\t10\t4\tA\tNewborn_Only\tD\tA33\tMade-up tetanus\n"
    "37\t10\t4\tC\tMaternity_Only\tD\tO80\tMade-up delivery\n"
    "37\t10\t5\tA\tFemale_Only\tD\tO80\tMade-up delivery\n"
    "37\t10\t6\t_\tPrincipal_Manifestation\tD\tN08\tMade-up manifestation\n"
    "37\t10\t5\tD\tMale_Only\tP\t0VT00ZZ\tMade-up resection"
)

FILES = {
    "table-5-fy2026-final.txt": TABLE5,
    "table-6i-complete-mcc-list-fy2026.txt": TABLE6I,
    "table-6j-complete-cc-list-fy2026.txt": TABLE6J,
    "table-6k-complete-cc-exclusions-fy2026.txt": TABLE6K,
    "msdrg-v40-appendix-a.txt": APPENDIX_A,
    "MCE_Simple_Code_Edits_v37.txt": MCE,
}


def write_all(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_bytes(text.encode("cp1252"))
    return [folder / name for name in FILES]


def official(*parts: str) -> Path:
    """A file of the official data; skips where it is not on this machine."""
    here = Path(__file__).parents[3] / "shared" / "data"
    path = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here).joinpath(*parts)
    if not path.exists():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"an official file is not there (AHEAD_OFFICIAL_DATA): {path}")
        pytest.skip(f"{path.name} is not on this machine (AHEAD_OFFICIAL_DATA)")
    return path
