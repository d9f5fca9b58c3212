"""Lists of codes, order files, addenda and exempt lists that are broken: refused with line and reason."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ahead.lookup.catalog.loading import icd10cm_lists, poa_exempt
from ahead.lookup.catalog.loading.recognise import Source, recognise
from ahead.lookup.catalog.loading.refusal import Refused

# Made up, in the official columns.
ORDER = (
    f"00001 A00     0 {'First':<60} First disease\r\n"
    f"00002 A000    1 {'First, plain':<60} First disease, plain\r\n"
)
CODES = "A000    First disease, plain\r\nA001    First disease, other\r\n"
ADDENDA = "Delete:      A000    First disease, plain\r\nAdd:         A0001   First disease, divided\r\n"
POA = 'Order26\tPOAexemptCode\tDescription\r\n00001\tA00.0\t"First disease, plain"\r\n'
READERS = {
    "order": (ORDER, icd10cm_lists.read_order),
    "codes": (CODES, icd10cm_lists.read_codes),
    "addenda": (ADDENDA, icd10cm_lists.read_addenda),
    "poa": (POA, poa_exempt.read),
}


def given_file(folder: Path, content: bytes) -> Source:
    path = folder / "file.txt"
    path.write_bytes(content)
    return Source(path, None, "icd10cm-codes", "", len(content))


@pytest.mark.parametrize("name", READERS)
def test_an_intact_file_is_read(tmp_path: Path, name: str) -> None:
    text, read = READERS[name]
    assert read(given_file(tmp_path, text.encode()))


@pytest.mark.parametrize("name", READERS)
def test_a_file_cut_off_in_a_line_is_refused(tmp_path: Path, name: str) -> None:
    text, read = READERS[name]
    with pytest.raises(Refused, match=r"file\.txt, line \d"):
        read(given_file(tmp_path, text.encode()[:-4]))


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_wrong_encoding_is_refused(tmp_path: Path, name: str, encoding: str) -> None:
    text, read = READERS[name]
    with pytest.raises(Refused, match=r"file\.txt, line \d"):
        read(given_file(tmp_path, text.replace("disease", "maladie é").encode(encoding)))


def test_swapped_columns_are_refused(tmp_path: Path) -> None:
    swapped = "".join(f"{line[16:]} {line[:16]}\n" for line in ORDER.splitlines())
    with pytest.raises(Refused, match="line 1"):
        icd10cm_lists.read_order(given_file(tmp_path, swapped.encode()))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), name=st.sampled_from(sorted(READERS)))
def test_a_damaged_list_is_read_or_refused_but_never_breaks(
    tmp_path: Path, data: st.DataObject, name: str
) -> None:
    text, read = READERS[name]
    content = bytearray(text.encode())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=20))
    try:
        read(given_file(tmp_path, bytes(content)))
    except Refused:
        return


@pytest.mark.parametrize("name", ["../order.txt", "/order.txt", "a/../../order.txt", "C:order.txt"])
def test_a_path_to_elsewhere_in_a_zip_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "edition.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, ORDER)
    with pytest.raises(Refused, match="path to elsewhere"):
        recognise([path])
