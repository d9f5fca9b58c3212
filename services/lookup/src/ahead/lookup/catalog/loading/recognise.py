"""Recognises what a given file is, by what is in it: names lie."""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from . import icd10cm_kinds
from .refusal import Refused
from .tabular_xml import ROOT

Kind = Literal[
    "icd10cm-tabular",
    "icd10cm-code-list",
    "icd10cm-order",
    "icd10cm-codes",
    "icd10cm-addenda",
    "icd10cm-order-addenda",
    "icd10cm-poa",
    "icd10cm-poa-deleted",
    "icd10cm-poa-revised",
    "icd10cm-conversion",
]

MAX_MEMBER = 512 * 1024 * 1024
"""The largest official file of the kinds read here has 15 MB; what unpacks to more is refused."""
MAX_RATIO = 200
_HEAD = 65_536
_CONTENT_TYPES = "[Content_Types].xml"
_IGNORED_MEMBERS = re.compile(r"\.(xsd|pdf|docx?|xlsx?|md)$|(^|/)(__MACOSX|readme)", re.IGNORECASE)
_MEANT = re.compile(r"(order|codes|addenda|poa)[^/]*\.txt$", re.IGNORECASE)
"""Members whose names say that they belong to a release: not understood, they are refused, not left out."""
_OUTSIDE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Source:
    """One file to read: a path, or a member of a zip at that path."""

    path: Path
    member: str | None
    kind: Kind
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """As shown in receipts: "icd10cm-tabular-2021.zip/icd10cm_tabular_2021.xml"."""
        return self.path.name if self.member is None else f"{self.path.name}/{self.member}"

    @contextmanager
    def open(self) -> Generator[BinaryIO]:
        with _open(self.path, self.member) as stream:
            yield stream


def recognise(paths: Sequence[Path]) -> list[Source]:
    """What each file is; zips are looked into.

    Raises:
        Refused: a file is missing, unreadable, or of no kind that is read here.
    """
    found: list[Source] = []
    for path in paths:
        members = _members(path)
        sources = [_source(path, member) for member in members]
        known = [source for source in sources if isinstance(source, Source)]
        for member, source in zip(members, sources, strict=True):
            if member is not None and isinstance(source, str) and _MEANT.search(member):
                raise Refused(path.name, source)
        if not known:
            reasons = [source for source in sources if isinstance(source, str)]
            raise Refused(path.name, reasons[0] if reasons else "holds no file that is read here")
        found += known
    return found


def _members(path: Path) -> list[str | None]:
    if not path.exists():
        raise Refused(path.name, "there is no such file")
    if path.is_dir():
        raise Refused(path.name, "is a folder: give the files in it")
    try:
        if not zipfile.is_zipfile(path):
            return [None]
        with zipfile.ZipFile(path) as archive:
            office = _CONTENT_TYPES in archive.namelist()
            members: list[str | None] = []
            for info in archive.infolist():
                if _OUTSIDE.search(info.filename):
                    raise Refused(path.name, f"{ascii(info.filename)[:80]} in it is a path to elsewhere")
                if info.is_dir() or (not office and _IGNORED_MEMBERS.search(info.filename)):
                    continue
                if info.flag_bits & 1:
                    raise Refused(path.name, f"{info.filename} in it is encrypted")
                if info.file_size > MAX_MEMBER or info.file_size > MAX_RATIO * max(info.compress_size, 1):
                    raise Refused(path.name, f"{info.filename} in it unpacks to {info.file_size:,} bytes")
                members.append(info.filename)
            # A workbook is one file to its publisher, and is read as one.
            return [None] if office else members
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        raise Refused(path.name, f"can't be read: {error}") from None


@contextmanager
def _open(path: Path, member: str | None) -> Generator[BinaryIO]:
    try:
        if member is None:
            with path.open("rb") as stream:
                yield stream
        else:
            with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
                yield io.BufferedReader(stream)  # pyright: ignore[reportArgumentType]
    except (OSError, RuntimeError, NotImplementedError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise Refused(path.name, f"can't be read: {error}") from None


def _source(path: Path, member: str | None) -> Source | str:
    digest = hashlib.sha256()
    size = 0
    with _open(path, member) as stream:
        head = stream.read(_HEAD)
        chunk = head
        while chunk:
            digest.update(chunk)
            size += len(chunk)
            if size > MAX_MEMBER:
                raise Refused(path.name, f"is larger than {MAX_MEMBER:,} bytes")
            chunk = stream.read(1 << 20)
    kind = _kind_of_zip(path) if member is None and head.startswith(b"PK\x03\x04") else _kind(head)
    if isinstance(kind, tuple):
        return kind[0] if member is None else f"{member} in it {kind[0]}"
    return Source(path, member, kind, digest.hexdigest(), size)


def _kind_of_zip(path: Path) -> Kind | tuple[str]:
    """Of an Office document; other zips are read by their members."""
    try:
        with zipfile.ZipFile(path) as archive:
            kind = icd10cm_kinds.kind_of_workbook(archive)
    except (
        OSError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        zlib.error,
        zipfile.BadZipFile,
    ) as error:
        raise Refused(path.name, f"can't be read: {error}") from None
    return cast("Kind", kind) if kind else ("is an Office document of another kind than those read here",)


def _kind(head: bytes) -> Kind | tuple[str]:
    """The kind, or (what it is instead,)."""
    if not head.strip():
        return ("is empty",)
    for magic, what in (
        (b"%PDF", "is a PDF document"),
        (b"PK\x03\x04", "is a zip (or Office) file inside a zip, or a damaged one"),
        (b"\x1f\x8b", "is gzip-compressed: unpack it first"),
        (b"SQLite format", "is a SQLite database"),
        (b"\xd0\xcf\x11\xe0", "is an old Office document"),
    ):
        if head.startswith(magic):
            return (f"{what}, not a file that is read here",)
    text = _decoded(head)
    if text is None:
        return ("is neither XML nor text",)
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return _kind_of_xml(start)
    return _kind_of_text(text)


def _decoded(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="replace")
    if b"\0" in head:
        return None
    return head.decode("utf-8", errors="replace")


_OTHER_XML = {
    "ICD10CM.index": "is the alphabetic index of ICD-10-CM",
    "ICD10PCS.tabular": "is the table file of ICD-10-PCS",
    "ICD10PCS.index": "is the index of ICD-10-PCS",
    "html": "is a web page",
}


def _kind_of_xml(text: str) -> Kind | tuple[str]:
    if f"<{ROOT}" in text:
        return "icd10cm-tabular"
    bare = re.sub(r"<\?.*?\?>|<!--.*?-->|<![^>]*>", "", text, flags=re.DOTALL)
    root = re.search(r"<\s*([A-Za-z_][\w.:-]*)", bare)
    name = root[1] if root else ""
    known = _OTHER_XML.get(name) or _OTHER_XML.get(name.lower())
    if known is None:
        known = f"is XML that begins with <{name}>" if name else "is no complete XML"
    return (f"{known}, not the tabular list of ICD-10-CM (which begins with <{ROOT}>)",)


def _kind_of_text(text: str) -> Kind | tuple[str]:
    lines = [line for line in text.splitlines()[:400] if line.strip()]
    if len(text) >= _HEAD // 2 and len(lines) > 1:
        lines = lines[:-1]
    code = r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?|[A-Z]{2}[0-9](\.?[0-9A-Z]{1,4})?"
    listed = re.compile(rf"\s*(?:{code}|[0-9]{{1,2}}|[A-Z][0-9A-Z]{{2}}-[A-Z][0-9A-Z]{{2}})\s*")
    if all(listed.fullmatch(line) for line in lines):
        return "icd10cm-code-list"
    if kind := icd10cm_kinds.kind_of_text(text):
        return cast("Kind", kind)
    instead = "is text of an unknown kind"
    if re.match(r"\d{5} [A-Z0-9]{3,7} +[01] ", lines[0]):
        instead = "is an order file of another code system"
    elif "\t" in lines[0] or lines[0].count(",") > 2:
        instead = "is a table of another kind"
    return (
        f"{instead}, not one of the files that are read here: ICD-10-CM's lists of codes, order files, addenda, "
        "tabular lists (XML), POA exempt lists and conversion tables",
    )
