"""Broken files: refused with line and reason, and nothing of them is held."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.pcs.loading import definitions, index, order, tables

GOOD = (
    "00001 0WQ     0 Anatomical Regions, Repair                                   Anatomical Regions, Repair\r\n"
    "00002 0WQ00ZZ 1 Repair Head, Open Approach                                   Repair Head, Open Approach\r\n"
)


def file(folder: Path, content: str | bytes, name: str = "icd10pcs_order_2031.txt") -> InputFile:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return InputFile(path)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    assert [one.code for one in order.read(file(tmp_path, GOOD))] == ["0WQ", "0WQ00ZZ"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("00002", "00003", "line 2: has order number 00003"),
        ("0WQ00ZZ 1", "0WQ00ZI 1", "line 2: '0WQ00ZI' is no code"),
        ("0WQ00ZZ 1", "0WQ00ZZ 0", "line 2: '0WQ00ZZ' is no table"),
        ("0WQ00ZZ 1", "0WU00ZZ 1", "line 2: 0WU00ZZ stands in table 0WQ"),
        ("0WQ00ZZ 1 ", "1 0WQ00ZZ ", "line 2: is no line of an order file"),
        ("Repair Head, Open Approach\r\n", "\r\n", "line 2: is no line"),
        ("Head", "H\0ad", "zero byte"),
        ("00001 ", "", "line 1: is no line"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(Refused, match=reason):
        order.read(file(tmp_path, GOOD.replace(old, new)))


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="UTF-8"):
        order.read(file(tmp_path, GOOD.replace("Head", "Hé").encode("latin-1")))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(min_value=1, max_value=len(GOOD) - 3))
def test_a_file_that_is_cut_off_never_loses_a_code_silently(tmp_path: Path, cut: int) -> None:
    """Cut inside its last line it is refused, or the line is whole but for spaces at its end."""
    with suppress(Refused):
        found = order.read(file(tmp_path, GOOD[:cut]))
        assert found[-1].line == GOOD[:cut].count("\n") + (not GOOD[:cut].endswith("\n"))


def test_addenda_whose_counts_differ_are_refused(tmp_path: Path, made: Any) -> None:
    good = "Add:         0WQ10ZZ {0:<60} {0}\r\n".format("Repair Left Ear Lobe, Open Approach")
    counts = "\r\n{}\r\n      {} additions\r\n      0 deletions\r\n"
    whole = good + counts.format("Headers", 0) + counts.format("Codes", 1)
    assert len(order.read_addenda(file(tmp_path, whole, "order_addenda_2031.txt"))) == 1
    for broken in (good, good + whole, whole.replace("Add:", "Invent:")):
        with pytest.raises(Refused):
            order.read_addenda(file(tmp_path, broken, "order_addenda_2031.txt"))


XML = {
    "tables": (tables.read, "icd10pcs_tables_2030.xml"),
    "definitions": (definitions.read, "icd10pcs_definitions_2030.xml"),
    "index": (index.read, "icd10pcs_index_2030.xml"),
}


@pytest.mark.parametrize("kind", XML)
def test_broken_xml_is_refused(made: Any, kind: str) -> None:
    read, name = XML[kind]
    (path,) = [path for path in made.books() if path.name == name]
    text = path.read_text()
    read(InputFile(path))
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]>'
    for broken in (
        text[: len(text) // 2],
        text.replace("?>", f"?>{bomb}", 1),
        text.replace("ICD10PCS.", "ICD9PCS."),
        "",
        text.replace("utf-8", "utf-99"),
        text.replace("<title>Made up</title>", "<a>" * 40 + "</a>" * 40),
    ):
        path.write_text(broken)
        with pytest.raises(Refused):
            read(InputFile(path))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('codes="2"', 'codes="3"', "says 3 codes and makes 2"),
        ('code="0">Head', 'code="O">Head', "is no value"),
        ('pos="4"', 'pos="5"', "without characters 4 to 7"),
        ("Percutaneous Endoscopic", "", "has no name"),
        ('values="2"', 'values="1"', "another number of values"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(made: Any, old: str, new: str, reason: str) -> None:
    path = made.books()[0]
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(Refused, match=reason):
        tables.read(InputFile(path))


def test_nothing_of_a_refused_edition_is_held(made: Any) -> None:
    zipped = made.edition()
    content = zipped.read_bytes()
    zipped.write_bytes(content[: len(content) // 2])
    with pytest.raises(Refused):
        made.load(zipped)
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("../icd10pcs_order_2031.txt", GOOD)
    with pytest.raises(Refused, match="elsewhere"):
        made.load(zipped)
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("icd10pcs_order_2031.txt", GOOD.encode() + b" " * (80 << 20))
    with pytest.raises(Refused, match="unpacks to"):
        made.load(zipped)
    broken = made.file("icd10pcs_order_2031.txt", GOOD + "00003 0WQ04ZZ x\r\n")
    with pytest.raises(Refused, match="line 3"):
        made.load(broken)
    assert made.load(made.edition())[0].new


def test_what_is_random_is_never_taken_for_it(made: Any) -> None:
    noise = io.BytesIO(bytes(range(256)) * 40).getvalue()
    with pytest.raises(Refused):
        made.load(made.file("icd10pcs_order_2031.txt", noise))
