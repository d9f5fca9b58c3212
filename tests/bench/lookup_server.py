"""Case2Code with the real catalogue in a folder of its own, for benchmarks."""

import os
import tempfile
from pathlib import Path

from ahead.lookup import db
from ahead.lookup.catalog.loading.default import load_default_catalogue
from ahead.lookup.search.building import build_index
from ahead.lookup.settings import Settings
from ahead.shared.settings import load
from ahead.shared.testing.web_server import WebServer

GUEST_KEY = "a key for benchmarks, at least 32 characters"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
PAGE = {"Accept": "text/html", "User-Agent": BROWSER}


def prepared(folder: Path, *, loaded: bool = False) -> dict[str, str]:
    """Load ICD-10-CM and build the index; returns the environment for the processes. loaded: the folder holds what is
    to be measured already."""
    env = {
        "AHEAD_DATA": str(folder),
        "AHEAD_GUEST_KEY": GUEST_KEY,
        "AHEAD_NATS_URL": "nats://127.0.0.1:1",
        "AHEAD_GUESTS_PER_NETWORK_PER_DAY": "100000000",
        "AHEAD_RATE_LIMIT_ADDRESS_PER_MINUTE": "100000000",
        "AHEAD_RATE_LIMIT_PRINCIPAL_PER_MINUTE": "100000000",
        "AHEAD_LOG_LEVEL": "error",
    }
    os.environ.update(env)
    settings = load(Settings)
    db.upgrade(settings)
    if not loaded:
        load_default_catalogue(settings)
    build_index(settings)
    return env


def lookup_server(folder: Path, env: dict[str, str]) -> WebServer:
    return WebServer(folder / "web", "ahead.lookup.asgi:app", env)


def workspace() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="ahead-bench-")
