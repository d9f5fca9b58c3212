"""The locks: what runs (up), that with tests and tools (dev), and the tool that installs (bootstrap).

The first line of each names a digest of what was asked for, so that `ahead check` can tell without a registry
whether a lock is older than the members' requirements.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

from ahead.local import place, uvtool
from ahead.local.failure import Failure

PYTHON = "3.11"
GROUPS = {"up": "build", "dev": "dev"}
BOOTSTRAP = "uv>=0.13,<0.14"
MARK = "# Written by ./ahead lock from requirements with the digest "
# Neither may come in by way of something else: a gigabyte for what nobody calls.
UNWANTED = ("torch", "nvidia-", "cuda")


def members() -> list[Path]:
    """The pyproject.toml of every member, in one order on every machine."""
    root = place.root()
    patterns: list[str] = _toml(root / "pyproject.toml")["tool"]["uv"]["workspace"]["members"]
    files = {folder / "pyproject.toml" for pattern in patterns for folder in root.glob(pattern)}
    return sorted(path for path in files if path.is_file())


def digest(lock: str) -> str:
    """Of the requirements alone: an entry point or a linter's setting makes no lock old."""
    if lock == "bootstrap":
        return _digest(BOOTSTRAP)
    groups = _toml(place.root() / "pyproject.toml")["dependency-groups"]
    wanted: dict[str, Any] = {"python": PYTHON, "groups": groups if lock == "dev" else groups[GROUPS[lock]]}
    for path in members():
        held = _toml(path)
        project = held["project"]
        wanted[project["name"]] = [
            project.get("requires-python"),
            project.get("dependencies"),
            project.get("optional-dependencies"),
            held.get("tool", {}).get("uv", {}).get("override-dependencies"),
        ]
    return _digest(wanted)


def out_of_date() -> list[str]:
    """The locks that were written from other requirements than the present ones."""
    return [name for name in (*GROUPS, "bootstrap") if _noted(path_of(name)) != digest(name)]


def path_of(lock: str) -> Path:
    return place.root() / "locks" / f"{lock}.txt"


def write(*, upgrade: bool) -> None:
    """Resolve and write all three.

    Raises:
        Failure: uv found no solution, or couldn't reach the index; what it said has been printed.
    """
    names = [_toml(path)["project"]["name"] for path in members()]
    sources = [str(path.relative_to(place.root())) for path in members()]
    skipped = [part for name in names for part in ("--no-emit-package", name)]
    for lock, group in GROUPS.items():
        arguments = [*skipped, *sources, "--group", f"pyproject.toml:{group}"]
        if lock == "dev":
            # What runs is the same in both.
            arguments += ["--constraints", str(path_of("up"))]
        _compile(lock, arguments, upgrade=upgrade)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "requirements.in"
        source.write_text(BOOTSTRAP + "\n")
        _compile("bootstrap", [str(source)], upgrade=upgrade)


def _compile(lock: str, arguments: list[str], *, upgrade: bool) -> None:
    """Versions and hashes only: no annotation, header, index or path of the machine."""
    path = path_of(lock)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        # uv prefers the versions in the file that it writes to; --upgrade lets go of them.
        output = Path(folder) / "lock.txt"
        if path.is_file():
            output.write_text(path.read_text())
        command = [uvtool.program(), "pip", "compile", "--quiet", "--universal", "--python-version", PYTHON]
        command += ["--generate-hashes", "--no-header", "--no-annotate", "--output-file", str(output)]
        command += ["--upgrade"] if upgrade else []
        env = uvtool.environment_for_locking()
        done = subprocess.run([*command, *arguments], cwd=place.root(), env=env, check=False)
        if done.returncode:
            raise Failure(f"locks/{lock}.txt can't be resolved: see what uv said above")
        text = output.read_text()
    found = [line for line in text.splitlines() if line.startswith(UNWANTED)]
    if found:
        raise Failure(f"locks/{lock}.txt would bring {found[0].split()[0]}: keep it out with an override")
    path.write_text(f"{MARK}{digest(lock)}\n{text}")
    pinned = sum("==" in line for line in text.splitlines())
    print(f"locks/{lock}.txt: {pinned} packages, {time.monotonic() - began:.1f} s", file=sys.stderr)


def _noted(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open() as file:
        first = file.readline()
    return first.removeprefix(MARK).strip() if first.startswith(MARK) else ""


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())
