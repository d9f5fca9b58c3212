"""Files to load, within bounds: plain, gzip-compressed, or a member of a zip.

A line is never longer than a block, whatever the file says, and what unpacks to more than the limit is refused.
Names inside a zip are shown and read by, never written to.
"""

import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from .refusal import Refused

BLOCK = 1 << 20
MAX_BYTES = 512 * 1024 * 1024
"""The largest file of NCCI here has 160 MB unpacked."""
MAX_RATIO = 200
SMALL = 64 * BLOCK
"""What unpacks to less is no bomb, whatever its ratio: columns of zeros compress well."""
HEAD = 65_536

_OUTSIDE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|[\x00-\x1f\x7f]")
_NO_DATA = re.compile(r"(^|/)(__MACOSX/|\.)", re.IGNORECASE)
_CONTENT_TYPES = "[Content_Types].xml"

Read = Callable[[float], None]
"""Is told which part of the file was read, 0 to 1."""


@dataclass(frozen=True)
class InputFile:
    """A file to read: a path, or a member of the zip at that path."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """As shown in receipts: "icd10pcs-2026.zip/icd10pcs_order_2026.txt"."""
        return self.path.name if self.member is None else f"{self.path.name}/{self.member}"

    @property
    def gzipped(self) -> bool:
        if self.member is not None:
            return False
        with self.path.open("rb") as file:
            return file.read(2) == b"\x1f\x8b"

    @cached_property
    def sha256(self) -> str:
        """Of the file as it was given, what `sha256sum` says of it; of a zip's member, of its content."""
        digest = hashlib.sha256()
        with self.reading() if self.member is not None else self._raw() as file:
            while block := file.read(BLOCK):
                digest.update(block)
        return digest.hexdigest()

    @cached_property
    def head(self) -> bytes:
        """The first bytes, unpacked: what a file is recognised by."""
        with self._open() as (stream, _):
            return stream.read(HEAD)

    @contextmanager
    def reading(self) -> Generator[BinaryIO]:
        """The unpacked stream. Its reader keeps to bounds of its own; `blocks` and `content` do."""
        with self._open() as (stream, _):
            yield stream

    def content(self, limit: int = SMALL) -> bytes:
        """All of it, for what can't be read line by line.

        Raises:
            Refused: larger than `limit`, or damaged.
        """
        with self._open() as (stream, _):
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise Refused(self.name, f"is larger than {limit:,} bytes")
        return data

    def blocks(
        self, read: Read | None = None, *, encoding: str = "utf-8", ended: bool = False
    ) -> Iterator[tuple[int, list[str]]]:
        """Lines in lists, each list with the number (from 1) of its first line; without ends of lines.

        A last line without an end comes in a list of its own.

        Args:
            ended: such a line is refused; for forms whose last cells don't tell that they were cut off.

        Raises:
            Refused: cut off, not in that encoding, a line longer than a block, or larger than `MAX_BYTES`.
        """
        with self._open() as (stream, raw):
            size = max(self.path.stat().st_size, 1)
            rest, number, total = b"", 1, 0
            while block := stream.read(BLOCK):
                total += len(block)
                if total > MAX_BYTES:
                    raise Refused(self.name, f"unpacks to more than {MAX_BYTES:,} bytes")
                if total > SMALL and total > MAX_RATIO * size:
                    raise Refused(self.name, f"unpacks to more than {MAX_RATIO} times its size")
                head, newline, tail = block.rpartition(b"\n")
                if not newline:
                    rest += block
                    if len(rest) > BLOCK:
                        raise Refused(self.name, "has a line that doesn't end", line=number)
                    continue
                lines = self._decoded(rest + head, number, encoding)
                yield number, lines
                number += len(lines)
                rest = tail
                if read is not None:
                    read(min(raw.tell() / size, 1.0))
            if rest and ended:
                raise Refused(self.name, "is cut off: its last line has no end", line=number)
            if rest:
                yield number, self._decoded(rest, number, encoding)

    def lines(
        self, read: Read | None = None, *, encoding: str = "utf-8", ended: bool = False
    ) -> Iterator[tuple[int, str]]:
        for number, lines in self.blocks(read, encoding=encoding, ended=ended):
            yield from enumerate(lines, number)

    def _decoded(self, block: bytes, number: int, encoding: str) -> list[str]:
        if encoding == "utf-8" and number == 1:
            encoding = "utf-8-sig"
        try:
            text = block.decode(encoding)
        except UnicodeDecodeError as error:
            line = number + block.count(b"\n", 0, error.start)
            name = encoding.upper().removesuffix("-SIG")
            raise Refused(self.name, f"is not {name} text", line=line) from None
        if "\0" in text:
            line = number + text.count("\n", 0, text.index("\0"))
            raise Refused(self.name, "is not text: it has a zero byte", line=line)
        if "\r" in text:
            text = text.replace("\r\n", "\n").removesuffix("\r")
        return text.split("\n")

    @contextmanager
    def _raw(self) -> Generator[BinaryIO]:
        with self._refusing(), self.path.open("rb") as raw:
            yield raw

    @contextmanager
    def _open(self) -> Generator[tuple[BinaryIO, BinaryIO]]:
        """The unpacked stream, and the one whose place tells how far it is read."""
        with self._raw() as raw:
            if self.member is not None:
                with zipfile.ZipFile(raw) as archive, archive.open(self.member) as member:
                    yield io.BufferedReader(member), raw  # pyright: ignore[reportArgumentType]
            elif self.gzipped:
                with gzip.open(raw) as unpacked:
                    yield unpacked, raw  # pyright: ignore[reportReturnType]
            else:
                yield raw, raw

    @contextmanager
    def _refusing(self) -> Generator[None]:
        try:
            yield
        except EOFError:
            raise Refused(self.name, "is cut off: its compressed data ends too early") from None
        except (OSError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise Refused(self.name, f"can't be read: {error}") from None


def files_of(path: Path) -> list[InputFile]:
    """The files of a path: itself, or the members of a zip. A workbook is one file to its publisher.

    Raises:
        Refused: missing, a folder, damaged, encrypted, with a name that leads elsewhere, or unpacking to too much.
    """
    if not path.exists():
        raise Refused(path.name, "there is no such file")
    if path.is_dir():
        raise Refused(path.name, "is a folder: give the files in it")
    try:
        if not zipfile.is_zipfile(path):
            return [InputFile(path)]
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        raise Refused(path.name, f"can't be read: {error}") from None
    if any(info.filename == _CONTENT_TYPES for info in infos):
        return [InputFile(path)]
    found: list[InputFile] = []
    for info in infos:
        if _OUTSIDE.search(info.filename):
            raise Refused(path.name, f"{ascii(info.filename)[:80]} in it is a path to elsewhere")
        if _NO_DATA.search(info.filename):
            continue
        if info.flag_bits & 1:
            raise Refused(path.name, f"{info.filename} in it is encrypted")
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > MAX_BYTES or (info.file_size > SMALL and ratio > MAX_RATIO):
            raise Refused(path.name, f"{info.filename} in it unpacks to {info.file_size:,} bytes")
        found.append(InputFile(path, info.filename))
    return found
