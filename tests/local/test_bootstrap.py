"""What makes the environment: pip's settings are handed to uv, an old or foreign environment is made anew."""

import subprocess
import sys
from pathlib import Path

import pytest

from ahead.local import place, uvtool

bootstrap = uvtool.bootstrap()


def test_pip_s_index_is_handed_to_uv() -> None:
    pip = {
        "index-url": "https://mirror.example/simple",
        "timeout": "60",
        "proxy": "http://proxy.example:3128",
    }
    env = bootstrap.uv_environment(pip, {"PATH": "/bin"})
    assert env["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert env["UV_HTTP_TIMEOUT"] == "60"
    assert env["ALL_PROXY"] == "http://proxy.example:3128"
    assert env["PATH"] == "/bin"


def test_places_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    here, gone = tmp_path / "wheels", tmp_path / "gone"
    here.mkdir()
    pip = {
        "extra-index-url": f"{gone.as_uri()} {here.as_uri()} https://mirror.example/simple",
        "find-links": f"{gone} {here}",
        "cert": str(gone / "ca.pem"),
        "index-url": gone.as_uri(),
    }
    env = bootstrap.uv_environment(pip, {})
    assert env["UV_INDEX"] == f"{here.as_uri()} https://mirror.example/simple"
    assert env["UV_FIND_LINKS"] == str(here)
    assert "SSL_CERT_FILE" not in env
    assert "UV_DEFAULT_INDEX" not in env


def test_what_is_set_for_uv_itself_wins() -> None:
    env = bootstrap.uv_environment(
        {"index-url": "https://a.example/simple"}, {"UV_DEFAULT_INDEX": "https://b.example"}
    )
    assert env["UV_DEFAULT_INDEX"] == "https://b.example"


def test_pip_s_own_order_of_sources_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = https://file.example/simple\nextra-index-url =\n  https://x\n  https://y\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    assert bootstrap.pip_settings(sys.executable)["index-url"] == "https://file.example/simple"
    assert bootstrap.pip_settings(sys.executable)["extra-index-url"].split() == ["https://x", "https://y"]
    monkeypatch.setenv("PIP_INDEX_URL", "https://environment.example/simple")
    assert bootstrap.pip_settings(sys.executable)["index-url"] == "https://environment.example/simple"


def test_folders_of_this_machine_do_not_reach_the_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_INDEX", f"{tmp_path.as_uri()} https://mirror.example/simple")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    env = uvtool.environment_for_locking()
    assert env["UV_INDEX"] == "https://mirror.example/simple"
    assert "UV_FIND_LINKS" not in env


def test_an_environment_that_is_none_is_made_anew(tmp_path: Path) -> None:
    assert bootstrap.usable(Path(sys.executable))
    assert not bootstrap.usable(tmp_path / "bin" / "python")
    base = Path(sys.base_prefix) / "bin" / "python3"
    assert not bootstrap.usable(base), "a Python of the machine is no environment"


def test_every_member_is_installed() -> None:
    names = {folder.relative_to(place.root()).as_posix() for folder in bootstrap.members(place.root())}
    assert {"shared", "services/lookup", "admin_dashboard", "deploy/local"} <= names


def launched(tmp_path: Path, programs: dict[str, str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher of an empty tree with only these programs on the path."""
    tree, bin_folder = tmp_path / "tree", tmp_path / "bin"
    for folder in (tree / "locks", tree / "a" / "b", bin_folder):
        folder.mkdir(parents=True)
    (tree / "ahead").write_text((place.root() / "ahead").read_text())
    for path in (tree / "locks" / "up.txt", tree / "pyproject.toml", tree / "a" / "pyproject.toml"):
        path.write_text("")
    (tree / "a" / "b" / "pyproject.toml").write_text("")
    for name, script in programs.items():
        (bin_folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (bin_folder / name).chmod(0o755)
    env = {"PATH": f"{bin_folder}:/usr/bin:/bin", **variables}
    return subprocess.run(
        ["bash", str(tree / "ahead"), "--help"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


OTHERS = dict.fromkeys(("python3.12", "python3.11", "python3", "python"), "exit 1")


def test_without_the_right_python_the_launcher_says_which_one(tmp_path: Path) -> None:
    done = launched(tmp_path, OTHERS)
    assert done.returncode == 1
    assert "needs Python 3.11 or 3.12" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_wrong_python_that_was_asked_for_is_named(tmp_path: Path) -> None:
    done = launched(tmp_path, OTHERS, AHEAD_PYTHON="/bin/false")
    assert done.returncode == 1
    assert "AHEAD_PYTHON is /bin/false" in done.stderr


def test_a_python_without_venv_and_pip_says_which_package_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "has_module", lambda python, module: False)
    with pytest.raises(bootstrap.CannotSetUpError, match=r"apt install python3\.1[12]-venv"):
        bootstrap.make_environment(tmp_path, tmp_path / ".venv")
