"""Resumes are judged by what is in them; bombs, polyglots and traversal are refused."""

import io
import zipfile
import zlib

import pytest
from careers_world import PDF
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from ahead.careers.applications.files import Files, NotAResume, judge
from ahead.careers.settings import Settings
from ahead.shared.errors import NotFound

DOCUMENT = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>" + b"text " * 50}


def zipped(members: dict[str, bytes], *, prefix: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return prefix + out.getvalue()


async def test_a_pdf_and_a_docx_are_taken_under_a_name_of_their_kind() -> None:
    assert (await judge("cv.exe", PDF, 5)).name == "cv.pdf"
    assert (await judge("../../etc/passwd", PDF, 5)).name == "passwd.pdf"
    assert (await judge("C:\\Users\\ann\\cv.doc", zipped(DOCUMENT), 5)).name == "cv.docx"
    assert (await judge("\x00\u202efdp.exe", PDF, 5)).name == "fdp.pdf"


REFUSED = {
    "an empty file": b"",
    "a web page": b"<html><script>alert(1)</script></html>",
    "a program": b"MZ\x90\x00" + b"\0" * 200,
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    "a PDF in name only": b"%PDF-1.7 hello %%EOF",
    "a PDF with a page behind it": PDF + b"<script>alert(1)</script>",
    "a PDF with a zip behind it": PDF + zipped(DOCUMENT),
    "a page with a PDF behind it": b"<html>" + PDF,
    "a PDF with a script": PDF.replace(
        b"/Type /Catalog", b"/Type /Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
    ),
    "a PDF with a file in it": PDF.replace(b"/Type /Catalog", b"/Type /Catalog/EmbeddedFile 9 0 R"),
    "a zip": zipped({"a.txt": b"a"}),
    "a workbook": zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}),
    "macros": zipped(DOCUMENT | {"word/vbaProject.bin": b"x"}),
    "an object inside": zipped(DOCUMENT | {"word/embeddings/oleObject1.bin": b"x"}),
    "a bomb": zipped(DOCUMENT | {"word/media/a.bin": b"\0" * (30 << 20)}),
    "many members": zipped(DOCUMENT | {f"word/a{n}.xml": b"" for n in range(600)}),
    "traversal": zipped(DOCUMENT | {"../../evil.sh": b"x"}),
    "an absolute path": zipped(DOCUMENT | {"/etc/passwd": b"x"}),
    "a drive": zipped(DOCUMENT | {"C:\\evil.dll": b"x"}),
    "half a zip": zipped(DOCUMENT)[:-30],
    "too large": b"%PDF-" + b"\0" * (6 << 20),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_refused_with_what_to_do_instead(what: str) -> None:
    with pytest.raises(NotAResume) as error:
        await judge("cv.pdf", REFUSED[what], 5)
    assert error.value.detail
    assert error.value.hint


@pytest.mark.parametrize(
    "name", ["../../x.pdf", "/etc/passwd", "a.pdf", "", "0" * 40 + ".exe", "0" * 40 + ".pdf\n"]
)
def test_only_names_of_our_own_making_reach_the_disk(settings: Settings, name: str) -> None:
    with pytest.raises(NotFound):
        Files(settings).read(name)


async def test_a_stream_that_blows_up_is_not_unpacked_to_count_pages() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    stream = StreamObject()
    stream._data = zlib.compress(b"\0" * (100 << 20), 9)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    assert (await judge("cv.pdf", out.getvalue(), 5)).kind == "pdf"
