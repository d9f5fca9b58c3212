"""Starting, stopping, dying: nothing is left behind, and what is in the way is said in one line."""

import os
import signal

import psutil
import pytest
from platform_process import PlatformProcess, ahead, still_running

from ahead.shared.testing.waiting import wait_until

pytestmark = pytest.mark.e2e


def the_line(said: str) -> str:
    """What a person reads: one line that starts with the program's name."""
    lines = [line for line in said.splitlines() if line.startswith("ahead: ")]
    assert len(lines) == 1, said
    assert "Traceback" not in said
    return lines[0]


def test_a_second_up_on_the_same_data_says_who_holds_it(platform: PlatformProcess) -> None:
    done = ahead("up", "--data", str(platform.data), "--port", str(platform.port + 1))
    assert done.returncode == 1
    assert f"already runs on {platform.data} (process {platform.pid})" in the_line(done.stderr)


def test_a_taken_port_is_said_with_what_to_do(platform: PlatformProcess) -> None:
    done = ahead("up", "--data", str(platform.data.parent / "other"), "--port", str(platform.port))
    assert done.returncode == 1
    assert f"port {platform.port} is taken" in the_line(done.stderr)
    assert "--port" in the_line(done.stderr)


def test_a_data_folder_that_can_not_be_is_said_with_what_to_do(platform: PlatformProcess) -> None:
    done = ahead("up", "--data", str(platform.output / "data"))
    assert done.returncode == 1
    assert "--data" in the_line(done.stderr)


def test_a_killed_process_comes_back_and_is_named(platform: PlatformProcess) -> None:
    os.kill(platform.pid_of("lookup-web"), signal.SIGKILL)
    wait_until(lambda: "lookup-web is back" in platform.said(), within_s=60)
    assert "lookup-web ended (killed by SIGKILL)" in platform.said()
    with platform.client() as visitor:
        assert visitor.get("/").status_code == 200


def test_a_killed_supervisor_leaves_nothing_that_blocks_the_next_start(platform: PlatformProcess) -> None:
    with platform.client() as visitor:
        assert visitor.get("/search", params={"q": "gout"}).status_code == 200
    counted = wait_until(lambda: platform.usage("search.performed"), within_s=30, what="the search counted")
    before = platform.processes()
    platform.kill()
    wait_until(lambda: not still_running(before), within_s=30, what="all processes gone")
    platform.start()
    with platform.client() as visitor:
        assert visitor.get("/codes/icd10cm/J45.909").status_code in (200, 403)
    assert platform.usage("search.performed") >= counted, "what was counted is still there"


def test_ctrl_c_stops_all_of_it_and_leaves_no_process(platform: PlatformProcess) -> None:
    before = platform.processes()
    assert len(before) > 8
    assert platform.interrupt() == 0
    assert still_running(before) == []
    mentioning = [
        process.pid
        for process in psutil.process_iter()
        if process.pid != os.getpid() and str(platform.data) in _command_of(process)
    ]
    assert mentioning == []


def _command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
