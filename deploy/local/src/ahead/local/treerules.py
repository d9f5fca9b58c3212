"""Rules for tracked files: none too long, none with an address, a path or a secret of one machine."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ahead.local import place

LINES = 400
SOURCES = (".py", ".html", ".css", ".js", ".sh")
# Each is written so that it doesn't find itself.
REGISTRY = re.compile(r"\b(?:pyp[i]|pythonhoste[d]|npmj[s]|deb\.debia[n])\.(?:org|com)\b|\"resolve[d]\":")
MACHINE = re.compile(r"(?<![\w.$}/*-])/(?:wor[k]|roo[t]|home/[a-z]+|Users/[A-Za-z]+|opt/pyp[i])/[a-z.]")
SECRET = re.compile(
    r"-----BEGI[N] [A-Z ]*PRIVATE KEY|\bAKI[A][0-9A-Z]{16}\b|\bgh[po]_[A-Za-z0-9]{36}\b"
    r"|\bAHEAD_\w*(?:KEY|SECRET|PASSWORD)=(?!\$)[A-Za-z0-9_-]{24,}"
)
FINDINGS = {
    "address of a package registry": REGISTRY,
    "path of one machine": MACHINE,
    "secret": SECRET,
}


def tracked() -> list[Path]:
    """What git tracks or would track; everything below the root where there is no git."""
    root = place.root()
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        hidden = (".venv", ".bootstrap", ".data", ".cache", ".git")
        return [path for path in root.rglob("*") if path.is_file() and not set(path.parts) & set(hidden)]
    return [path for name in done.stdout.split("\0") if name and (path := root / name).is_file()]


def broken() -> Iterator[str]:
    """One line for each place that breaks a rule."""
    for path in tracked():
        name = path.relative_to(place.root()).as_posix()
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        lines = text.splitlines()
        if (path.suffix in SOURCES or lines[:1] == ["#!/usr/bin/env bash"]) and len(lines) > LINES:
            yield f"{name}: {len(lines)} lines, split it at {LINES}"
        for number, line in enumerate(lines, 1):
            for what, pattern in FINDINGS.items():
                if pattern.search(line):
                    yield f"{name}:{number}: {what}: {line.strip()[:80]}"


if __name__ == "__main__":
    found = list(broken())
    print("\n".join(found))
    sys.exit(1 if found else 0)
