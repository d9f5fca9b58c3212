"""Diagnoses on claims, judged by hand from lines of the official files.

Each case names its lines: `t` the tabular list of April 2026, `p` the POA exempt list of FY2026, `m` the lists of the
Medicare Code Editor v37, `25`, `26` and `27` the order files of April 2025 and FY2026 and the codes of FY2027, `a` the
addenda of FY2026.
"""

from typing import NamedTuple


class Case(NamedTuple):
    lines: str
    """Which lines, and what they say."""
    coded: str
    """Diagnoses separated by commas, each with its POA indicator after a blank."""
    expected: str
    """Statuses of the rule's results in their order."""
    cited: tuple[int, ...] = ()
    """Lines that the receipts must name."""
    day: str = "2026-02-02"
    inpatient: bool = False
    age: int = 40
    sex: str = "F"
    service: str = "99213"
    """Code and modifiers of the claim's line, which points to the first diagnosis."""


FAIL, PASS, OPEN, NONE = "fail", "pass", "not_checked", ""
TWO_FAIL = f"{FAIL} {FAIL}"
FIVE_OPEN = " ".join([OPEN] * 5)

EXCLUDES1 = (
    Case("t24357: E11 excludes E10.-", "E11.9, E10.9", FAIL, (24357,)),
    Case("t23976: E10 excludes E11.-, written the other way round", "E10.9, E11.9", FAIL, (23976,)),
    Case("t23968: E10 excludes E08.-", "E10.9, E08.9", FAIL, (23968,)),
    Case("t23241: E08 excludes E10.-", "E08.9, E10.9", FAIL, (23241,)),
    Case("t149250: R73 excludes E08-E13, a range", "R73.9, E11.65", FAIL, (149250,)),
    Case("t149250, where E11's own notes don't name R73", "E11.65, R73.9", FAIL, (149250,)),
    Case("t149264: R73.0 excludes E16.2, two levels above R73.09", "R73.09, E16.2", FAIL, (149264,)),
    Case("t25135: E16.2 excludes E11.649", "E16.2, E11.649", FAIL, (25135,)),
    Case("t25135 names E11.649, and not E11.9", "E16.2, E11.9", PASS),
    Case("t104804: M54.5 excludes M54.4-", "M54.50, M54.41", FAIL, (104804,)),
    Case("t104804, the other way round", "M54.41, M54.50", FAIL, (104804,)),
    Case("t72034: J20 excludes J40", "J20.9, J40", FAIL, (72034,)),
    Case("t61025: I10 excludes O10-O11 and O13-O16", "I10, O13.1", FAIL, (61025,)),
    Case("t1882: A41 excludes R78.81", "A41.9, R78.81", FAIL, (1882,)),
    Case("t1885: A41 excludes A40.-", "A40.9, A41.9", FAIL),
    Case("t61332: I25.2 is in an Excludes2 of I21", "I21.09, I25.2", PASS),
    Case("t61029: H35.0- is in an Excludes2 of I10", "I10, H35.033", PASS),
    Case("t23971, t23976, t149250: each of three pairs", "E10.9, E11.9, R73.9", f"{FAIL} {TWO_FAIL}",
         (23971, 23976, 149250)),
    Case("one diagnosis has no pair", "E11.9", NONE),
    Case("t24357, the first day of the tabular list", "E11.9, E10.9", FAIL, (24357,), "2025-10-01"),
    Case("t24357, its last day", "E11.9, E10.9", FAIL, (24357,), "2026-09-30"),
    Case("no tabular list is held for the day before", "E11.9, E10.9", OPEN, day="2025-09-30"),
    Case("no tabular list is held for the day after", "E11.9, E10.9", OPEN, day="2026-10-01"),
    Case("no edition at all", "E11.9, E10.9", NONE, day="2025-03-31"),
)  # fmt: skip

CODE_FIRST = (
    Case("t29484: F02 after Alzheimer's (G30.-)", "G30.9, F02.80", PASS, (29484,)),
    Case("t29484, before it", "F02.80, G30.9", FAIL, (29484,)),
    Case("t29484 to t29508: without any of them", "I10, F02.80", FAIL, (29484,)),
    Case("t29501: after Parkinson's (G20.-)", "G20.A1, F02.80", PASS, (29501,)),
    Case("t20804: D63.1 after N18.-; t120941: N18 after I12.-", "I12.9, N18.4, D63.1", f"{PASS} {PASS}",
         (20804, 120941)),
    Case("t20804, before it; t120941: N18 without one", "D63.1, N18.4", f"{FAIL} {OPEN}", (20804,)),
    Case("t20804: without it, and the title names no other disease", "I10, D63.1", OPEN, (20804,)),
    Case("t20788: D63.0 after a neoplasm (C00-D49)", "C50.911, D63.0", PASS, (20788,)),
    Case("t120940: N18 after E11.22", "E11.22, N18.4", PASS, (120940,)),
    Case("t71957: J18 after influenza (J10.0-), if applicable", "J10.08, J18.9", PASS, (71957,)),
    Case("t71957: without it, if applicable", "R05.1, J18.9", OPEN, (71957,)),
    Case("t149038: R65.2 after A41.9; t1874: A41 after T81.44-, if applicable", "A41.9, R65.20",
         f"{OPEN} {PASS}", (1874, 149038)),
    Case("t86960: L97 after E11.621", "E11.621, L97.511", PASS, (86960,)),
    Case("t86960, before it", "L97.511, E11.621", FAIL, (86960,)),
    Case("t29484, the day after the tabular list", "F02.80, G30.9", OPEN, day="2026-10-01"),
)  # fmt: skip

USE_ADDITIONAL = (
    Case(
        "t61045: I11.0 with I50.-; t61004 to t61008: five kinds of tobacco",
        "I11.0, I50.9",
        f"{PASS} {FIVE_OPEN}",
        (61045, 61008),
    ),
    Case("t61045, without it: the record decides", "I11.0", f"{OPEN} {FIVE_OPEN}", (61045,)),
    Case("t61007: I10 with F17.-", "I10, F17.210", f"{OPEN} {OPEN} {OPEN} {PASS} {OPEN}", (61007,)),
    Case("t25132: E16.2 with E16.A-", "E16.2, E16.A1", PASS, (25132,)),
    Case("t26653: E66 with Z68.-", "E66.9, Z68.41", PASS, (26653,)),
    Case("t61045, a tabular list of another year", "I11.0, I50.9", OPEN, day="2025-09-30"),
    Case("E10.9 asks for none", "E10.9", NONE),
)

SEQUENCE = (
    Case("t29482: a manifestation first", "F02.80, G30.9", FAIL),
    Case("the underlying disease first", "G30.9, F02.80", PASS),
    Case("an external cause first", "W01.0XXA, S00.03XA", FAIL),
    Case("an external cause second", "S00.03XA, W01.0XXA", PASS),
    Case("a place of occurrence first", "Y92.010, S00.03XA", FAIL),
)

POA = (
    Case("p20: I25.2 is exempt", "E11.9 Y, I25.2", PASS),
    Case("p20: exempt, and yet Y", "E11.9 Y, I25.2 Y", f"{FAIL} {PASS}", (20,)),
    Case("p37868: Z79.4 with 1, which exempt codes had on paper", "E11.9 Y, Z79.4 1", PASS),
    Case("p37760: Z68.41 with N", "E66.9 Y, Z68.41 N", f"{FAIL} {PASS}", (37760,)),
    Case("p15388: S72.001D", "S72.001D", PASS),
    Case("p37889: Z79.85; p37890: Z79.84", "E11.9 Y, Z79.84, Z79.85", PASS),
    Case("E11.9 is in no line", "E11.9", FAIL),
    Case("E11.9 with 1", "E11.9 1", FAIL),
    Case("E11.9 with W: clinically undetermined", "E11.9 W", PASS),
    Case("S72.001A is in no line, S72.001D is p15388", "S72.001A", FAIL),
    Case("p37868 beside two that are in no line", "E11.9, I10 N, Z79.4", f"{FAIL} {PASS}"),
    Case("the first day of the list", "I25.2", PASS, day="2025-10-01"),
    Case("the day before the list", "I25.2", OPEN, day="2025-09-30"),
    Case("the day after the list", "I25.2", OPEN, day="2026-10-01"),
)

IN_2020, BEFORE_OFF, OFF = "2020-01-15", "2024-09-30", "2024-10-01"


def stay(lines: str, coded: str, expected: str, *, day: str = IN_2020, age: int = 40, sex: str = "F") -> Case:
    """An inpatient claim, by the Medicare Code Editor."""
    return Case(lines, coded, expected, (), day, True, age, sex)


AGE = (
    stay("m2: A33 is a newborn's, age 0", "A33 Y", NONE, age=0),
    stay("m2, age 1", "A33 Y", FAIL, age=1),
    stay("m2130: O80 is maternity's, age 8", "O80 Y", FAIL, age=8),
    stay("m2130, age 9", "O80 Y", NONE, age=9),
    stay("m2130, age 64", "O80 Y", NONE, age=64),
    stay("m2130, age 65", "O80 Y", FAIL, age=65),
    stay("m3153: N40.0 is an adult's, age 14", "N40.0 Y", FAIL, age=14, sex="M"),
    stay("m3153, age 15", "N40.0 Y", NONE, age=15, sex="M"),
    stay("m3153 on a secondary diagnosis", "I21.09 Y, N40.0 Y", FAIL, age=14, sex="M"),
)
SEX = (
    stay("m8771: C61 is a man's", "C61 Y", FAIL),
    stay("m8771, of a man", "C61 Y", NONE, sex="M"),
    stay("m3360: C56.9 is a woman's", "C56.9 Y", FAIL, sex="M"),
    stay("m3360, of a woman", "C56.9 Y", NONE),
    stay("m8771, the last day of the sex edit", "C61 Y", FAIL, day=BEFORE_OFF),
    stay("m8771, the first day without it", "C61 Y", NONE, day=OFF),
)
MANIFESTATION = (
    stay("m11267: F02.80 as principal", "F02.80 Y", FAIL),
    stay("m11267 as secondary", "G30.9 Y, F02.80 Y", NONE),
    stay("m11175: D63.1 as principal", "D63.1 Y", FAIL),
    stay("m11306: H42 as principal", "H42 Y", FAIL),
)
UNACCEPTABLE = (
    stay("m11597: B95.0 as principal", "B95.0 Y", FAIL),
    stay("m11597 as secondary", "I21.09 Y, B95.0 Y", NONE),
    stay("m13220: Z37.0 as principal", "Z37.0", FAIL),
    stay("m13861: Z91.81 as principal", "Z91.81", FAIL),
    stay("in no line of the list", "I21.09 Y", NONE),
)
QUESTIONABLE = (
    stay("m11579: I10 as principal", "I10 Y", FAIL),
    stay("m11579 as secondary", "I21.09 Y, I10 Y", NONE),
)


def sides(lines: str, coded: str, expected: str, service: str = "99213") -> Case:
    return Case(lines, coded, expected, service=service)


LATERALITY = (
    sides("26:18147 both knees, 26:18150 the right", "M17.0, M17.11", FAIL),
    sides("26:18150, 26:18151: right and left", "M17.11, M17.12", NONE),
    sides("26:18147 both knees, 26:18149 unspecified", "M17.10, M17.0", FAIL),
    sides("26:18149 no side, 26:18150 the right", "M17.10, M17.11", FAIL),
    sides("26:8795 both eyes, 26:8793 the right", "H25.11, H25.13", FAIL),
    sides("26:8793, 26:8794: right and left", "H25.11, H25.12", NONE),
    sides("26:20083 unspecified side, 26:20084 the right", "M54.40, M54.41", FAIL),
    sides("26:19105 right knee, 26:19107 unspecified knee", "M25.561, M25.569", FAIL),
    sides("26:10955 right ear, 26:10957 both", "H66.91, H66.93", FAIL),
    sides("26:18151 left, RT on the line", "M17.12", FAIL, "20610-RT"),
    sides("26:18151 left, LT on the line", "M17.12", PASS, "20610-LT"),
    sides("26:18147 both, RT on the line", "M17.0", PASS, "20610-RT"),
    sides("26:18147 both knees, 26:18149 unspecified", "M17.10, M17.0", FAIL),
    sides("26:18149 no side, RT on the line", "M17.10", NONE, "20610-RT"),
    sides("26:18150 right, T5 (right foot) on the line", "M17.11", PASS, "28820-T5"),
    sides("26:18150 right, FA (left hand) on the line", "M17.11", FAIL, "26055-FA"),
)


def dated(lines: str, coded: str, day: str, expected: str, *cited: int) -> Case:
    return Case(lines, coded, expected, cited, day)


EDITIONS = (
    dated("the day before the first edition", "E11.9", "2025-03-31", OPEN),
    dated("25:4407, the first day", "E11.9", "2025-04-01", PASS, 4407),
    dated("25:4407, the last day", "E11.9", "2025-09-30", PASS, 4407),
    dated("26:4416, the first day", "E11.9", "2025-10-01", PASS, 4416),
    dated("26:4416, the last day", "E11.9", "2026-09-30", PASS, 4416),
    dated("27:3515, the first day", "E11.9", "2026-10-01", PASS, 3515),
    dated("25:1228: B88.0 is billable", "B88.0", "2025-09-30", PASS, 1228),
    dated("26:1228: B88.0 has become a heading", "B88.0", "2025-10-01", FAIL, 1228),
    dated("25:6395: G35 is billable", "G35", "2025-09-30", PASS, 6395),
    dated("26:6430 and a38: G35 has become a heading", "G35", "2025-10-01", FAIL, 6430),
    dated("a41: G35.B1 is new", "G35.B1", "2025-09-30", FAIL),
    dated("26:6434", "G35.B1", "2025-10-01", PASS, 6434),
    dated("26:11819: I42.0 is billable", "I42.0", "2026-09-30", PASS, 11819),
    dated("in no line of FY2027", "I42.0", "2026-10-01", FAIL),
    dated("27:9221, the day before: not yet", "I42.00", "2026-09-30", FAIL),
    dated("27:9221", "I42.00", "2026-10-01", PASS, 9221),
    dated("26:21438", "M72.2", "2026-09-30", PASS, 21438),
    dated("in no line of FY2027: moved to M67.A-", "M72.2", "2026-10-01", FAIL),
    dated("27:16438", "M67.A01", "2026-10-01", PASS, 16438),
    dated("26:3681: D69.1 is billable", "D69.1", "2026-09-30", PASS, 3681),
    dated("27:2955: D69.11 in its place", "D69.1, D69.11", "2026-10-01", f"{FAIL} {PASS}", 2955),
    dated("27:11426", "K6A.01", "2026-10-01", PASS, 11426),
    dated("the day before", "K6A.01", "2026-09-30", FAIL),
)

RULES: dict[str, tuple[Case, ...]] = {
    "excludes1": EXCLUDES1,
    "code-first": CODE_FIRST,
    "use-additional": USE_ADDITIONAL,
    "sequence": SEQUENCE,
    "poa": tuple(case._replace(inpatient=True) for case in POA),
    "mce-age-conflict": AGE,
    "mce-sex-conflict": SEX,
    "mce-manifestation-as-pdx": MANIFESTATION,
    "mce-unacceptable-pdx": UNACCEPTABLE,
    "mce-questionable-admission": QUESTIONABLE,
    "laterality": LATERALITY,
    "valid-code": EDITIONS,
}
