"""The whole platform on one machine: what is started, in which order, and how all of it ends."""

import asyncio
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ahead.local import (
    assets,
    configuration,
    gateway,
    installed,
    ports,
    preparation,
    probes,
    searchserver,
    servers,
    spawn,
)
from ahead.local.child import Child, Plan
from ahead.local.configuration import Ports
from ahead.local.failure import Failure
from ahead.local.logfile import LogFile
from ahead.local.screen import Screen
from ahead.local.searchserver import Search
from ahead.shared.processes import READY_FILE, Process, Service

CHUNK = 1 << 16


@dataclass
class Platform:
    """`start` raises Failure when it can't; `stop` ends whatever was started, in any state."""

    data: Path
    port: int
    secrets: Mapping[str, str]
    screen: Screen
    search: Search | None = None
    extra_env: dict[str, str] = field(default_factory=dict[str, str])
    services: tuple[Service, ...] = field(default_factory=installed.services)
    _servers: list[Child] = field(default_factory=list[Child])
    _processes: list[Child] = field(default_factory=list[Child])
    _gateway: list[Child] = field(default_factory=list[Child])
    _preparing: asyncio.subprocess.Process | None = None
    _building_key: str = ""

    def __post_init__(self) -> None:
        self._records = spawn.Records(self.data / "run" / "processes.json")
        names = [
            process.name for service in self.services for process in service.processes if process.ready_path
        ]
        nats, monitor, redis, meilisearch, *web = ports.free_ports(4 + len(names))
        by_name = dict(zip(names, web, strict=True))
        beside = ports.next_to(self.port)
        self.ports = Ports(self.port, nats, monitor, redis, meilisearch, by_name, downloads=beside)
        self._ground = asyncio.Event()
        self._prepared = {service.name: asyncio.Event() for service in self.services}
        self._work = self.screen.work("Starting the services")
        self.addresses = configuration.addresses(self.ports, self.secrets, self.services, self.data)

    @property
    def public_url(self) -> str:
        return self.addresses["AHEAD_PUBLIC_URL"]

    async def start(self) -> None:
        """Each service starts as soon as its own data is prepared; the door opens when all of them are ready."""
        outside = configuration.outside(self.secrets)
        if self.search:
            self.extra_env["AHEAD_SEARCH_ENGINE"] = self.search
        await self._start_search(outside)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lay_ground(outside))
            group.create_task(self._prepare(outside))
            for service in self.services:
                group.create_task(self._start_service(service, outside))
        self._work.done()
        caddy = gateway.plan(self.data, self.services, self.ports, self.public_url, outside)
        await self._start_all(self._gateway, [caddy])
        noted = {**self.addresses, **self.extra_env}
        if self._building_key:
            noted[configuration.MEILISEARCH_KEY] = self._building_key
        configuration.note_running(self.data, noted)

    async def stop(self) -> None:
        """First the door, then what may still write, last what it writes to."""
        if self._preparing and self._preparing.returncode is None:
            spawn.signal_group(self._preparing.pid, spawn.signal.SIGKILL)
            await self._preparing.wait()
        for children in (self._gateway, self._processes, self._servers):
            await asyncio.gather(*(child.stop() for child in children), return_exceptions=True)
        (self.data / "run" / configuration.RUNNING).unlink(missing_ok=True)
        self._records.write([])

    async def _start_search(self, outside: Mapping[str, str]) -> None:
        """First, because the services' indexes are built into it."""
        program = searchserver.wanted(self.search)
        if program is None:
            return
        work = self.screen.work("Starting Meilisearch")
        secret = self.secrets[configuration.MEILISEARCH_SECRET]
        server = searchserver.SearchServer(program, self.data / "meilisearch", self.ports.meilisearch, secret)
        await self._start_all(self._servers, [server.plan(_without_ours(outside))])
        reading, self._building_key = await server.keys()
        self.extra_env |= {searchserver.URL: server.url, configuration.MEILISEARCH_KEY: reading}
        work.done()

    def _server_plans(self, outside: Mapping[str, str]) -> list[Plan]:
        env = _without_ours(outside)
        return [
            servers.nats(
                self.data,
                self.ports.nats,
                self.ports.nats_monitor,
                self.secrets[configuration.NATS_SECRET],
                env,
            ),
            servers.redis(self.data, self.ports.redis, self.secrets[configuration.REDIS_SECRET], env),
        ]

    def _plan(self, service: Service, process: Process, outside: Mapping[str, str]) -> Plan:
        port = self.ports.web.get(process.name)
        filled = {"{python}": sys.executable, "{host}": servers.HOST, "{port}": str(port or "")}
        argv = tuple(_fill(part, filled) for part in process.argv)
        env = {**outside, **self.addresses, **self.extra_env}
        env |= configuration.secrets_for(service, self.secrets)
        env |= {name: _fill(value, filled) for name, value in process.env.items()}
        if self._building_key and not process.ready_path:
            env[configuration.MEILISEARCH_KEY] = self._building_key
        env["PYTHONUNBUFFERED"] = "1"
        if process.ready_path and port:
            return Plan(process.name, argv, env, probes.http(servers.HOST, port, process.ready_path))
        ready = self.data / "run" / f"{process.name}.ready"
        env[READY_FILE] = str(ready)
        return Plan(process.name, argv, env, probes.file(ready), ready_file=ready)

    async def _lay_ground(self, outside: Mapping[str, str]) -> None:
        """What every service needs before it starts."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._start_all(self._servers, self._server_plans(outside)))
            group.create_task(self._bring_assets(outside))
        self._ground.set()

    async def _start_service(self, service: Service, outside: Mapping[str, str]) -> None:
        await self._prepared[service.name].wait()
        await self._ground.wait()
        await self._start_all(
            self._processes, [self._plan(service, process, outside) for process in service.processes]
        )
        ready = sum(child.ready for child in self._processes)
        total = sum(len(service.processes) for service in self.services)
        self._work.update(ready / total, f"{ready} of {total} processes")

    async def _start_all(self, into: list[Child], plans: Iterable[Plan]) -> None:
        """All at once; the first that fails ends the wait for the others."""
        children = [self._child(plan) for plan in plans]
        into.extend(children)
        async with asyncio.TaskGroup() as group:
            for child in children:
                group.create_task(child.start())

    def _child(self, plan: Plan) -> Child:
        log = LogFile(self.data / "logs" / f"{plan.name}.log")
        return Child(plan, log, self.data, self.screen.say, self._note)

    def _note(self, _child: Child) -> None:
        running = [child for child in (*self._servers, *self._processes, *self._gateway) if child.pid]
        records = [spawn.record_of(child.plan.name, child.pid) for child in running]
        if self._preparing and self._preparing.returncode is None:
            records.append(spawn.record_of("preparation", self._preparing.pid))
        self._records.write(records)

    async def _bring_assets(self, outside: Mapping[str, str]) -> None:
        work = self.screen.work("Browser libraries")
        try:
            self.extra_env["AHEAD_BROWSER_ASSETS"] = str(await assets.ensure(outside))
            work.done()
        except assets.AssetsMissing as reason:
            work.done("not there")
            self.screen.say(f"Pages work without them, but change less in place: {reason}")

    async def _prepare(self, outside: Mapping[str, str]) -> None:
        """Run the services' steps in a process of their own and show how far they are."""
        reading, writing = os.pipe()
        env = {**outside, **self.secrets, **self.addresses, **self.extra_env}
        env[preparation.DESCRIPTOR] = str(writing)
        if self._building_key:
            env[configuration.MEILISEARCH_KEY] = self._building_key
        argv = (sys.executable, "-m", "ahead.local.preparation")
        log = LogFile(self.data / "logs" / "preparation.log")
        try:
            spawned = await spawn.start(argv, env, cwd=self.data, pass_fds=(writing,))
        finally:
            os.close(writing)
        process = self._preparing = spawned.process
        output = asyncio.create_task(_keep(spawned.output, log))
        failed = await self._follow(reading)
        status = await process.wait()
        await output
        tail = log.tail()
        log.close()
        if failed or status:
            text = failed or f"preparing the data ended with status {status}"
            raise Failure(f"{text}; its log: {log.path}", detail=[] if failed else tail)

    async def _follow(self, reading: int) -> str:
        """Show each line of progress; returns why it failed, or nothing."""
        reader = await spawn.read_pipe(reading)
        work = None
        while line := await reader.readline():
            message = json.loads(line)
            if message["kind"] == "step":
                work = self.screen.work(message["title"])
            elif message["kind"] == "failed":
                return str(message["text"])
            elif message["kind"] == "prepared" and message["service"]:
                self._prepared[message["service"]].set()
            elif work and message["kind"] == "progress":
                work.update(float(message["fraction"]), str(message["text"]))
            elif work and message["kind"] == "done":
                work.done()
        return ""


async def _keep(output: asyncio.StreamReader, log: LogFile) -> None:
    while chunk := await output.read(CHUNK):
        log.write(chunk)


def _without_ours(env: Mapping[str, str]) -> dict[str, str]:
    """A server that knows nothing of the platform gets none of its settings."""
    return {name: value for name, value in env.items() if not name.startswith("AHEAD_")}


def _fill(text: str, values: Mapping[str, str]) -> str:
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text
