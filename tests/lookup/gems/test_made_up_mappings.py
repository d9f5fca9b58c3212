"""Made-up mappings on both databases, and files that are refused."""

import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.gems.loading import gem
from ahead.shared.db import migrations

IN_FORCE = date(2018, 3, 1)


@pytest.mark.parametrize(
    ("system", "key", "status", "words"),
    [
        ("icd9cm", "0010", "mapped", "mean the same"),
        ("icd9cm", "2500", "mapped", "2 single codes"),
        ("icd9cm", "2501", "mapped", "one of E11.9 or E13.9 together with Z79.4"),
        ("icd9cm", "E8000", "no_map", "no equivalent"),
        ("icd9cm", "9999", "not_listed", "not in the mapping"),
        ("icd10cm", "S0000XA", "mapped", "V58.89"),
        ("icd10cm", "R29700", "no_map", "no equivalent"),
    ],
)
async def test_flags_are_explained(made: Any, system: str, key: str, status: str, words: str) -> None:
    answer = await made.of(system, key, IN_FORCE)
    assert answer.status == status
    assert words in " ".join(answer.words)


async def test_what_leads_to_a_code_is_known_from_the_other_direction(made: Any) -> None:
    answer = await made.of("icd10cm", "E119", IN_FORCE)
    assert [t.code for t in answer.named_by] == ["250.0", "250.1"]
    assert [t.scenario for t in answer.named_by] == [0, 1]


def gem_file(folder: Path, content: str | bytes) -> InputFile:
    path = folder / "2018_I9gem.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return InputFile(path)


GOOD = "0010  A000    00000\r\n2500  E119    10000\r\n"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0010  A000    00000\r\n", "line 3: has the mapping of 0010 to A000 twice"),
        ("A000    0010  00000\r\n", "line 3: '"),
        ("0011  A001    0000\r\n", "line 3: is no line"),
        ("0011  A001    00010\r\n", "line 3: has a combination"),
        ("0011  NoDx    10000\r\n", "line 3: says “no map”"),
        ("0011  A001    01000\r\n", "line 3: says “no map”"),
        ("0011  0016070 10000\r\n", "line 3: '0016070' is not a code"),
        ("00AB  A001    10000\r\n", "line 3: '00AB' is not a code"),
        ("0011  A00", "line 3: "),
        ("0011  A001    00000", "line 3: is cut off"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        list(gem.read(gem_file(tmp_path, GOOD + line), "icd9cm"))


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="ASCII"):
        list(
            gem.read(
                gem_file(tmp_path, GOOD.encode() + "0011  Ä001    00000\r\n".encode("latin-1")), "icd9cm"
            )
        )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(min_value=21, max_value=len(GOOD) - 3))
def test_a_file_that_is_cut_off_is_refused_or_whole_lines(tmp_path: Path, cut: int) -> None:
    with suppress(Refused):
        assert len(list(gem.read(gem_file(tmp_path, GOOD[:cut]), "icd9cm"))) == GOOD[:cut].count("\r\n")


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=400))
def test_noise_never_crashes(tmp_path: Path, content: bytes) -> None:
    file = gem_file(tmp_path, content)
    gem.direction_of(file.head)
    with suppress(Refused):
        list(gem.read(file, "icd10cm"))


def test_the_direction_is_told_by_the_first_line() -> None:
    assert gem.direction_of(b"0016070 0234  10000\r\n") == "icd10pcs"
    assert gem.direction_of(b"0001  6A750Z4 10000\r\n") == "icd9pcs"
    assert gem.direction_of(b"0010  A000    00000\r\n") == "icd9cm"
    assert gem.direction_of(b"A000    0010  10000\r\n") == "icd10cm"
    assert gem.direction_of(b"0010  A000    0000\r\n") is None


def test_a_refused_file_leaves_what_was_held(tmp_path: Path, made_up: list[Path]) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    loader = CatalogLoader(url, tmp_path / "releases")
    assert all(one.new for one in loader.load(made_up).loaded)
    broken = tmp_path / "2019_I9gem.txt"
    broken.write_text(GOOD.replace("\r\n", "\n") + "0011  A001    00010\n")
    with pytest.raises(Refused, match="line 3"):
        loader.load([broken])
    assert not any(one.new for one in loader.load(made_up).loaded)
    nameless = tmp_path / "gem.txt"
    nameless.write_text(GOOD)
    with pytest.raises(Refused, match="--from"):
        loader.load([nameless])


PROCEDURES = {
    "gem_i9pcs.txt": "0001  6A750Z4 10000\r\n0011  3E033XZ 10111\r\n0011  3E043XZ 10112\r\n0012  NoPCS   11000\r\n",
    "gem_pcsi9.txt": "0016070 0234  10000\r\n0016071 NoDx  11000\r\n",
}
"""Made up: four digits, and ICD-10-PCS."""


@pytest.fixture
def procedures(tmp_path: Path, sqlite_url: str) -> Any:
    migrations.upgrade(sqlite_url, MIGRATIONS)

    def load(**changed: str) -> dict[str, tuple[str, int]]:
        path = tmp_path / "2018-icd10pcs-gems.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in PROCEDURES.items():
                archive.writestr(f"gems/{name}", changed.get(name[4:-4], text).encode())
        outcome = CatalogLoader(sqlite_url, tmp_path / "releases").load([path])
        return {one.system: (one.edition, one.rows) for one in outcome.loaded}

    return load


def test_mappings_of_procedures_are_held_both_ways(procedures: Any) -> None:
    assert procedures() == {"gem-icd9pcs": ("FY2018", 4), "gem-icd10pcs": ("FY2018", 2)}


@pytest.mark.parametrize(
    "changed",
    [
        {"i9pcs": PROCEDURES["gem_i9pcs.txt"][:-4]},
        {"i9pcs": PROCEDURES["gem_i9pcs.txt"] + "E119    0013  10000\r\n"},
        {"i9pcs": PROCEDURES["gem_i9pcs.txt"] + "0013  =1+1    10000\r\n"},
        {"i9pcs": PROCEDURES["gem_i9pcs.txt"] + "0013  A000    10000\r\n"},
        {"pcsi9": PROCEDURES["gem_pcsi9.txt"] + "0016072 0235  \u00e9000\r\n"},
        {"pcsi9": PROCEDURES["gem_pcsi9.txt"] * 2},
        {"pcsi9": PROCEDURES["gem_pcsi9.txt"] + "0016I70 0234  10000\r\n"},
    ],
)
def test_a_damaged_mapping_of_procedures_is_refused(procedures: Any, changed: dict[str, str]) -> None:
    with pytest.raises(Refused):
        procedures(**changed)
