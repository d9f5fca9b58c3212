"""`ahead test`: brings what the tests need beside Python, says where the data lies, and runs pytest."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence

from ahead.local import assets, place
from ahead.local.failure import Failure

# Folders with official files and corpora, where somebody has them beside the tree.
DATA = {"AHEAD_OFFICIAL_DATA": "data", "AHEAD_EVAL_DATA": "eval", "AHEAD_MAIL_DATA": "mail"}

MOST_WORKERS = 4

# A run that grew too long says by what.
SLOWEST = ("--durations=40", "--durations-min=3")


def environment() -> dict[str, str]:
    """The machine's, with where data and browser libraries lie; nothing of a platform that runs beside."""
    env = {name: value for name, value in os.environ.items() if name != "AHEAD_DATA"}
    for name, folder in DATA.items():
        path = place.root().parent / "shared" / folder
        if path.is_dir():
            env.setdefault(name, str(path))
    try:
        env["AHEAD_BROWSER_ASSETS"] = str(asyncio.run(assets.ensure(env)))
    except assets.AssetsMissing as reason:
        if os.environ.get("CI") == "true":
            raise Failure(
                f"the browser's libraries can't be had, and CI has to have them: {reason}"
            ) from reason
        print(f"ahead: tests of scripts in pages will be skipped: {reason}", file=sys.stderr)
    env["AHEAD_ROOT"] = str(place.root())
    return env


def run(arguments: Sequence[str], *, long: bool = False) -> int:
    """pytest's exit status. What pytest prints is passed through, its closing line is the last."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        *(["--long"] if long else []),
        *(SLOWEST if os.environ.get("CI") == "true" else []),
        *_side_by_side(arguments),
        *arguments,
    ]
    return subprocess.run(command, cwd=place.root(), env=environment(), check=False).returncode


def _side_by_side(arguments: Sequence[str]) -> list[str]:
    """Files side by side, each whole in one process: tests wait for servers more than they compute.

    Not where somebody wants to see the output as it comes, or says otherwise.
    """
    if any(word == "-s" or word.startswith("-n") for word in arguments):
        return []
    return ["-n", str(min(os.cpu_count() or 1, MOST_WORKERS)), "--dist", "loadfile"]
