"""uv for the program itself: the one that the launcher brought, with the index that pip is set to."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

from ahead.local import place
from ahead.local.failure import Failure


def program() -> str:
    brought = place.root() / ".bootstrap" / "bin" / "uv"
    if brought.is_file():
        return str(brought)
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.is_file() else shutil.which("uv")
    if not found:
        raise Failure("uv isn't there: start this with ./ahead, which brings it")
    return found


def bootstrap() -> ModuleType:
    """deploy/bootstrap.py is no package: it has to run before there is one."""
    spec = importlib.util.spec_from_file_location("bootstrap", place.root() / "deploy" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def environment_for_locking() -> dict[str, str]:
    """Without folders of this machine: they hold some files of a version, a lock needs the hashes of all."""
    made = bootstrap()
    env: dict[str, str] = made.uv_environment(made.pip_settings(sys.executable), os.environ)
    env.pop("UV_FIND_LINKS", None)
    for name in ("UV_INDEX", "UV_DEFAULT_INDEX"):
        remote = [url for url in env.pop(name, "").split() if urlsplit(url).scheme in ("http", "https")]
        if remote:
            env[name] = " ".join(remote)
    return env
