"""The environment of every process: addresses, and those secrets that are its business."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from ahead.local import datafolder, place, secrets
from ahead.local.failure import from_os_error
from ahead.local.servers import HOST
from ahead.shared.processes import Service

NATS_SECRET = "AHEAD_NATS_PASSWORD"
REDIS_SECRET = "AHEAD_REDIS_PASSWORD"
MEILISEARCH_KEY = "AHEAD_MEILISEARCH_KEY"
MEILISEARCH_SECRET = "AHEAD_MEILISEARCH_MASTER_KEY"
GUEST_KEY = "AHEAD_GUEST_KEY"
# For the supervisor alone: the addresses that services get hold the passwords they need.
OWN = (NATS_SECRET, REDIS_SECRET, MEILISEARCH_SECRET)
SHARED = (GUEST_KEY,)
RUNNING = "environment.json"


def service_key(service: str) -> str:
    return f"AHEAD_{service.upper()}_SERVICE_KEY"


def secret_names(services: Iterable[Service]) -> list[str]:
    """All secrets of an installation. A service's list may hold patterns: those name what it may see."""
    declared = [name for service in services for name in (service_key(service.name), *service.secrets)]
    return [*OWN, *SHARED, *(name for name in declared if "*" not in name)]


def secrets_held(data: Path, services: Iterable[Service]) -> dict[str, str]:
    """The installation's secrets; one that is set outside wins, as an operator's Meilisearch key does."""
    made = secrets.ensure(data, secret_names(services))
    return {name: os.environ.get(name) or value for name, value in made.items()}


def secrets_for(service: Service, held: Mapping[str, str]) -> dict[str, str]:
    visible = (*SHARED, service_key(service.name), *service.secrets)
    return {
        name: value
        for name, value in held.items()
        if name not in OWN and any(fnmatchcase(name, pattern) for pattern in visible)
    }


@dataclass(frozen=True)
class Ports:
    """Where everything listens on loopback; the gateway's is the one that people use."""

    gateway: int
    nats: int
    nats_monitor: int
    redis: int
    meilisearch: int
    web: Mapping[str, int]  # by process name
    downloads: int = 0


def addresses(
    ports: Ports, held: Mapping[str, str], services: Iterable[Service], data: Path
) -> dict[str, str]:
    """What every service gets. A public address set outside stays; the servers' addresses are always ours."""
    public = os.environ.get("AHEAD_PUBLIC_URL") or f"http://{HOST}:{ports.gateway}"
    values = {
        "AHEAD_DATA": str(data),
        "AHEAD_PUBLIC_URL": public.rstrip("/"),
        "AHEAD_NATS_URL": f"nats://ahead:{held[NATS_SECRET]}@{HOST}:{ports.nats}",
        "AHEAD_NATS_MONITOR_URL": f"http://{HOST}:{ports.nats_monitor}",
        "AHEAD_REDIS_URL": f"redis://:{held[REDIS_SECRET]}@{HOST}:{ports.redis}/0",
    }
    # Behind a public name of their own, files need one too: it is the operator's to give.
    files = os.environ.get("AHEAD_DOWNLOADS_URL") or (
        "" if "AHEAD_PUBLIC_URL" in os.environ else f"http://{HOST}:{ports.downloads}"
    )
    if files:
        values["AHEAD_DOWNLOADS_URL"] = files.rstrip("/")
    for service in services:
        for process in service.processes:
            if process.name in ports.web:
                values[f"AHEAD_URL_{service.name.upper()}"] = f"http://{HOST}:{ports.web[process.name]}"
                break
    return values


def outside(held: Mapping[str, str]) -> dict[str, str]:
    """The environment that is passed through, less secrets and what belongs to another run of the platform."""
    dropped = ("AHEAD_URL_", "AHEAD_UPSTREAM_")
    passed = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {name: value for name, value in passed.items() if name not in held}


def note_running(data: Path, values: Mapping[str, str]) -> None:
    """For the commands that are run beside the platform. Holds passwords: readable by the owner only."""
    path = data / "run" / RUNNING
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(dict(values), file)


def for_commands(services: Iterable[Service]) -> None:
    """Give this process the environment of the data folder: a command then finds database, keys, servers.

    Raises:
        Failure: the folder can't be made, read or written.
    """
    data = place.data()
    os.environ["AHEAD_DATA"] = str(data)
    running = data / "run" / RUNNING
    try:
        data.mkdir(parents=True, exist_ok=True)
        # What a killed supervisor left behind says nothing.
        known = json.loads(running.read_text()) if running.is_file() and datafolder.is_running(data) else {}
        held = secrets_held(data, services)
    except OSError as error:
        raise from_os_error(error, data) from error
    for name, value in (held | known).items():
        os.environ.setdefault(name, value)
