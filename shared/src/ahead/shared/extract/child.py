"""The child: little memory and time, no files, no environment, no network asked for. Input: the file; output: JSON.

A file from a stranger may be made to hang its reader, to fill the memory, or to use a hole in it.
"""

import json
import os
import resource
import sys
from dataclasses import asdict


def _limit(asked: dict[str, float]) -> None:
    cpu, memory = int(asked["cpu_s"]), int(asked["memory"])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    asked = json.loads(sys.argv[1])
    with_text = bool(asked.pop("with_text"))
    _limit(asked)
    # Imported under the limits: what they read at start counts as well.
    from ahead.shared.extract.process import Extracted, Limits
    from ahead.shared.extract.readers import read

    limits = Limits(**asked)
    body = sys.stdin.buffer.read()
    try:
        result = read(body, limits, with_text=with_text)
    except BaseException:
        result = Extracted("other", why="damaged")
    sys.stdout.write(json.dumps(asdict(result)))
    sys.stdout.flush()
    os._exit(0)  # without tidying up what a hostile file has made of the heap


if __name__ == "__main__":
    sys.exit(main())
