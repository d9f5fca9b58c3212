"""Headings, spelling, and workbooks that are refused."""

import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ahead.lookup.catalog import spelling
from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.icd9.loading import workbook as loader
from ahead.shared.errors import BadInput

IN_FORCE = date(2015, 3, 1)


async def test_headings_have_titles_derived_from_their_codes(
    held: Any, workbook: Any, database_url: str
) -> None:
    catalog = held(workbook(), url=database_url)
    (release,) = await catalog.releases("icd9cm")
    tops = [node.dotted for node in await catalog.chapters(release.id)]
    assert tops == ["001-099", "200-299", "V01-V99", "E800-E899"]
    fever = (await catalog.find("icd9cm", "001", IN_FORCE)).node
    assert (fever.title, fever.title_origin, fever.billable, fever.codes_below) == (
        "Made-up fever",
        "derived",
        False,
        2,
    )
    sweet = (await catalog.find("icd9cm", "250.0", IN_FORCE)).node
    assert (sweet.title, sweet.kind, sweet.parent) == ("Made-up sweetness", "subcategory", "250")
    assert (await catalog.find("icd9cm", "042", IN_FORCE)).node.kind == "code"
    assert (await catalog.find("icd9cm", "E812", IN_FORCE)).node.kind == "category"


@pytest.mark.parametrize("typed", ["1.0", "E81.20", "12", "V1", "25000.0", "A01.0", "250.000"])
def test_what_can_not_be_a_code_is_told(typed: str) -> None:
    with pytest.raises(BadInput) as problem:
        spelling.read("icd9cm", typed)
    assert problem.value.hint


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("0010", "Again", "x"), "has 0010 twice"),
        (("A10", "Title", "x"), "'A10' is not a code"),
        (("Title", "0020", "x"), "'Title' is not a code"),
        (("0020", "", "x"), "has no title"),
        (("0020", "=1+1", "x"), "has no title"),
        ((20, "A number lost its zeros", "x"), "'20' is not a code"),
    ],
)
def test_a_row_that_is_wrong_is_named(workbook: Any, row: tuple[object, ...], reason: str) -> None:
    path = workbook(("0010", "Made-up fever", "Fever"), row)
    with pytest.raises(Refused, match=f"line 3: .*{reason}"):
        loader.read(InputFile(path))


def test_other_workbooks_are_left_alone(workbook: Any, tmp_path: Path) -> None:
    assert not loader.is_titles(InputFile(workbook(header=("CODE", "LONG", "SHORT"))))
    swapped = workbook(header=("LONG DESCRIPTION", "DIAGNOSIS CODE", "SHORT DESCRIPTION"))
    with pytest.raises(Refused, match="headings"):
        loader.read(InputFile(swapped))
    plain = tmp_path / "CMS32.xlsx"
    plain.write_bytes(b"PK\x03\x04 not a workbook")
    assert not loader.is_titles(InputFile(plain))


def test_a_damaged_workbook_is_refused(held: Any, workbook: Any) -> None:
    path = workbook()
    content = path.read_bytes()
    for cut in range(100, len(content), len(content) // 7):
        path.write_bytes(content[:cut])
        with pytest.raises(Refused):
            held(path)
    path.write_bytes(content)
    with zipfile.ZipFile(path, "a") as archive, suppress(UserWarning):
        archive.writestr("xl/extra.xml", "<!DOCTYPE a []><a/>")
    with pytest.raises(Refused, match="document type"):
        loader.read(InputFile(path))
