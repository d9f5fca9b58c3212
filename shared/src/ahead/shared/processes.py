"""How a service tells the program `ahead` what to prepare and what to run.

A service publishes one `Service` under the entry-point group ``ahead.processes``; the program knows no
service by name and runs with whichever are installed.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# (fraction done from 0 to 1, what is being done)
Progress = Callable[[float, str], None]

# Names the file that a process without HTTP makes once it is ready.
READY_FILE = "AHEAD_READY_FILE"


def no_progress(_fraction: float, _text: str) -> None:
    """For callers that don't show any."""


@dataclass(frozen=True)
class Step:
    """Work that has to be done before the processes start: idempotent, fast when nothing is to do."""

    title: str
    run: Callable[[Progress], None]


@dataclass(frozen=True)
class Process:
    """One operating-system process.

    Attributes:
        argv: ``{python}``, ``{host}`` and ``{port}`` are filled in by whoever starts it.
        ready_path: HTTP path that answers 200 once it is ready; None where the process serves no HTTP and
            calls `report_ready` instead.
    """

    name: str
    argv: tuple[str, ...]
    ready_path: str | None = None
    env: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Service:
    """What a service prepares and runs.

    Attributes:
        exposed: reachable through the gateway.
        secrets: environment variables that hold random secrets, made once for an installation. A service sees
            those, its own ``AHEAD_<NAME>_SERVICE_KEY``, and what is shared; a pattern (``AHEAD_*_SERVICE_KEY``)
            lets it see others' too.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    processes: tuple[Process, ...]
    exposed: bool = True
    secrets: tuple[str, ...] = ()


def report_ready() -> None:
    """Tell whoever started this process that it does its work now; nobody asked, nothing happens."""
    path = os.environ.get(READY_FILE)
    if path:
        Path(path).touch()


def web_process(service: str) -> Process:
    """The web process every service runs: Granian in front of ``ahead.<service>.asgi:app``."""
    return Process(
        name=f"{service}-web",
        argv=(
            "{python}",
            "-m",
            "granian",
            "--interface",
            "asgi",
            "--host",
            "{host}",
            "--port",
            "{port}",
            "--workers",
            "1",
            "--no-ws",
            "--respawn-failed-workers",
            f"ahead.{service}.asgi:app",
        ),
        ready_path="/readyz",
    )


def background_process(service: str) -> Process:
    """Relay, scheduler and workers in one process: what a single machine runs beside the web process."""
    return Process(name=f"{service}-background", argv=("{python}", "-m", f"ahead.{service}.background"))
