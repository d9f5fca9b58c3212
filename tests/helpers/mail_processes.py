"""CaseConsultant's processes as in production, each by itself, over real NATS and Redis; and what they talk to."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from consultant_world import ANSWERED

from ahead.shared.testing.nats_server import NatsServer
from ahead.shared.testing.redis_server import RedisServer
from ahead.shared.testing.server import ServerProcess
from ahead.shared.testing.waiting import free_port

PROCESSES = ("inbound", "relay", "worker", "consumer", "scheduler")
RELAY = "mx.ahead.example"
WEBHOOK_KEY = "made up for tests"


class Peers:
    """Accounts and the assistant, as far as the mail needs them: a token, and answers; now and then away."""

    def __init__(self, seed: int, away: float = 0.05) -> None:
        chance = random.Random(seed)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                if self.path.endswith("/service-tokens"):
                    self._say(201, {"token": "t", "expires_at": 4e9})
                elif chance.random() < away:
                    self._say(503, {})
                else:
                    self._say(200, ANSWERED)

            def _say(self, status: int, body: dict[str, Any]) -> None:
                raw = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Peers":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class OneProcess(ServerProcess):
    """`python -m ahead.consultant.<name>`."""

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str], port: int) -> None:
        super().__init__(folder / name)
        self.name = name
        self._environment = environment
        self._listens = port if name == "inbound" else 0

    def command(self) -> list[str]:
        return [sys.executable, "-m", f"ahead.consultant.{self.name}"]

    def environment(self) -> Mapping[str, str]:
        return self._environment

    def launch(self) -> None:
        """Start without waiting: others go on meanwhile."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, cwd=self.folder, env=self._environment
            )

    def said(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")[-3000:]


class Web(OneProcess):
    """The web process as it runs in production: Granian, and a worker of its own, which go together."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        super().__init__("web", folder, environment, 0)

    def command(self) -> list[str]:
        where = ["--interface", "asgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        return [
            sys.executable,
            "-m",
            "granian",
            *where,
            "--no-ws",
            "--no-access-log",
            "ahead.consultant.asgi:app",
        ]

    def launch(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, cwd=self.folder, env=self._environment,
                start_new_session=True,
            )  # fmt: skip

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None and number == signal.SIGKILL:
            os.killpg(self._process.pid, signal.SIGKILL)
        super()._end(number)


class MailProcesses:
    def __init__(self, folder: Path, database: Path, smtp_port: int, peers: str, **more: str) -> None:
        self.nats = NatsServer(folder / "nats")
        self.redis = RedisServer(folder / "redis")
        self.port = free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AHEAD_")} | {
            "AHEAD_DATA": str(folder / "data"),
            "AHEAD_GUEST_KEY": "g" * 40,
            "AHEAD_NATS_URL": self.nats.url,
            "AHEAD_REDIS_URL": self.redis.url,
            "AHEAD_URL_ACCOUNTS": peers,
            "AHEAD_URL_ASSISTANT": peers,
            "AHEAD_SMTP_HOST": "127.0.0.1",
            "AHEAD_SMTP_PORT": str(smtp_port),
            "AHEAD_SMTP_TLS": "none",
            "AHEAD_SMTP_IN_PORT": str(self.port),
            "AHEAD_CONSULTANT_DATABASE_URL": f"sqlite+aiosqlite:///{database}",
            "AHEAD_CONSULTANT_KEY_SECRET": "made up for tests, long enough to be one",
            "AHEAD_CONSULTANT_SERVICE_KEY": "k" * 40,
            "AHEAD_CONSULTANT_ADDRESS": "ask@ahead.example",
            "AHEAD_CONSULTANT_VERIFIED_PEERS": "127.0.0.1/32",
            "AHEAD_CONSULTANT_TRUSTED_RELAY": RELAY,
            "AHEAD_CONSULTANT_WEBHOOK_KEY": WEBHOOK_KEY,
            "AHEAD_CONSULTANT_ANSWERS_PER_HOUR": "1000000",
            "AHEAD_LOG_LEVEL": "warning",
            **more,
        }
        web = Web(folder, environment)
        self.webhook = f"http://127.0.0.1:{web.port}/api/consultant/v1/inbound"
        self.processes = {name: OneProcess(name, folder, environment, self.port) for name in PROCESSES} | {
            "web": web
        }

    def __enter__(self) -> "MailProcesses":
        self.nats.start()
        self.redis.start()
        for one in self.processes.values():
            one.launch()
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.processes.values():
            one.stop()
        self.redis.stop()
        self.nats.stop()

    def kill(self, name: str) -> None:
        """SIGKILL, and start again at once, as a supervisor does."""
        if name in self.processes:
            self.processes[name].kill()
            self.processes[name].launch()
        else:
            server = self.nats if name == "nats" else self.redis
            server.kill()
            server.start()
