"""Files from anywhere: broken, cut off, swapped or malicious ones are refused with file, line and reason."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ahead.lookup.catalog.loading.default import package_files
from ahead.lookup.catalog.loading.icd10cm_tabular import build, read_code_list
from ahead.lookup.catalog.loading.recognise import recognise
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.tabular_xml import parse

Small = Callable[..., list[Path]]

BOMB = """<?xml version="1.0"?>
<!DOCTYPE ICD10CM.tabular [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>
<ICD10CM.tabular><chapter><name>1</name><desc>&c;</desc></chapter></ICD10CM.tabular>"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE ICD10CM.tabular [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<ICD10CM.tabular><chapter><name>1</name><desc>&x;</desc></chapter></ICD10CM.tabular>"""
DTD = '<!DOCTYPE ICD10CM.tabular SYSTEM "http://127.0.0.1:1/x.dtd"><ICD10CM.tabular/>'


def parsed(content: bytes) -> int:
    """Parses and builds; returns the number of nodes. Anything but Refused is a mistake of ours."""
    return len(build(parse(io.BytesIO(content), "file.xml"), None, "file.xml").nodes)


@pytest.fixture(scope="module")
def real() -> bytes:
    return package_files()[0].read_bytes()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BOMB, "document type"),
        (OUTSIDE, "document type"),
        (DTD, "document type"),
        ("", "empty|cut off"),
        ("<ICD10CM.tabular>", "cut off"),
        ("<ICD10CM.tabular/>", "no chapter"),
        ("<ICD10CM.index><letter/></ICD10CM.index>", "another kind"),
        ("<html><body>404</body></html>", "another kind"),
        ("not xml", "well-formed"),
        ("<ICD10CM.tabular><chapter><name>1</name></chapter></ICD10CM.tabular>", "no title"),
        ("<ICD10CM.tabular><chapter><desc>x</desc></chapter></ICD10CM.tabular>", "without a name"),
        ("<ICD10CM.tabular><diag/></ICD10CM.tabular>", "can't stand"),
        ("<ICD10CM.tabular>" + "<a>" * 100, "nested deeper"),
        ("<ICD10CM.tabular><chapter><name>" + "9" * 30_000, "more than 20000"),
        ("<ICD10CM.tabular><chapter><name>&nbsp;</name></chapter></ICD10CM.tabular>", "well-formed"),
        ('<?xml version="1.0" encoding="ebcdic-none"?><ICD10CM.tabular/>', "decoded|encoding"),
    ],
)
def test_what_a_tabular_list_never_is_gets_refused(content: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        parsed(content.encode())


@pytest.mark.parametrize("fraction", [0.0001, 0.01, 0.3, 0.7, 0.999, 0.999999])
def test_a_download_cut_off_anywhere_is_refused_with_its_line(real: bytes, fraction: float) -> None:
    with pytest.raises(Refused, match=r"file\.xml, line \d+: is (cut off|not well-formed)"):
        parsed(real[: int(len(real) * fraction)])


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "cp1252"])
def test_a_wrong_encoding_is_read_as_declared_or_refused(small: Small, encoding: str) -> None:
    text = small(word="kind É").pop(0).read_text(encoding="utf-8")
    content = text.encode(encoding)
    if encoding == "utf-16":
        # Expat goes by the mark at the beginning; the declaration contradicts it.
        with pytest.raises(Refused):
            parsed(content)
    else:
        with pytest.raises(Refused, match="not well-formed"):
            parsed(content)
        assert parsed(text.replace("utf-8", "iso-8859-1").encode("latin-1")) == 14


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_but_never_breaks(small: Small, data: st.DataObject) -> None:
    content = bytearray(small()[0].read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        action = data.draw(st.sampled_from(["flip", "cut", "insert", "double"]))
        if action == "flip":
            content[at] = data.draw(st.integers(0, 255))
        elif action == "cut":
            del content[at : at + data.draw(st.integers(1, 200))]
        elif action == "insert":
            content[at:at] = data.draw(st.binary(max_size=40))
        else:
            content[at:at] = content[at : at + data.draw(st.integers(1, 300))]
        if not content:
            break
    try:
        parsed(bytes(content))
    except Refused:
        return


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_recognised_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(content)
    try:
        recognise([path])
    except Refused:
        return


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"%PDF-1.7 ...", "is a PDF document"),
        ("a.gz", b"\x1f\x8b\x08...", "gzip"),
        ("a.db", b"SQLite format 3\0", "SQLite database"),
        ("a.bin", bytes(range(256)), "neither XML nor text"),
        ("a.txt", b"", "is empty"),
        ("a.html", b"<!DOCTYPE html><html><title>x</title></html>", "is a web page"),
        ("a.xml", b"<ICD10CM.index><letter/></ICD10CM.index>", "alphabetic index"),
        ("order.txt", b"00001 001     0 Central Nervous System         Central\n", "order file of another"),
        ("a.csv", b"code,title,price,unit\nA,B,C,D\n", "table of another kind"),
        ("prose.txt", b"Once upon a time\n", "unknown kind"),
    ],
)
def test_a_file_of_another_kind_is_told_what_it_is(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused, match=reason) as refused:
        recognise([path])
    assert str(refused.value).startswith(name)
    assert "\n" not in str(refused.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no such file"):
        recognise([tmp_path / "nothing.xml"])
    with pytest.raises(Refused, match="is a folder"):
        recognise([tmp_path])


def test_a_zip_that_unpacks_to_far_too_much_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tabular.xml", b" " * 50_000_000)
    with pytest.raises(Refused, match="unpacks to 50,000,000 bytes"):
        recognise([path])


def test_a_damaged_zip_is_refused(tmp_path: Path, small: Small) -> None:
    path = tmp_path / "edition.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(small()[0], "tabular.xml")
    content = bytearray(path.read_bytes())
    content[100:140] = b"\0" * 40
    path.write_bytes(content)
    with pytest.raises(Refused):
        recognise([path])


def test_swapped_files_are_put_right_by_what_is_in_them(small: Small, tmp_path: Path) -> None:
    tabular, listed = small()
    swapped = [tmp_path / "a.txt", tmp_path / "b.xml"]
    swapped[0].write_bytes(tabular.read_bytes())
    swapped[1].write_bytes(listed.read_bytes())
    assert [source.kind for source in recognise(swapped)] == ["icd10cm-tabular", "icd10cm-code-list"]


def test_real_official_files_of_other_kinds_are_refused_in_one_line(official_data: Path) -> None:
    others = [
        "icd10cm/icd10cm-index-2017.zip",
        "icd10cm/icd10cm-guidelines-2026.pdf",
        "icd10pcs/icd10pcs-xml-2021.zip",
        "gems/dxgem-2018.zip",
        "pfs/GPCI2025.csv",
        "hcpcs/hcpcs_level2_2024q3_from_ANWEB.csv",
        "ncci/mue_practitioner.csv",
    ]
    for name in others:
        path = official_data / name
        if not path.exists():
            continue
        with pytest.raises(Refused) as refused:
            recognise([path])
        assert "\n" not in str(refused.value)
        assert len(str(refused.value)) < 300


def test_a_list_of_codes_with_something_else_in_it_is_refused_with_the_line() -> None:
    with pytest.raises(Refused, match=r"codes\.txt, line 3: .*'Cholera due' is not a code"):
        read_code_list(iter(["A00\n", "A000\n", "Cholera due\n"]), "codes.txt")
