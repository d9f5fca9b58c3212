"""Broken files: refused with line and reason, and nothing of them is held."""

import gzip
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ahead.lookup.catalog.loading import files as text
from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.ncci.loading.ptp import PtpReader

WHY = "Misuse of Column Two code with Column One code"
HEADER = "column_1\tcolumn_2\tdeletion_date\tmodifier_indicator\trationale\n"
GOOD = f"11042\t97597\t*\t1\t{WHY}\n"
NAME = "ptp_practitioner_2024-07-01.tsv"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"97597\t*\t1\t{WHY}\n", "line 3: has 4 cells where 5"),
        (f"1104\t97597\t*\t1\t{WHY}\n", "line 3: '1104' is not a HCPCS"),
        (f"11042\t97597\t1\t*\t{WHY}\n", "line 3: .*is not a"),
        (f"11042\t97597\t2024-13-01\t1\t{WHY}\n", "line 3: '2024-13-01' is not a date"),
        (f"11042\t97597\t*\t2\t{WHY}\n", "line 3: '2' is not a modifier indicator"),
        ("11042\t97597\t*\t1\t9\n", "line 3: '9' is no rationale"),
        ("11042\t97597\t*\t1\tMisuse of Col", "line 3: is cut off"),
        ("\n", "line 3: has 1 cells"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_held(made: Any, row: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        made.load(made.file(NAME, HEADER + GOOD + row))
    assert not list(made.releases.glob("*.db"))
    assert made.load(made.file(NAME, HEADER + GOOD))[0].new


async def test_a_broken_edition_leaves_the_one_held(made: Any) -> None:
    made.load(made.file(NAME, HEADER + GOOD))
    with pytest.raises(Refused):
        made.load(made.file(NAME, HEADER + GOOD + "broken\n"))
    answer = await made.ncci().pair("practitioner", "11042", "97597", date(2024, 7, 1))
    assert answer.status == "edit"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ((HEADER + GOOD).encode() + b"11042\xff\t", "line 3: is not UTF-8"),
        ((HEADER + GOOD).encode() + b"\0\n", "line 3: is not text"),
        (gzip.compress((HEADER + GOOD * 200).encode())[:-20], "cut off"),
        (gzip.compress(HEADER.encode() + b"1" * (3 << 20)), "line 2: has a line that doesn't end"),
        (HEADER.encode(), "has no edit"),
    ],
)
def test_damaged_content_is_refused(made: Any, content: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        made.load(made.file("ptp_practitioner_2024-07-01.tsv.gz", content))


def test_what_unpacks_to_too_much_is_refused(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_BYTES", 2 << 20)
    content = gzip.compress((HEADER + GOOD * 60_000).encode())
    with pytest.raises(Refused, match="unpacks to more than"):
        made.load(made.file("ptp_practitioner_2024-07-01.tsv.gz", content))
    with zipfile.ZipFile(made.folder / "ccipra-v322r0-f1.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"0" * (8 << 20))
    with pytest.raises(Refused, match=r"unpacks to|is no file"):
        made.load(made.file(NAME, HEADER + GOOD), made.folder / "ccipra-v322r0-f1.zip")


def test_a_name_that_leads_out_of_the_zip_writes_nothing(made: Any) -> None:
    path = made.folder / "ptp_practitioner_2024-07-01.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../out.txt", HEADER + GOOD)
    before = sorted(made.folder.parent.rglob("out.txt"))
    with pytest.raises(Refused, match="a path to elsewhere"):
        made.load(path)
    assert sorted(made.folder.parent.rglob("out.txt")) == before


@pytest.mark.parametrize("given_parts", [(1, 2, 3), (1, 2, 3, 5)])
def test_an_edition_without_a_part_is_refused(made: Any, given_parts: tuple[int, ...]) -> None:
    files = made.published({n: ["11042\t97597\t*\t19960101\t*\t1"] for n in given_parts})
    with pytest.raises(Refused, match="f4 is not given"):
        made.load(*files)


def test_swapped_columns_are_refused_by_their_header(made: Any) -> None:
    swapped = "column_2\tcolumn_1\tdeletion_date\tmodifier_indicator\trationale\n"
    with pytest.raises(Refused):
        made.load(made.file(NAME, swapped + GOOD))
    files = made.published({n: ["11042\t97597\t*\t19960101\t*\t1"] for n in range(1, 5)})
    with zipfile.ZipFile(files[0], "w") as archive:
        head = "CPT copyright American Medical Association\nColumn 2\tColumn 1\n"
        archive.writestr("part-f1.txt", head + "11042\t97597\t*\t19960101\t*\t1\tWhy not\n")
    with pytest.raises(Refused, match="column 1 is headed"):
        made.load(*files)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray((HEADER + GOOD * 20).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    path = tmp_path / NAME
    path.write_bytes(bytes(content))
    with suppress(Refused):
        for row in PtpReader().read(1, 0, InputFile(path), "derived"):
            assert len(row) == 10
