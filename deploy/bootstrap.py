"""Makes or refreshes .venv from the hashed locks. Called by `ahead`; needs nothing but Python 3.11 or 3.12.

Arguments: the root of the tree, which lock to install (up or dev), the digest to note when it is done.

uv installs, because it is ten times faster than pip; pip brings uv, from its own hashed lock, because every
Python has pip or venv. uv doesn't read pip's configuration, so the index, certificates and proxies that a
company set up for pip are handed to it.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

INSTALLED = "ahead-installed"


class CannotSetUpError(Exception):
    """Shown as one line."""


def say(text: str) -> None:
    print(f"ahead: {text}", file=sys.stderr, flush=True)


@contextmanager
def only_one(path: Path) -> Generator[None]:
    """Two starts must not install into the same folder. The kernel frees the lock of a killed one."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another start that is installing")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run(what: str, command: list[str], env: Mapping[str, str] | None = None) -> None:
    """Run quietly, with a line every ten seconds; on failure show what the tool said and name the step."""
    say(what)
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, env=dict(env or os.environ), stdout=output, stderr=output)
        while True:
            try:
                status = process.wait(10)
                break
            except subprocess.TimeoutExpired:
                say(f"  still {what}, {time.monotonic() - began:.0f} s")
        if status:
            output.seek(0)
            sys.stderr.write(output.read().decode(errors="replace"))
            raise CannotSetUpError(f"{what} failed, see the lines above")
    took = time.monotonic() - began
    if took > 1:
        say(f"  done in {took:.0f} s")


def has_module(python: Path | str, module: str) -> bool:
    command = [str(python), "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def pip_settings(python: Path | str) -> dict[str, str]:
    """What `pip config list` says, by key; the later of pip's sources wins, as it does for pip itself."""
    command = [str(python), "-m", "pip", "config", "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: dict[str, dict[str, str]] = {}
    for line in done.stdout.splitlines():
        name, separator, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if separator and section in ("global", "install", "download", ":env:"):
            try:
                found.setdefault(section, {})[key] = str(ast.literal_eval(value))
            except (SyntaxError, ValueError):
                continue
    merged: dict[str, str] = {}
    for section in ("global", "install", ":env:"):
        merged |= found.get(section, {})
    return merged


def reachable(place: str) -> bool:
    """False for a folder that isn't there: pip skips those with a warning, uv stops at them."""
    parts = urlsplit(place)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path)).exists()
    if not parts.scheme or len(parts.scheme) == 1:
        return Path(place).exists()
    return True


def uv_environment(pip: Mapping[str, str], base: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: everything passed through, and pip's index where uv has none of its own."""
    env = dict(base)
    if pip.get("index-url") and reachable(pip["index-url"]):
        env.setdefault("UV_DEFAULT_INDEX", pip["index-url"])
    extra = [url for url in pip.get("extra-index-url", "").split() if reachable(url)]
    if extra:
        env.setdefault("UV_INDEX", " ".join(extra))
    places = [place for place in pip.get("find-links", "").split() if reachable(place)]
    if places:
        env.setdefault("UV_FIND_LINKS", ",".join(places))
    if pip.get("cert") and Path(pip["cert"]).is_file():
        env.setdefault("SSL_CERT_FILE", pip["cert"])
    if pip.get("proxy"):
        env.setdefault("ALL_PROXY", pip["proxy"])
    trusted = pip.get("trusted-host", "").split()
    if trusted:
        env.setdefault("UV_INSECURE_HOST", " ".join(trusted))
    # pip looks for a version on all its indexes; the hashes decide which file is taken.
    env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    env.setdefault("UV_HTTP_TIMEOUT", pip.get("default-timeout") or pip.get("timeout") or "120")
    env["UV_NO_CONFIG"] = "1"
    env.pop("VIRTUAL_ENV", None)
    return env


def bring_uv(root: Path, pip_python: Path | str) -> Path:
    """uv in .bootstrap, of the version in locks/bootstrap.txt."""
    target, lock = root / ".bootstrap", root / "locks" / "bootstrap.txt"
    uv, noted = target / "bin" / "uv", target / "installed.txt"
    if uv.is_file() and noted.is_file() and noted.read_text() == lock.read_text():
        return uv
    with tempfile.TemporaryDirectory(dir=root, prefix=".bootstrap-") as folder:
        pip = [str(pip_python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        run("bringing uv", [*pip, "--target", folder, "--require-hashes", "-r", str(lock)])
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target)
    noted.write_text(lock.read_text())
    return uv


def make_environment(root: Path, venv: Path) -> tuple[Path, Path]:
    """Make .venv. Returns its Python and a Python that has pip."""
    shutil.rmtree(venv, ignore_errors=True)
    python = venv / "bin" / "python"
    if has_module(sys.executable, "venv, ensurepip"):
        run("making .venv", [sys.executable, "-m", "venv", str(venv)])
        return python, python
    if has_module(sys.executable, "pip"):
        uv = bring_uv(root, sys.executable)
        run("making .venv", [str(uv), "venv", "--quiet", "--python", sys.executable, str(venv)])
        return python, Path(sys.executable)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise CannotSetUpError(
        f"{sys.executable} has neither venv nor pip: install one (Debian and Ubuntu: apt install "
        f"python{version}-venv; Fedora: dnf install python3-pip), then start again"
    )


def members(root: Path) -> list[Path]:
    patterns = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["uv"]["workspace"]["members"]
    folders = {folder for pattern in patterns for folder in root.glob(pattern)}
    return sorted(folder for folder in folders if (folder / "pyproject.toml").is_file())


def usable(python: Path) -> bool:
    """An environment of another Python, or one that was moved or copied, is made again."""
    right = "(3, 11) <= sys.version_info[:2] <= (3, 12) and sys.prefix != sys.base_prefix"
    check = f"import sys; sys.exit(not ({right}))"
    return python.is_file() and subprocess.run([str(python), "-c", check], check=False).returncode == 0


def set_up(root: Path, lock: str, digest: str) -> None:
    """Notes in the environment what it installed: the lock's name, the digest asked for, the lock's own."""
    venv = root / ".venv"
    python, noted = venv / "bin" / "python", venv / INSTALLED
    locked = root / "locks" / f"{lock}.txt"
    locked_digest = hashlib.sha256(locked.read_bytes()).hexdigest()
    held = noted.read_text().split() if noted.is_file() and usable(python) else []
    if held[:2] == [lock, digest]:
        return  # another start did it while this one waited
    began = time.monotonic()
    pip_python = python
    if not usable(python):
        python, pip_python = make_environment(root, venv)
    elif not has_module(python, "pip"):
        pip_python = Path(sys.executable)
    noted.unlink(missing_ok=True)
    uv = str(bring_uv(root, pip_python))
    # The Python that was called may have settings that its environments don't see.
    base_has_pip = has_module(sys.executable, "pip")
    env = uv_environment(pip_settings(sys.executable if base_has_pip else pip_python), os.environ)
    into = ["--quiet", "--python", str(python)]
    if held[::2] != [lock, locked_digest]:
        command = [uv, "pip", "sync", *into, "--require-hashes", str(locked)]
        run(f"installing from locks/{lock}.txt", command, env)
    editable = [part for folder in members(root) for part in ("--editable", str(folder))]
    command = [uv, "pip", "install", *into, "--no-deps", "--no-build-isolation", *editable]
    run("installing the members", command, env)
    noted.write_text(f"{lock} {digest} {locked_digest}\n")
    say(f"environment ready after {time.monotonic() - began:.0f} s")


def main(arguments: list[str]) -> int:
    root, lock, digest = Path(arguments[0]), arguments[1], arguments[2]
    try:
        with only_one(root / ".ahead-lock"):
            set_up(root, lock, digest)
    except CannotSetUpError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"{error.strerror}: {error.filename or root}; free space or rights are missing there")
        return 1
    except KeyboardInterrupt:
        say("stopped; start again to go on where it was")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
