"""The typed queries are well formed, and every gold code is in force in the official files."""

import csv
import importlib.util
import os
import re
import warnings
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

ROWS_AT_LEAST = 460
GOLDS_AT_MOST = 5
KINDS = {  # with the least each must hold
    "lay": 90,
    "abbreviation": 80,
    "typo": 60,
    "clinical": 110,
    "code": 30,
    "laterality": 15,
    "encounter": 25,
    "external": 20,
    "injury": 20,
    "obstetric": 20,
    "neoplasm": 20,
    "drug": 15,
    "hcpcs": 25,
}
LARGEST_SHARE = 0.25
HALF_AT_LEAST, KIND_IN_HALF_AT_LEAST = 0.45, 0.3

DIAGNOSIS = re.compile(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?")
SUPPLY = re.compile(r"[A-Z][0-9]{4}")


def rows() -> list[list[str]]:
    lines = (HERE / "typed_queries.tsv").read_text(encoding="utf-8").split("\n")
    assert lines[0] == "kind\tquery\tcodes\tnote"
    assert lines.pop() == "", "the last line ends"
    return [line.split("\t") for line in lines[1:]]


def golds() -> list[tuple[str, str]]:
    return [(query, code) for _, query, codes, _ in rows() for code in codes.split("|")]


def half_of() -> Callable[[str], str]:
    spec = importlib.util.spec_from_file_location("halves", HERE / "halves.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.half_of


def official(relative: str) -> Path:
    directory = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or ROOT.parent / "shared" / "data")
    if not directory.is_absolute():
        directory = ROOT / directory
    path = directory / relative
    if not path.is_file():
        reason = f"no official file {relative}: set AHEAD_OFFICIAL_DATA to the directory that holds it"
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@cache
def billable(path: Path) -> frozenset[str]:
    with zipfile.ZipFile(path) as archive:
        lines = archive.read("icd10cm_codes_2027.txt").decode("utf-8").splitlines()
    bare = [line.split(maxsplit=1)[0] for line in lines if line.strip()]
    return frozenset(code if len(code) == 3 else f"{code[:3]}.{code[3:]}" for code in bare)


@cache
def supplies(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {line["hcpcs_code"]: line["date_term"] for line in csv.DictReader(file)}


@cache
def tabular() -> frozenset[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import simple_icd_10_cm

        return frozenset(simple_icd_10_cm.get_all_codes(True))


@cache
def headed(in_force: frozenset[str]) -> dict[str, list[str]]:
    """The codes in force below every beginning of a code, from its category on."""
    below: dict[str, list[str]] = defaultdict(list)
    for code in in_force:
        for end in range(3, len(code)):
            below[code[:end]].append(code)
    return below


def is_header(code: str, in_force: frozenset[str]) -> bool:
    """Say whether a code stands in the tabular list and has codes in force below it.

    A header newer than the tabular list held is known by its codes: all of them are new as well.
    """
    below = headed(in_force).get(code, ())
    return bool(below) and (code in tabular() or not any(other in tabular() for other in below))


def test_every_line_has_four_fields() -> None:
    for number, fields in enumerate(rows(), 2):
        assert len(fields) == 4, f"line {number}"
        _, query, codes, note = fields
        assert query.strip(), f"line {number}: no query"
        assert codes == codes.strip(), f"line {number}: codes"
        assert note == note.strip(), f"line {number}: note"


def test_the_set_is_large_and_no_two_queries_are_alike() -> None:
    queries = [" ".join(query.casefold().split()) for _, query, _, _ in rows()]
    assert len(queries) >= ROWS_AT_LEAST
    assert [query for query, count in Counter(queries).items() if count > 1] == []


def test_kinds_are_known_and_each_has_its_share() -> None:
    counts = Counter(kind for kind, *_ in rows())
    assert set(counts) == set(KINDS)
    for kind, least in KINDS.items():
        assert least <= counts[kind] <= LARGEST_SHARE * counts.total(), f"{kind}: {counts[kind]}"


def test_golds_are_few_and_written_as_coders_write_them() -> None:
    for kind, query, codes, _ in rows():
        listed = codes.split("|")
        assert 1 <= len(listed) <= GOLDS_AT_MOST, query
        assert len(set(listed)) == len(listed), query
        form = SUPPLY if kind == "hcpcs" else DIAGNOSIS
        assert all(form.fullmatch(code) for code in listed), f"{query}: {codes}"


def test_diagnosis_codes_are_in_force_or_headers_of_such() -> None:
    in_force = billable(official("icd10cm/icd10cm-2027.zip"))
    diagnoses = [(query, code) for query, code in golds() if not SUPPLY.fullmatch(code)]
    unknown = [pair for pair in diagnoses if pair[1] not in in_force and not is_header(pair[1], in_force)]
    assert unknown == []


def test_supply_codes_are_listed_and_not_ended() -> None:
    ended = supplies(official("hcpcs/hcpcs_level2_2024q3_from_ANWEB.csv"))
    listed = [(query, code) for query, code in golds() if SUPPLY.fullmatch(code)]
    assert listed
    assert [pair for pair in listed if ended.get(pair[1]) != ""] == []


def test_a_code_that_ended_or_never_was_is_found_out() -> None:
    in_force = billable(official("icd10cm/icd10cm-2027.zip"))
    for header in ("E11", "S62.109", "I42.0", "M67.A"):
        assert header not in in_force
        assert is_header(header, in_force)
    for wrong in ("S23.420A", "M54.55", "S62.1099", "E1", "M25.46."):
        assert wrong not in in_force
        assert not is_header(wrong, in_force)


def test_the_halves_are_of_one_size_and_of_one_kind() -> None:
    half = half_of()
    assert half("E11") == half("e11")
    halves = Counter(half(query) for _, query, _, _ in rows())
    assert set(halves) == {"tuning", "held-out"}
    assert min(halves.values()) >= HALF_AT_LEAST * halves.total()
    for kind in KINDS:
        counts = Counter(half(query) for named, query, _, _ in rows() if named == kind)
        assert len(counts) == 2, kind
        assert min(counts.values()) >= KIND_IN_HALF_AT_LEAST * counts.total(), f"{kind}: {counts}"
