"""The borders between members, and inside a service, are rules that run."""

import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import ahead
from ahead.local import place

SERVICES = ("accounts", "careers", "consultant", "lookup", "metering")


def linted(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [str(program), "--no-cache", *arguments],
        cwd=place.root(),
        capture_output=True,
        text=True,
        check=False,
    )


def rules() -> dict[str, Any]:
    return tomllib.loads((place.root() / "pyproject.toml").read_text())["tool"]["importlinter"]


def test_the_import_rules_hold() -> None:
    done = linted([])
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_import_rules_cover_every_member() -> None:
    members = {f"ahead.{name}" for _, name, _ in pkgutil.iter_modules(ahead.__path__)}
    assert set(rules()["root_packages"]) == members
    independent = next(rule for rule in rules()["contracts"] if rule["type"] == "independence")
    assert set(independent["modules"]) == members - {"ahead.shared"}
    layers = next(rule for rule in rules()["contracts"] if rule["type"] == "layers")
    for container in layers["containers"]:
        assert container.removesuffix(".*") in members


@pytest.mark.parametrize(
    ("rule", "importer", "imported"),
    [
        ("Services never import each other", "lookup/settings.py", "ahead.accounts"),
        ("What is shared knows no service", "shared/settings.py", "ahead.lookup"),
        ("Streamlit belongs to the dashboard", "metering/settings.py", "streamlit"),
    ],
)
def test_the_import_rules_find_a_planted_breach(
    tmp_path: Path, rule: str, importer: str, imported: str
) -> None:
    """A copy of the tree with one wrong import: the rule that forbids it has to say so."""
    for name, source in sources().items():
        target = tmp_path / "ahead" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source)
    planted = tmp_path / "ahead" / importer
    planted.write_text(f"{planted.read_text()}\nimport {imported}\n")
    config = tmp_path / "rules.toml"
    config.write_text((place.root() / "pyproject.toml").read_text())
    program = (
        f"import ahead; ahead.__path__ = [{str(tmp_path / 'ahead')!r}]\n"
        "from importlinter.cli import lint_imports\n"
        f"raise SystemExit(lint_imports(config_filename={str(config)!r}, no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert f"{rule} BROKEN" in " ".join(done.stdout.split())


def sources() -> dict[str, str]:
    """Every module of every member, by its path below `ahead`."""
    found: dict[str, str] = {}
    for folder in ahead.__path__:
        for path in Path(folder).rglob("*.py"):
            found[path.relative_to(folder).as_posix()] = path.read_text()
    return found


def test_every_service_has_the_same_skeleton() -> None:
    expected = (
        "settings.py",
        "app.py",
        "asgi.py",
        "background.py",
        "processes.py",
        "cli.py",
        "models.py",
        "db.py",
    )
    missing = [
        f"{service}/{name}"
        for service in SERVICES
        for name in expected
        if not (home(service) / name).is_file()
    ]
    assert missing == []


def test_every_background_process_is_a_file_that_runs_alone() -> None:
    for service in SERVICES:
        parts = [home(service) / f"{part}.py" for part in ("worker", "relay", "scheduler", "consumer")]
        held = [path for path in parts if path.is_file()]
        assert held, f"{service} has no background process"
        for path in [*held, home(service) / "background.py"]:
            assert 'if __name__ == "__main__":' in path.read_text(), path


def home(service: str) -> Path:
    return place.root() / "services" / service / "src" / "ahead" / service
