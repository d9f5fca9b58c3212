"""Loads that operators asked for, as JSON."""

from datetime import date, datetime
from typing import Literal

import msgspec

LoadStatus = Literal["queued", "running", "loaded", "held", "refused", "failed"]


class LoadAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`path` is below the import folder. The rest overrides what the file says: source, edition, window."""

    path: str
    system: str = ""
    release: str = ""
    window_from: date | None = None
    window_to: date | None = None


class LoadedRelease(msgspec.Struct, frozen=True):
    """What a load made; `new` is False where the same content was held."""

    name: str
    edition: str
    new: bool
    rows: str
    window_from: date
    window_to: date | None
    remark: str = ""


class Load(msgspec.Struct, frozen=True):
    id: str
    file_name: str
    path: str
    status: LoadStatus
    percent: int
    stage: str
    result: tuple[LoadedRelease, ...]
    message: str
    requested_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Loads(msgspec.Struct, frozen=True):
    rows: tuple[Load, ...]


class ImportFile(msgspec.Struct, frozen=True):
    """A file that can be loaded: its path below the import folder, its size in bytes."""

    path: str
    size: int
    changed_at: datetime


class ImportFiles(msgspec.Struct, frozen=True):
    rows: tuple[ImportFile, ...]


class HeldRelease(msgspec.Struct, frozen=True):
    """A release as operators look at it. `age` says in words where today lies to its window."""

    id: int
    system: str
    name: str
    kind: str
    edition: str
    rows: str
    window_from: date
    window_to: date | None
    window_origin: str
    age: str
    source: str
    files: tuple[str, ...]
    loaded_at: datetime
    remark: str


class HeldReleases(msgspec.Struct, frozen=True):
    as_of: date
    rows: tuple[HeldRelease, ...]
