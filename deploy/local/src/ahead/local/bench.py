"""`ahead bench`: the benchmarks, each a module below tests/bench that is run by itself."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ahead.local import place, testing
from ahead.local.failure import Failure


def found() -> dict[str, Path]:
    folder = place.root() / "tests" / "bench"
    return {path.stem.removeprefix("bench_"): path for path in sorted(folder.glob("bench_*.py"))}


def run(name: str, arguments: Sequence[str]) -> int:
    """One of them, or all. Fails when one of them misses its ratio; bare times are only reported."""
    known = found()
    if name and name not in known:
        raise Failure(f"there is no benchmark {name}; there are: {', '.join(known) or 'none'}")
    env = testing.environment()
    failed: list[str] = []
    for title, path in known.items():
        if name in ("", title):
            print(f"== {title}", flush=True)
            done = subprocess.run(
                [sys.executable, str(path), *arguments], cwd=place.root(), env=env, check=False
            )
            failed += [title] if done.returncode else []
    if failed:
        print(f"bench: not met: {', '.join(failed)}")
    return 1 if failed else 0
