"""Lines of a file, fast and within bounds: plain, gzip-compressed, or a member of a zip.

A line is never longer than a block, whatever the file says, and what unpacks to more than the limit is refused.
"""

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ahead.lookup.catalog.loading.refusal import Refused

BLOCK = 1 << 20
MAX_BYTES = 512 * 1024 * 1024
"""The largest file of NCCI here has 160 MB unpacked."""
MAX_RATIO = 200
HEAD = 65_536

Read = Callable[[float], None]
"""Is told which part of the file was read, 0 to 1."""


@dataclass(frozen=True)
class TextFile:
    """A file to read lines from."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        return self.path.name if self.member is None else f"{self.path.name}/{self.member}"

    @property
    def gzipped(self) -> bool:
        if self.member is not None:
            return False
        with self.path.open("rb") as file:
            return file.read(2) == b"\x1f\x8b"

    def sha256(self) -> str:
        """Of the file as it was given: what `sha256sum` says of it."""
        digest = hashlib.sha256()
        with self._refusing(), self.path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
        return digest.hexdigest()

    def head(self) -> bytes:
        with self._open() as (stream, _):
            return stream.read(HEAD)

    def blocks(self, read: Read | None = None) -> Iterator[tuple[int, list[str]]]:
        """Lines in lists, each list with the number (from 1) of its first line; without ends of lines.

        A last line without an end comes in a list of its own.

        Raises:
            Refused: cut off, not UTF-8, a line longer than a block, or larger than `MAX_BYTES`.
        """
        with self._open() as (stream, raw):
            size = max(self.path.stat().st_size, 1)
            rest, number, total = b"", 1, 0
            while block := stream.read(BLOCK):
                total += len(block)
                if total > MAX_BYTES:
                    raise Refused(self.name, f"unpacks to more than {MAX_BYTES:,} bytes")
                if total > 64 * BLOCK and total > MAX_RATIO * size:
                    raise Refused(self.name, f"unpacks to more than {MAX_RATIO} times its size")
                head, newline, tail = block.rpartition(b"\n")
                if not newline:
                    rest += block
                    if len(rest) > BLOCK:
                        raise Refused(self.name, "has a line that doesn't end", line=number)
                    continue
                lines = self._decoded(rest + head, number)
                yield number, lines
                number += len(lines)
                rest = tail
                if read is not None:
                    read(min(raw.tell() / size, 1.0))
            if rest:
                yield number, self._decoded(rest, number)

    def lines(self) -> Iterator[tuple[int, str]]:
        for number, lines in self.blocks():
            yield from enumerate(lines, number)

    def _decoded(self, block: bytes, number: int) -> list[str]:
        try:
            text = block.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            line = number + block.count(b"\n", 0, error.start)
            raise Refused(self.name, "is not UTF-8 text", line=line) from None
        if "\0" in text:
            line = number + text.count("\n", 0, text.index("\0"))
            raise Refused(self.name, "is not text: it has a zero byte", line=line)
        if "\r" in text:
            text = text.replace("\r\n", "\n").removesuffix("\r")
        return text.split("\n")

    @contextmanager
    def _open(self) -> Generator[tuple[BinaryIO, BinaryIO]]:
        """The unpacked stream, and the one whose place tells how far it is read."""
        with self._refusing(), self.path.open("rb") as raw:
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


def members_of(path: Path) -> list[TextFile]:
    """The text files of a path: itself, or the members of a zip that are no workbooks.

    Names inside a zip are only shown and read by, never written to.

    Raises:
        Refused: missing, a folder, damaged, encrypted, or unpacking to too much.
    """
    if not path.exists():
        raise Refused(path.name, "there is no such file")
    if path.is_dir():
        raise Refused(path.name, "is a folder: give the files in it")
    try:
        if not zipfile.is_zipfile(path):
            return [TextFile(path)]
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (OSError, zipfile.BadZipFile) as error:
        raise Refused(path.name, f"can't be read: {error}") from None
    found: list[TextFile] = []
    for info in infos:
        if not info.filename.lower().endswith((".txt", ".csv", ".tsv")):
            continue
        if info.flag_bits & 1:
            raise Refused(path.name, f"{info.filename} in it is encrypted")
        if info.file_size > MAX_BYTES or info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise Refused(path.name, f"{info.filename} in it unpacks to {info.file_size:,} bytes")
        found.append(TextFile(path, info.filename))
    return found
