"""The grouper and Tables 6I to 6K agree: level of every code, exclusions by principal diagnosis, patients who died.

The tables are read here by a reader of the test's own.
"""

import random
import re
import zipfile
from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

import pytest
import totals
from inpatient_files import official

from ahead.lookup.msdrg.grouper import Case, Diagnosis, Grouping

DAYS = (date(2025, 11, 15), date(2026, 6, 15))
"""One in each version of FY2026."""
NEUTRAL = "H9190"
"""A principal diagnosis that excludes none: unspecified hearing loss."""
CHUNK = 200
TOTAL = "msdrg exclusion principals"


class Tables(NamedTuple):
    """`codes`: level and collection; `members`: principal diagnoses of a collection."""

    codes: dict[str, tuple[str, str | None]]
    members: dict[str, set[str]]
    alive_only: set[str]
    within: dict[str, set[tuple[int, int]]]


@pytest.fixture(scope="session")
def tables() -> Tables:
    with zipfile.ZipFile(official("msdrg", "ipps-fy2026-tables.zip")) as archive:
        name = next(name for name in archive.namelist() if "6k" in name)
        lines = archive.read(name).decode("latin-1").replace("\r", "").split("\n")
    codes: dict[str, tuple[str, str | None]] = {}
    members: dict[str, set[str]] = defaultdict(set)
    alive: set[str] = set()
    within: dict[str, set[tuple[int, int]]] = defaultdict(set)
    part, collection, drgs = 0, "", (0, 0)
    for line in lines:
        words = line.split()
        if line.startswith("K Part"):
            part = int(words[2][0])
        elif not words or part == 0:
            continue
        elif line.startswith("PDX collection"):
            collection = words[2]
        elif part == 1 and collection:
            members[collection].add(words[0])
        elif part == 1 and len(words) > 2 and words[1] in ("CC", "MCC"):
            codes[words[0]] = (words[1], words[2][:4] if words[2][:1].isdigit() else None)
        elif part == 2:
            alive.add(words[0])
        elif part == 3 and line.startswith("MDC "):
            numbers = re.findall(r"[0-9]{3}", words[3])
            drgs = (int(numbers[0]), int(numbers[-1]))
        elif part == 3:
            within[words[0]].add(drgs)
    assert (len(codes), len(members), len(alive)) == (18_432, 1_994, 8)
    return Tables(codes, members, alive, within)


@pytest.fixture(scope="session")
def all_codes() -> list[str]:
    with zipfile.ZipFile(official("icd10cm", "icd10cm-2026.zip")) as archive:
        text = archive.read("icd10cm-codes-2026.txt").decode("latin-1")
    return [line.split()[0] for line in text.split("\n") if line.strip()]


def grouped(
    grouper: Any, principal: str, secondary: list[str], day: date = DAYS[1], status: int = 1
) -> Grouping:
    version = grouper.version_for(day)
    found = tuple(Diagnosis(code, "Y") for code in secondary)
    return grouper.group(version, Case(Diagnosis(principal, "Y"), found, (), 40, "F", status))


@pytest.mark.parametrize("day", DAYS)
def test_every_code_has_the_level_of_the_lists(
    grouper: Any, tables: Tables, all_codes: list[str], day: date
) -> None:
    assert len(all_codes) == 74_719
    assert set(tables.codes) <= set(all_codes)
    for start in range(0, len(all_codes), CHUNK):
        for one in grouped(grouper, NEUTRAL, all_codes[start : start + CHUNK], day).secondary:
            assert one.level == tables.codes.get(one.code, ("", None))[0], one.code


def test_every_cc_is_excluded_by_a_principal_of_its_collection_and_by_no_other(
    grouper: Any, tables: Tables
) -> None:
    """Each of the 18,432 codes with a principal diagnosis drawn from its collection, and with one drawn from all."""
    draw = random.Random(20_260_401)
    principals = sorted(set().union(*tables.members.values()))
    chosen = {number: draw.choice(sorted(members)) for number, members in tables.members.items()}
    inside: dict[str, list[str]] = defaultdict(list)
    outside: dict[str, list[str]] = defaultdict(list)
    for code, (_, collection) in tables.codes.items():
        if collection is not None:
            inside[chosen[collection]].append(code)
        outside[principals[draw.randrange(0, len(principals), 131)]].append(code)
    checked = 0
    for asked in (inside, outside):
        for principal, codes in asked.items():
            for start in range(0, len(codes), CHUNK):
                checked += _check(grouper, tables, principal, codes[start : start + CHUNK])
    assert checked > 36_000


def _check(grouper: Any, tables: Tables, principal: str, codes: list[str]) -> int:
    grouping = grouped(grouper, principal, codes)
    for one in grouping.secondary:
        collection = tables.codes[one.code][1]
        wanted = collection is not None and principal in tables.members[collection]
        if one.excluded != wanted:  # Part 3 may exclude it within the MS-DRG
            drg = int(grouping.drg)
            assert one.excluded, (principal, one.code)
            assert any(first <= drg <= last for first, last in tables.within.get(one.code, ())), (
                principal, one.code, drg,
            )  # fmt: skip
    return len(grouping.secondary)


def test_every_pair_of_principal_and_cc(grouper: Any, tables: Tables, long_run: bool) -> None:
    """All 33.6 million exclusions and as many codes beside them that are not excluded; a seeded part of the principal
    diagnoses in the short form. A long run is taken up where it stopped."""
    by_principal: dict[str, list[str]] = defaultdict(list)
    of_collection: dict[str, list[str]] = defaultdict(list)
    for code, (_, collection) in tables.codes.items():
        of_collection[collection or ""].append(code)
    for collection, members in tables.members.items():
        for principal in members:
            by_principal[principal].append(collection)
    principals = sorted(by_principal)
    assert len(principals) == 26_090
    pairs = sum(len(of_collection[one]) for collections in by_principal.values() for one in collections)
    assert pairs == 33_616_658
    draw = random.Random(6)
    every = sorted(tables.codes)
    done = totals.kept(TOTAL) % len(principals) if long_run else 0
    asked = principals[done:] if long_run else draw.sample(principals, 25)
    for number, principal in enumerate(asked, done + 1):
        codes = [code for collection in by_principal[principal] for code in of_collection[collection]]
        codes += draw.sample(every, 60)
        for start in range(0, len(codes), CHUNK):
            _check(grouper, tables, principal, codes[start : start + CHUNK])
        if long_run and (number % 50 == 0 or number == len(principals)):
            totals.keep(TOTAL, number)


def test_patients_who_died_lose_the_codes_of_part_2_and_no_other(grouper: Any, tables: Tables) -> None:
    codes = sorted(tables.codes)
    died: set[str] = set()
    for start in range(0, len(codes), CHUNK):
        found = grouped(grouper, NEUTRAL, codes[start : start + CHUNK], status=20).secondary
        died |= {one.code for one in found if one.died}
    assert died == tables.alive_only


@pytest.mark.parametrize(
    ("principal", "status", "drgs"),
    [
        ("S061X3A", 1, (82, 84)),
        ("A150", 1, (177, 179)),
        ("I2109", 1, (280, 282)),
        ("I2109", 20, (283, 285)),
    ],
)
def test_within_the_ms_drgs_of_part_3_its_codes_do_not_count(
    grouper: Any, tables: Tables, principal: str, status: int, drgs: tuple[int, int]
) -> None:
    codes = sorted(code for code, headings in tables.within.items() if drgs in headings)
    assert codes
    for code in codes:
        grouping = grouped(grouper, principal, [code], status=status)
        assert drgs[0] <= int(grouping.drg) <= drgs[1]
        assert not grouping.level, code
