"""What `ahead` finds out before it starts anything: folders, ports, secrets, and who may see which."""

import os
import socket
import stat
from pathlib import Path

import pytest

from ahead.local import cli, configuration, datafolder, ports, secrets
from ahead.local.configuration import Ports
from ahead.local.failure import Failure, from_os_error
from ahead.local.gateway import upstreams
from ahead.shared.processes import Process, Service


def service(name: str, *, exposed: bool = True, seen: tuple[str, ...] = ()) -> Service:
    return Service(name, name.title(), (), (Process(f"{name}-web", ("{port}",), "/readyz"),), exposed, seen)


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = secrets.ensure(tmp_path, ["AHEAD_GUEST_KEY"])
    second = secrets.ensure(tmp_path, ["AHEAD_GUEST_KEY", "AHEAD_LOOKUP_SERVICE_KEY"])
    assert second["AHEAD_GUEST_KEY"] == first["AHEAD_GUEST_KEY"]
    assert len(second["AHEAD_LOOKUP_SERVICE_KEY"]) >= 32
    assert stat.S_IMODE((tmp_path / secrets.FILE).stat().st_mode) == 0o600


def test_a_service_sees_its_own_secrets_and_those_it_declares() -> None:
    accounts = service("accounts", seen=("AHEAD_ACCOUNTS_KEY_SECRET", "AHEAD_*_SERVICE_KEY"))
    lookup = service("lookup")
    names = configuration.secret_names([accounts, lookup])
    held = {name: f"value of {name}" for name in names}
    assert "AHEAD_*_SERVICE_KEY" not in names
    assert set(configuration.secrets_for(lookup, held)) == {"AHEAD_GUEST_KEY", "AHEAD_LOOKUP_SERVICE_KEY"}
    assert set(configuration.secrets_for(accounts, held)) == {
        "AHEAD_GUEST_KEY",
        "AHEAD_ACCOUNTS_KEY_SECRET",
        "AHEAD_ACCOUNTS_SERVICE_KEY",
        "AHEAD_LOOKUP_SERVICE_KEY",
    }


def test_a_secret_set_outside_wins_over_the_one_that_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AHEAD_GUEST_KEY", "from the operator")
    assert configuration.secrets_held(tmp_path, [])["AHEAD_GUEST_KEY"] == "from the operator"


def test_another_platform_s_addresses_are_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AHEAD_URL_LOOKUP", "http://127.0.0.1:1")
    monkeypatch.setenv("AHEAD_GUEST_KEY", "secret")
    passed = configuration.outside({"AHEAD_GUEST_KEY": "secret"})
    assert "AHEAD_URL_LOOKUP" not in passed
    assert "AHEAD_GUEST_KEY" not in passed
    assert passed["PATH"] == os.environ["PATH"]


def test_one_supervisor_at_a_time_holds_a_folder(tmp_path: Path) -> None:
    datafolder.prepare(tmp_path / "data")
    with datafolder.lock(tmp_path / "data"):
        assert datafolder.is_running(tmp_path / "data")
        second = datafolder.lock(tmp_path / "data")
        with pytest.raises(Failure, match=f"already runs on .* .process {os.getpid()}.*--data"):
            second.__enter__()
    assert not datafolder.is_running(tmp_path / "data")


def test_a_folder_that_can_t_be_made_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="--data"):
        datafolder.prepare(tmp_path / "file" / "data")


def test_too_little_room_is_said_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datafolder, "NEEDED_NEW", 10**18)
    with pytest.raises(Failure, match=r"MB are free .* free some space"):
        datafolder.prepare(tmp_path / "data")


def test_a_full_disk_is_said_in_words(tmp_path: Path) -> None:
    assert "is full: free some" in str(from_os_error(OSError(28, "No space left on device"), tmp_path))


def test_a_taken_port_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(Failure, match=f"port {port} is taken: .*--port"):
            ports.require_free(port)


def test_free_ports_are_all_different() -> None:
    found = ports.free_ports(20)
    assert len(set(found)) == 20
    assert all(ports.is_free(port) for port in found)


def test_paths_of_a_service_that_is_not_installed_go_to_the_home_page_s() -> None:
    caddyfile = "{$AHEAD_UPSTREAM_LOOKUP:x} {$AHEAD_UPSTREAM_CAREERS:x} {$AHEAD_UPSTREAM_METERING:x}"
    services = [service("lookup"), service("metering", exposed=False)]
    where = Ports(8080, 1, 2, 3, 4, {"lookup-web": 5, "metering-web": 6})
    assert set(upstreams(caddyfile, services, where).values()) == {"127.0.0.1:5"}


@pytest.mark.parametrize(
    "words", [["--data", "there", "up"], ["up", "--data", "there"], ["up", "--data=there", "--port", "1"]]
)
def test_every_command_takes_the_folder_before_or_after_its_name(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AHEAD_DATA", "")
    assert "there" not in cli.take_data(words)
    assert os.environ["AHEAD_DATA"] == "there"


@pytest.mark.parametrize("folder", ["/dev/null/data", "/proc/data", "{here}/file/data", "{here}/file"])
def test_a_command_on_an_impossible_folder_is_one_line(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("AHEAD_DATA", folder.format(here=tmp_path))
    with pytest.raises(Failure) as failure:
        configuration.for_commands([service("metering")])
    assert "\n" not in str(failure.value)
    assert tmp_path.name in str(failure.value) or folder in str(failure.value)
