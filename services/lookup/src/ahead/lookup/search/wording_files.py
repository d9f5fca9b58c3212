"""The wording on disk: a folder per generation, one file for each array, read by mapping it into memory.

All processes of a machine share the pages of one generation. `current.json` names it, and is exchanged at once: a
search sees the old generation or the new one, never a part.
"""

import contextlib
import os
import shutil
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import numpy as np

from ahead.lookup.search.wording import Wording
from ahead.shared.search.index import IndexMissing, SearchUnavailable

LAYOUT = "5"
"""Raise whenever the arrays, or the texts taken into them, are made differently."""
FOLDER = "wording"
_POINTER = "current.json"
_WORDS = "words"


class Pointer(msgspec.Struct, frozen=True):
    generation: str
    fingerprint: str
    built_at: str


class WordingFiles:
    """directory: `<data>/lookup/search`."""

    def __init__(self, directory: Path) -> None:
        self._home = directory / FOLDER

    def pointer(self) -> Pointer | None:
        try:
            return msgspec.json.decode((self._home / _POINTER).read_bytes(), type=Pointer)
        except (OSError, msgspec.DecodeError):
            return None

    def seen(self) -> tuple[int, int] | None:
        """Changes with the generation; None when there is none."""
        try:
            stat = (self._home / _POINTER).stat()
        except FileNotFoundError:
            return None
        return stat.st_ino, stat.st_mtime_ns

    def is_current(self, fingerprint: str) -> bool:
        held = self.pointer()
        return held is not None and held.fingerprint == _named(fingerprint)

    def save(self, wording: Wording, fingerprint: str) -> None:
        generation = uuid4().hex
        folder = self._home / generation
        folder.mkdir(parents=True)
        try:
            for field in fields(Wording):
                _write(folder, field.name, getattr(wording, field.name))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        previous = self.pointer()
        built_at = datetime.now(UTC).isoformat(timespec="seconds")
        pointer = Pointer(generation, _named(fingerprint), built_at)
        beside = self._home / f"{_POINTER}.{generation}"
        beside.write_bytes(msgspec.json.encode(pointer))
        os.replace(beside, self._home / _POINTER)
        # The one before stays: another process may be opening it this moment.
        keep = {generation, previous.generation if previous else generation}
        for entry in self._home.iterdir():
            if entry.is_dir() and entry.name not in keep:
                shutil.rmtree(entry, ignore_errors=True)

    def load(self) -> Wording:
        """Raises IndexMissing or SearchUnavailable."""
        pointer = self.pointer()
        if pointer is None:
            raise IndexMissing("the texts that lead to codes are not built: run `ahead search rebuild`")
        if not pointer.fingerprint.endswith(_named("")):
            raise IndexMissing(
                "another release built the texts that lead to codes: run `ahead search rebuild`"
            )
        folder = self._home / pointer.generation
        try:
            return Wording(**{field.name: _read(folder, field.name) for field in fields(Wording)})
        except (OSError, ValueError, msgspec.DecodeError) as error:
            raise SearchUnavailable(f"the texts that lead to codes can't be read: {error}") from error


def _named(fingerprint: str) -> str:
    return f"{fingerprint}-{LAYOUT}"


def _write(folder: Path, name: str, value: Any) -> None:
    if isinstance(value, np.ndarray):
        np.save(folder / f"{name}.npy", value, allow_pickle=False)
    else:
        plain = list(value)  # of a dict of words, in the order of their numbers
        (folder / f"{name}.json").write_bytes(msgspec.json.encode(plain))


def _read(folder: Path, name: str) -> Any:
    with contextlib.suppress(FileNotFoundError):
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
    values = msgspec.json.decode((folder / f"{name}.json").read_bytes(), type=list[str | int])
    if name == _WORDS:
        return {word: number for number, word in enumerate(values)}
    return tuple(values)
