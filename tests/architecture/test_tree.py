"""What lies in the tree: nothing too long, nothing of one machine, everything documented."""

import re
from pathlib import Path

import pytest

from ahead.local import installed, locks, place, settings_docs, treerules

VARIABLE = re.compile(r"\bAHEAD_[A-Z][A-Z_]*[A-Z]\b")


def test_the_tree_rules_hold() -> None:
    assert list(treerules.broken()) == []


@pytest.mark.parametrize(
    "line",
    [
        "index-url = https://" + "pypi" + ".org/simple",
        '"resolved"' + ': "https://somewhere/a.tgz"',
        "see /" + "work/main/ahead",
        "cd /" + "home/somebody/project",
        "AHEAD_GUEST_KEY=" + "k7" * 16,
        "-----BEGIN" + " RSA PRIVATE KEY-----",
    ],
)
def test_the_tree_rules_find_a_planted_line(line: str) -> None:
    assert any(pattern.search(line) for pattern in treerules.FINDINGS.values())


@pytest.mark.parametrize(
    "line",
    [
        "AHEAD_GUEST_KEY=$(openssl rand -hex 32)",
        "#!/usr/bin/env bash",
        "root /work",
        "https://www.cms.gov/work/x",
    ],
)
def test_the_tree_rules_leave_ordinary_lines_alone(line: str) -> None:
    assert not any(pattern.search(line) for pattern in treerules.FINDINGS.values())


def test_the_locks_belong_to_the_requirements() -> None:
    assert locks.out_of_date() == []


@pytest.mark.parametrize("name", ["up", "dev", "bootstrap"])
def test_a_lock_holds_versions_and_hashes_only(name: str) -> None:
    for number, line in enumerate(locks.path_of(name).read_text().splitlines(), 1):
        allowed = (
            (number == 1 and line.startswith(locks.MARK))
            or re.fullmatch(r"[a-z0-9][a-z0-9._-]*==[^ @]+( ; .+)? \\", line)
            or re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)
        )
        assert allowed, f"locks/{name}.txt:{number}: {line}"


def test_what_runs_is_the_same_in_both_locks() -> None:
    def pinned(name: str) -> set[str]:
        return {line for line in locks.path_of(name).read_text().splitlines() if "==" in line}

    assert pinned("up") <= pinned("dev")


def test_every_setting_is_documented() -> None:
    assert settings_docs.path().read_text() == settings_docs.text(), (
        "docs/settings.md is older than the settings: .venv/bin/python -m ahead.local.settings_docs"
    )


def test_every_variable_in_the_code_is_documented() -> None:
    documented = settings_docs.text()
    patterns = [
        name.replace("<SERVICE>", "[A-Z_]+") for name in re.findall(r"`(AHEAD_[A-Z_<>]+)`", documented)
    ]
    known = re.compile("|".join(patterns))
    prefixes = tuple(settings_docs.settings_classes())
    unknown = {
        f"{path.relative_to(place.root())}: {name}"
        for path in code()
        for name in VARIABLE.findall(path.read_text())
        if not known.fullmatch(name) and f"{name}_" not in prefixes and not name.startswith("AHEAD_EVENTS")
    }
    assert unknown == set()


def code() -> list[Path]:
    """What reads or sets variables: sources, the gateway's file and scripts; not tests, which make up their own."""
    root = place.root()
    return [
        *root.glob("*/src/**/*.py"),
        *root.glob("*/*/src/**/*.py"),
        root / "ahead",
        root / ".ci" / "run",
        root / "deploy" / "caddy" / "Caddyfile",
    ]


def test_every_setting_says_what_it_is() -> None:
    silent = [
        name
        for prefix, settings in settings_docs.settings_classes().items()
        for name, field in settings_docs.variables(prefix, settings)
        if not field.description
    ]
    assert silent == []


def test_every_decision_says_why() -> None:
    decisions = sorted((place.root() / "docs" / "adr").glob("[0-9]*.md"))
    assert decisions
    for number, path in enumerate(decisions, 1):
        assert path.name.startswith(f"{number:04d}-")
        text = path.read_text()
        for part in ("## Context", "## Decision", "## Consequences", "## Alternatives"):
            assert part in text, f"{path.name} has no {part}"


def test_the_readme_names_only_files_that_are_there() -> None:
    for document in ("README.md", "CONTRIBUTING.md"):
        text = (place.root() / document).read_text()
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (place.root() / target).exists(), f"{document} links to {target}"


def test_every_service_says_what_it_runs() -> None:
    for service in installed.services():
        assert service.title
        assert service.processes
        names = [process.name for process in service.processes]
        assert len(set(names)) == len(names)
        for process in service.processes:
            assert ("{port}" in " ".join(process.argv)) == bool(process.ready_path)
