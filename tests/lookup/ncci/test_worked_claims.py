"""Claims worked out by hand from the real NCCI files of the third quarter of 2024.

Each case names the lines of the files that it was read from: `p` the PTP file of practitioners, `h` that of outpatient
hospitals, `m` the MUE files, `a` the add-on file.
"""

from datetime import date
from typing import Any, NamedTuple

import pytest

from ahead.lookup.catalog.loading.registry import source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.claims.rules.held import Knowledge
from ahead.lookup.claims.schemas import Claim, ClaimLine, Setting
from ahead.lookup.claims.service import ClaimCheck
from ahead.lookup.ncci.service import Ncci
from ahead.shared.db.engine import Database


class Case(NamedTuple):
    rows: str
    """What the files' lines say."""
    lines: str
    """Separated by commas: code, -modifiers, xunits, @provider."""
    expected: str
    day: str = "2024-08-15"
    setting: Setting = "practitioner"
    earlier: str = ""
    earlier_on: str = "2024-08-15"


HOSPITAL, DME = "outpatient_hospital", "dme_supplier"
FAIL, PASS, BYPASSED, OPEN = "fail", "pass", "bypassed", "not_checked"

PAIRS = (
    Case("p291559: 11042 over 97597, active, indicator 1", "11042, 97597", FAIL),
    Case("p291559, typed the other way round", "97597, 11042", FAIL),
    Case("p291559, 59 on Column 2", "11042, 97597-59", BYPASSED),
    Case("p291559, 59 on Column 1", "11042-59, 97597", BYPASSED),
    Case("p291559, XS", "11042, 97597-XS", BYPASSED),
    Case("p291559, 51 is not NCCI-associated", "11042, 97597-51", FAIL),
    Case("p291559, two providers", "11042@A, 97597@B", PASS),
    Case("p291559, the first day of the quarter", "11042, 97597", FAIL, "2024-07-01"),
    Case("p291559, the last day of the quarter", "11042, 97597", FAIL, "2024-09-30"),
    Case("p291559 has no effective date: nothing is known of the day before", "11042, 97597", OPEN, "2024-06-30"),
    Case("p291559, the day after the edition", "11042, 97597", OPEN, "2024-10-01"),
    Case("h246693: 11042 over 97597, active, indicator 1", "11042, 97597", FAIL, setting=HOSPITAL),
    Case("p948143 indicator 0 is active, p948301 indicator 9 never was", "29881, 29877-59", FAIL),
    Case("h686072 indicator 0, h686074 indicator 9", "29877-XS, 29881", FAIL, setting=HOSPITAL),
    Case("p1402019: 43239 over 43235, indicator 0", "43239, 43235-59", FAIL),
    Case("p1515157: 45385 over 45380, indicator 1", "45380, 45385", FAIL),
    Case("p1515157, 59", "45385, 45380-59", BYPASSED),
    Case("p1513250: 45380 over 45378, indicator 0", "45378-59, 45380", FAIL),
    Case("p2171103: 70460 over 70450, indicator 0", "70450-59, 70460", FAIL),
    Case("p2252572: 80053 over 80048, indicator 0", "80053, 80048-91", FAIL),
    Case("p2173542: 71046 over 71045, indicator 1; 76 is not associated", "71046, 71045-76", FAIL),
    Case("p2173542, 59", "71046, 71045-59", BYPASSED),
    Case("p2366358: 93000 over 93010, indicator 1, XU", "93000, 93010-XU", BYPASSED),
    Case("p2438767: 97140 over 97124, indicator 0", "97140, 97124-59", FAIL),
    Case("p2438773: 97140 over 97530, deleted 2019-12-31", "97140, 97530", PASS),
    Case("p2438773 on its deletion date: in force; of other pairs nothing is known", "97140, 97530", f"{FAIL} {OPEN}",
         "2019-12-31"),
    Case("p2438773, the day before: nothing is known", "97140, 97530", OPEN, "2019-12-30"),
    Case("p2438773, the day after, before the first edition", "97140, 97530", OPEN, "2020-01-01"),
    Case("p2442720 and p2442724 indicator 9, p2442723 deleted 2019-12-31", "97530, 97116", PASS),
    Case("p2442724 on 2020-10-01: indicator 9, never in force", "97530, 97116", OPEN, "2020-10-01"),
    Case("p763876: 27280 over 27278, active, indicator 1", "27280, 27278-59", BYPASSED),
    Case("p763887: indicator 0 to 2024-06-30", "27280, 27278-59", f"{FAIL} {OPEN}", "2024-06-30"),
    Case("p763887, the day before its deletion: nothing is known", "27280, 27278-59", OPEN, "2024-06-29"),
    Case("p2487334 deleted 2024-06-30; p2482890, the other way, indicator 0", "99452, 99358-59", FAIL, "2024-07-01"),
    Case("p2487334 on its deletion date, indicator 1", "99452, 99358-59", f"{BYPASSED} {OPEN}", "2024-06-30"),
    Case("p1247937: 36415 over 99211, indicator 1", "36415, 99211", FAIL),
    Case("p1247937, 25", "36415, 99211-25", BYPASSED),
    Case("p421506: 20610 over 99213, indicator 1", "99213, 20610", FAIL),
    Case("p421506, 25", "99213-25, 20610", BYPASSED),
    Case("in no line of the hospital file", "99213, 20610", PASS, setting=HOSPITAL),
    Case("p291713: 11042 over 99156, indicator 0", "11042, 99156-59", FAIL),
    Case("h246750: 11042 over 99156, indicator 1", "11042, 99156-59", BYPASSED, setting=HOSPITAL),
    Case("p291405: 11042 over 0213T, indicator 0", "0213T-XS, 11042", FAIL),
    Case("h246489: 11042 over 0213T, indicator 1", "0213T-XS, 11042", BYPASSED, setting=HOSPITAL),
    Case("p59: 0001A over 90473, indicator 9", "0001A, 90473", PASS),
    Case("p2201542: 77067 over 77061, indicator 1, LT", "77067, 77061-LT", BYPASSED),
    Case("p2089663: 66984 over 66983, indicator 1, two eyes", "66984-RT, 66983-LT", BYPASSED),
    Case("p2428508 active, p2428498 deleted 2019-12-31: 96372 over 99213", "99213-25, 96372", BYPASSED),
    Case("p790617: 27447 over 29870, indicator 1", "27447, 29870", FAIL),
    Case("in no line of the practitioner file", "99213, 93000", PASS),
    Case("p291559, p947155, p947222, p948143, p948175, p948242: six pairs of four lines",
         "11042, 97597, 29881, 29877", " ".join([FAIL] * 6)),
)  # fmt: skip

UNITS = (
    Case("m867: 11042, 1, MAI 2", "11042", PASS),
    Case("m867, two on a line", "11042x2", FAIL),
    Case("m867, a line each: the day is added up", "11042, 11042", f"{FAIL} {FAIL}"),
    Case("m867, a line each by two providers", "11042@A, 11042@B", f"{PASS} {PASS}"),
    Case("m867, one on an earlier claim of the day", "11042", FAIL, earlier="11042"),
    Case("m867, one on an earlier day", "11042", PASS, earlier="11042", earlier_on="2024-08-14"),
    Case("m870: 11045, 12, MAI 3", "11045x12", PASS),
    Case("m870, thirteen", "11045x13", FAIL),
    Case("m870, 8 and 5", "11045x8, 11045x5", f"{FAIL} {FAIL}"),
    Case("m870, 8 and 4 before", "11045x8", PASS, earlier="11045x4"),
    Case("practitioner m9849: 96372, 4", "96372x5", FAIL),
    Case("hospital m9848: 96372, 5", "96372x5", PASS, setting=HOSPITAL),
    Case("practitioner m6760: 71046, 2", "71046x3", FAIL),
    Case("hospital m6760: 71046, 3", "71046x3", PASS, setting=HOSPITAL),
    Case("DME m403: B4164, 2, MAI 1: each line alone", "B4164x2, B4164x2", f"{PASS} {PASS}", setting=DME),
    Case("DME m403, three on a line", "B4164x3", FAIL, setting=DME),
    Case("DME m30: A4253, 1, MAI 3", "A4253, A4253", f"{FAIL} {FAIL}", setting=DME),
    Case("practitioner m10297: A4253, 0", "A4253", FAIL),
    Case("DME m1180: J1100, 0", "J1100", FAIL, setting=DME),
    Case("practitioner m12432: J1100, 120", "J1100x120", PASS),
    Case("J3490 is in none of the files: no published limit", "J3490x999", OPEN),
    Case("m867, the last day of the quarter", "11042x2", FAIL, "2024-09-30"),
    Case("m867, the day after the edition", "11042", OPEN, "2024-10-01"),
    Case("m867, the day before the edition", "11042", OPEN, "2024-06-30"),
)

ADD_ONS = (
    Case("a688: 11045 with 11042, type 1", "11042, 11045", PASS),
    Case("a688, alone", "11045", FAIL),
    Case("a688, the primary on an earlier claim of the day", "11045", PASS, earlier="11042"),
    Case("a688, the primary the day before", "11045", FAIL, earlier="11042", earlier_on="2024-08-14"),
    Case("a688, the primary by somebody else", "11045@A, 11042@B", FAIL),
    Case("a691: 11103 with 11102", "11103, 11102", PASS),
    Case("a691 to a693: 11103 with 11102, 11104 or 11106, not with 11042", "11103, 11042", FAIL),
    Case("a1294: 22552 with 22551", "22551, 22552", PASS),
    Case("a1294, alone", "22552", FAIL),
    Case("a5838: 90472 with 90460", "90460, 90472", PASS),
    Case("a5841: 90472 with G0008", "G0008, 90472", PASS),
    Case("a5310: 64484 with 64483", "64483, 64484", PASS),
    Case("a2850: 33141 with 33510", "33510, 33141", PASS),
    Case("a7216: 99292 with 99291, type 1", "99292", FAIL),
    Case("a2: 0054T, type 2, primaries by the contractor", "0054T, 27447", OPEN),
    Case("11042 is no add-on", "11042", ""),
    Case("a688, the day after the edition", "11045", OPEN, "2024-10-01"),
    Case("a688, the day before the edition", "11042, 11045", f"{OPEN} {OPEN}", "2024-06-30"),
)


def lines_of(text: str, day: str) -> tuple[ClaimLine, ...]:
    found: list[ClaimLine] = []
    for part in text.split(","):
        if not part.strip():
            continue
        rest, _, provider = part.strip().partition("@")
        rest, _, units = rest.partition("x")
        code, *modifiers = rest.split("-")
        found.append(
            ClaimLine(code, date.fromisoformat(day), tuple(modifiers), int(units or 1), "11", provider)
        )
    return tuple(found)


async def statuses(official: Any, case: Case, rule: str) -> list[str]:
    database = Database(official.url)
    catalog = Catalog(database, official.releases)
    reader = SourceReader(catalog, CatalogRepository(database, official.releases), source_names())
    try:
        claim = Claim(
            case.setting,
            lines=lines_of(case.lines, case.day),
            earlier=lines_of(case.earlier, case.earlier_on),
        )
        answer = await ClaimCheck(Knowledge(catalog, reader, Ncci(reader))).check(claim)
    finally:
        await reader.close()
        await catalog.close()
        await database.close()
    found = [one for one in answer.results if one.rule == rule]
    for one in found:
        assert one.why
        assert one.receipts or one.status not in ("fail", "bypassed")
        assert one.fix or one.status not in ("fail", "bypassed")
    return [one.status for one in found]


@pytest.mark.parametrize("case", PAIRS, ids=[case.rows for case in PAIRS])
async def test_pairs(official: Any, case: Case) -> None:
    assert await statuses(official, case, "ncci-ptp") == case.expected.split()


@pytest.mark.parametrize("case", UNITS, ids=[case.rows for case in UNITS])
async def test_units(official: Any, case: Case) -> None:
    assert await statuses(official, case, "mue") == case.expected.split()


@pytest.mark.parametrize("case", ADD_ONS, ids=[case.rows for case in ADD_ONS])
async def test_add_ons(official: Any, case: Case) -> None:
    assert await statuses(official, case, "add-on") == case.expected.split()
