"""`ahead check`: what CI runs before the tests. Each check is one line; what failed says why below."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ahead.local import locks, place, treerules


@dataclass(frozen=True)
class Check:
    """`run` returns what is wrong, or nothing."""

    name: str
    run: Callable[[], str]
    mend: str


def _tool(*command: str) -> Callable[[], str]:
    def run() -> str:
        program, *arguments = command
        beside = Path(sys.executable).parent / program
        done = subprocess.run(
            [str(beside) if beside.is_file() else program, *arguments],
            cwd=place.root(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return (done.stdout.strip() or f"exit status {done.returncode}") if done.returncode else ""

    return run


def _locks() -> str:
    old = locks.out_of_date()
    return f"older than the requirements: {', '.join(f'locks/{name}.txt' for name in old)}" if old else ""


def _tree() -> str:
    return "\n".join(treerules.broken())


# The longest first.
CHECKS = (
    Check("types", _tool("pyright"), "mend the types"),
    Check(
        "migrations", _tool("python", "-m", "ahead.local.migrations"), "write the migration that is missing"
    ),
    Check("import rules", _tool("lint-imports", "--no-cache"), "move the code, or the border by an ADR"),
    Check("lint", _tool("ruff", "check", "--output-format", "concise"), "ruff check --fix mends some"),
    Check("format", _tool("ruff", "format", "--check"), "ruff format"),
    Check("locks", _locks, "./ahead lock"),
    Check("tree", _tree, "split the file, take the line out"),
    Check("shell", _tool("bash", "-c", "bash -n ahead && bash -n .ci/run"), "mend the script"),
)


def run() -> int:
    """Two at a time: the type checker takes as long as all others together."""

    def timed(check: Check) -> tuple[str, float]:
        began = time.monotonic()
        return check.run(), time.monotonic() - began

    failed: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        running = [(check, pool.submit(timed, check)) for check in CHECKS]
        for check, future in running:
            wrong, took = future.result()
            print(f"{'FAILED' if wrong else 'ok':<7} {check.name:<13} {took:5.1f} s", flush=True)
            if wrong:
                failed.append(check.name)
                print("\n".join(f"    {line}" for line in wrong.splitlines()))
                print(f"    to mend it: {check.mend}")
    print(f"check: {len(CHECKS) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0
