"""The folder that operators load from: nothing outside it is read, and what is uploaded can't leave it."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from ahead.shared.errors import BadInput, NotFound, Problem
from ahead.shared.ids import uuid7

from .schemas import ImportFile

UPLOADS = "uploads"
SHOWN = 500
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._()-]{0,150}")


def _too_large(limit: int) -> Problem:
    return Problem(
        "too-large",
        "The file is too large",
        413,
        f"At most {limit >> 20:,} megabytes are taken.",
        hint="Put the file into the import folder, or load it with: ahead catalog load FILE",
    )


class ImportFolder:
    """Args:
    folder: made when something is put into it.
    limit: bytes that an uploaded file may have.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit

    def file(self, path: str) -> Path:
        """A file below the folder, links followed.

        Raises:
            BadInput: it leads elsewhere. NotFound: it isn't there.
        """
        root = found = self._folder.resolve()
        try:
            found = (root / path).resolve()
            inside = found.is_relative_to(root) and found != root
            there = inside and found.is_file()
        except (OSError, ValueError):
            inside, there = False, False
        if not inside:
            raise BadInput(
                "That is no path below the import folder.",
                slug="outside-import-folder",
                hint="Give the path of a file as it is listed.",
            )
        if not there:
            raise NotFound("There is no such file in the import folder.", slug="no-such-file")
        return found

    def files(self) -> tuple[ImportFile, ...]:
        """Files that can be loaded, the newest first."""
        root = self._folder.resolve()
        if not root.is_dir():
            return ()
        found: list[ImportFile] = []
        for path in root.rglob("*"):
            if path.is_symlink() or not path.is_file() or path.name.startswith(".") or path.suffix == ".part":
                continue
            state = path.stat()
            changed = datetime.fromtimestamp(state.st_mtime, UTC)
            found.append(ImportFile(path.relative_to(root).as_posix(), state.st_size, changed))
        return tuple(sorted(found, key=lambda one: (one.changed_at, one.path), reverse=True)[:SHOWN])

    async def take(self, name: str, body: AsyncIterator[bytes]) -> ImportFile:
        """Keeps an upload, whose name tells loaders its edition, in a folder of its own.

        Raises:
            BadInput: the name can't be kept, or nothing came. Problem: more came than is taken.
        """
        if not _NAME.fullmatch(name) or ".." in name:
            raise BadInput(
                f"{name[:60]!r} can't be the name of a file here.",
                slug="bad-file-name",
                hint="Letters, digits, spaces and . _ ( ) - only.",
            )
        place = self._folder / UPLOADS / uuid7()
        place.mkdir(parents=True)
        part, size = place / f"{name}.part", 0
        try:
            with part.open("wb") as out:
                async for chunk in body:
                    size += len(chunk)
                    if size > self._limit:
                        raise _too_large(self._limit)
                    out.write(chunk)
            if not size:
                raise BadInput("The file is empty.", slug="empty-file")
            part.replace(place / name)
        except BaseException:
            part.unlink(missing_ok=True)
            place.rmdir()
            raise
        kept = place / name
        changed = datetime.fromtimestamp(kept.stat().st_mtime, UTC)
        return ImportFile(kept.relative_to(self._folder).as_posix(), size, changed)
