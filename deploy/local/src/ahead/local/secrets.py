"""The secrets of one machine: made once, kept in the data folder, readable by its owner only."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from ahead.local.failure import Failure

FILE = "secrets.env"


def ensure(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Read the file, make what is missing, and return all of it."""
    path = folder / FILE
    held = _read(path) if path.exists() else {}
    missing = [name for name in names if name not in held]
    if missing:
        held |= {name: secrets.token_urlsafe(32) for name in missing}
        _write(path, held)
    return held


def _read(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text().splitlines()
    except OSError as error:
        raise Failure(f"{path} can't be read ({error.strerror}): start as the user who owns it") from error
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _write(path: Path, values: dict[str, str]) -> None:
    """Through a second file, so that a crash never leaves half of the secrets."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    text = "# Made by `ahead up`. Whoever holds this file can sign as this platform.\n"
    text += "".join(f"{name}={value}\n" for name, value in sorted(values.items()))
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
