"""The real `./ahead up` as a child process, with a data folder and a port of its own."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from ahead.local import place
from ahead.shared.testing.waiting import free_port, wait_until

FIRST_START_S = 300  # a loaded machine; the figure that counts is measured alone
GONE_S = 20


def environment() -> dict[str, str]:
    """This one, less what a platform beside it may have set."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AHEAD_") or name == "AHEAD_ROOT"
    }


def ahead(*words: str, said: str = "", timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a command of the program to its end; `said` is what its user types."""
    command = [str(place.root() / "ahead"), *words]
    return subprocess.run(
        command,
        input=said,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        cwd="/",
    )


class PlatformProcess:
    def __init__(self, data: Path, settings: Mapping[str, str] | None = None) -> None:
        self.data = data
        # A port of its own: another platform on this machine takes mail, too.
        self.smtp_port = free_port()
        self._settings = {"AHEAD_SMTP_IN_PORT": str(self.smtp_port), **(settings or {})}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = data.parent / f"{data.name}.out"
        self.took = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns once it has printed its address."""
        began = time.monotonic()
        command = [str(place.root() / "ahead"), "up", "--port", str(self.port), "--data", str(self.data)]
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                env=environment() | self._settings,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd="/",
            )
        process = self._process

        def answers() -> bool:
            assert process.poll() is None, self.said()
            return self.url in self.said().splitlines()

        while not answers():
            assert time.monotonic() - began < FIRST_START_S, self.said()
            wait_until(
                lambda: process.poll() is not None or answers(), within_s=FIRST_START_S, what="the address"
            )
        self.took = time.monotonic() - began

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def errors(self) -> str:
        """What its processes complained of, for the report of a test that failed."""
        lines = [
            f"{path.name}: {line[:2000]}"
            for path in sorted((self.data / "logs").glob("*.log"))
            for line in path.read_text(errors="replace").splitlines()
            if '"level": "error"' in line or "Traceback" in line
        ]
        return "\n".join(lines[-20:])

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def processes(self) -> list[psutil.Process]:
        """The supervisor and everything below it."""
        supervisor = psutil.Process(self.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def pid_of(self, name: str) -> int:
        """The leading process of that name, as the supervisor noted it."""
        records = json.loads((self.data / "run" / "processes.json").read_text())
        return next(int(record["pid"]) for record in records if record["name"] == name)

    @contextmanager
    def paused(self, name: str) -> Generator[None]:
        """That process and its children stand still: it doesn't answer, and doesn't refuse either."""
        leading = psutil.Process(self.pid_of(name))
        family = [leading, *leading.children(recursive=True)]
        for one in family:
            one.suspend()
        try:
            yield
        finally:
            for one in family:
                one.resume()

    def interrupt(self) -> int:
        """Ctrl-C; returns the exit status."""
        return self._end(signal.SIGINT)

    def kill(self) -> int:
        return self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(number)
        try:
            return process.wait(GONE_S)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(5)

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30, trust_env=False, headers={"Origin": self.url})

    def secret(self, name: str) -> str:
        lines = (self.data / "secrets.env").read_text().splitlines()
        return next(line.partition("=")[2] for line in lines if line.startswith(f"{name}="))

    def address_of(self, service: str) -> str:
        """Where a service listens itself: inside, not through the gateway."""
        running: dict[str, str] = json.loads((self.data / "run" / "environment.json").read_text())
        return running[f"AHEAD_URL_{service.upper()}"]

    def usage(self, metric: str) -> int:
        """What metering has counted of it, asked as a service asks."""
        with httpx.Client(timeout=30, trust_env=False) as client:
            issued = client.post(
                f"{self.address_of('accounts')}/api/accounts/v1/service-tokens",
                headers={"Authorization": f"Bearer {self.secret('AHEAD_LOOKUP_SERVICE_KEY')}"},
                json={"service": "lookup", "scopes": ["metering:read"]},
            )
            issued.raise_for_status()
            answer = client.get(
                f"{self.address_of('metering')}/api/metering/v1/usage",
                params={"metric": metric},
                headers={"Authorization": f"Bearer {issued.json()['token']}"},
            )
            answer.raise_for_status()
            rows: list[dict[str, Any]] = answer.json()["rows"]
            return sum(int(row["count"]) for row in rows)


def still_running(processes: list[psutil.Process]) -> list[str]:
    """Zombies whose parent hasn't looked yet don't count: they run nothing."""
    found: list[str] = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {' '.join(process.cmdline())}")
        except psutil.NoSuchProcess:
            continue
    return found
