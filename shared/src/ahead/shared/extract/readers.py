"""What a file is, by its content, and its text. Runs in the child only, where it may fail as it likes."""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from ahead.shared.extract.process import Extracted, Limits

_IMAGES = ("image/",)
_JPEG = b"\xff\xd8\xff"  # puremagic asks for more of its header than all cameras write
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Text to a computer only; what a person would see of it, and what is hidden, takes a program of its own.
_MARKUP = re.compile(rb"<(?:!doctype|html|\?xml|svg|script)|\{\\rtf|%!PS", re.IGNORECASE)
_DOCX = {"[Content_Types].xml", "word/document.xml"}


def read(body: bytes, limits: Limits, *, with_text: bool) -> Extracted:
    kind = kind_of(body)
    try:
        match kind:
            case "pdf":
                return _pdf(body, limits, with_text=with_text)
            case "docx":
                if problem := packed_problem(body, limits):
                    return Extracted("docx", why=problem)
                return _cut("docx", "\n".join(_docx(body)), limits) if with_text else Extracted("docx")
            case "text":
                return _cut("text", _decoded(body), limits) if with_text else Extracted("text")
            case _:
                return Extracted(kind, why="not read")
    except MemoryError:
        return Extracted(kind, why="packed too tightly")
    except Exception:
        return Extracted(kind, why="damaged")


def kind_of(body: bytes) -> str:
    """By content: a name or a declared type says what its sender likes."""
    head = body[:1024].lstrip(b"\r\n\t \x00")
    if head.startswith(b"%PDF-"):
        return "pdf"
    if body.startswith(b"PK\x03\x04"):
        return "docx" if _is_docx(body) else "other"
    if any(body.startswith(bom) for bom, _ in _BOMS):
        return "text"
    kinds = _known(body)
    if body.startswith(_JPEG) or any(kind.startswith(_IMAGES) for kind in kinds):
        return "image"
    if _MARKUP.match(head):
        return "other"
    if _CONTROLS.search(body[: 1 << 16]) or any(_binary(kind) for kind in kinds):
        return "other"
    return "text"


def _known(body: bytes) -> list[str]:
    import puremagic

    try:
        return [one.mime_type for one in puremagic.magic_string(body[: 1 << 16]) if one.confidence >= 0.5]
    except puremagic.PureError:
        return []


def _binary(kind: str) -> bool:
    return kind.startswith(("audio/", "video/", "font/")) or kind in (
        "application/x-dosexec",
        "application/zip",
    )


def _is_docx(body: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return set(archive.namelist()) >= _DOCX
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeError):
        return False


def packed_problem(body: bytes, limits: Limits) -> str:
    """Why a packed document isn't opened; empty when it may be. By its table of contents alone."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        members = archive.infolist()
    names = [member.filename for member in members]
    unpacked = sum(member.file_size for member in members)
    if len(members) > limits.members or unpacked > min(limits.unpacked, len(body) * limits.ratio):
        return "packed too tightly"
    if any(member.flag_bits & 1 for member in members):
        return "encrypted"
    if any(
        name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name for name in names
    ) or len(set(names)) != len(names):
        return "damaged"
    if any("vbaproject" in name.lower() or name.lower().startswith("word/embeddings/") for name in names):
        return "macros or other files inside"
    return ""


def _pdf(body: bytes, limits: Limits, *, with_text: bool) -> Extracted:
    from pypdf import PdfReader

    logging.disable(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted and not reader.decrypt(""):
        return Extracted("pdf", why="encrypted")
    pages = len(reader.pages)
    if not with_text:
        return Extracted("pdf", pages=pages, why="encrypted" if reader.is_encrypted else "")
    texts: list[str] = []
    left = limits.text
    for number in range(min(pages, limits.pages)):
        texts.append(reader.pages[number].extract_text()[:left])
        left -= len(texts[-1])
        if left <= 0:
            break
    why = "too many pages" if pages > limits.pages else "cut" if left <= 0 else ""
    text = "\n".join(texts)
    return Extracted("pdf", text if text.strip() else "", pages, why or ("" if text.strip() else "no text"))


def _docx(body: bytes) -> Iterator[str]:
    """Paragraphs and rows of tables in the order of the document, then headers, footers and notes at the margin."""
    from docx import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    document = Document(io.BytesIO(body))
    for item in document.iter_inner_content():
        yield from _block(item, Paragraph, Table)
    for section in document.sections:
        for margin in (section.header, section.footer):
            if not margin.is_linked_to_previous:
                for item in margin.iter_inner_content():
                    yield from _block(item, Paragraph, Table)


def _block(item: Any, paragraph: type, table: type) -> Iterator[str]:
    if isinstance(item, paragraph):
        yield str(item.text)  # pyright: ignore[reportAttributeAccessIssue]
    elif isinstance(item, table):
        for row in item.rows:  # pyright: ignore[reportAttributeAccessIssue]
            yield "\t".join(cell.text for cell in row.cells)


def _decoded(body: bytes) -> str:
    for bom, charset in _BOMS:
        if body.startswith(bom):
            return body.decode(charset, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _cut(kind: str, text: str, limits: Limits) -> Extracted:
    text = text.replace("\0", "")
    if not text.strip():
        return Extracted(kind, why="no text")
    return Extracted(kind, text[: limits.text], why="cut" if len(text) > limits.text else "")
