"""The platform's warm start: `./ahead up` on a folder that was prepared before. A bare time, reported only."""

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

from platform_process import PlatformProcess

STARTS = 3
WITHIN_S = 15.0


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="ahead-bench-") as place:
        platform = PlatformProcess(Path(place) / "data")
        took: list[float] = []
        for _ in range(STARTS + 1):
            platform.start()
            took.append(platform.took)
            platform.interrupt()
    warm = statistics.median(took[1:])
    print(f"first start {took[0]:.1f} s (environment made before), warm start {warm:.1f} s")
    print(f"warm start within {WITHIN_S:.0f} s: {'met' if warm <= WITHIN_S else 'not met'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
