"""Suggestions while typing, on all codes held, through the gateway; against a raw prefix query to the same
engine through the same gateway. `AHEAD_BENCH_DATA` names a data folder with all official files loaded (use a copy);
without it the codes are those of ICD-10-CM alone.
"""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "helpers")]

from http_load import Load, get, median, run, side_by_side
from lookup_server import lookup_server, prepared, workspace

from ahead.shared.testing.nats_server import find_program
from ahead.shared.testing.server import ServerProcess
from ahead.shared.testing.web_server import WebServer

ROUNDS = 5
AT_MOST_RATIO, AT_MOST_MS = 2.0, 15.0
TYPED = (
    "type 2 diabetes with neuropathy",
    "hypertension",
    "fracture of distal radius right",
    "chest pain",
    "low back pain",
    "copd exacerbation",
    "heart failure diastolic",
    "e11.65",
    "s52501a",
    "encounter for screening colon",
    "depression recurrent severe",
    "pneumonia",
)


class Gateway(ServerProcess):
    """The product's own Caddyfile in front of one upstream."""

    def __init__(self, folder: Path, upstream: int) -> None:
        super().__init__(folder)
        self._upstream = upstream

    def environment(self) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AHEAD_")}
        return kept | {
            "AHEAD_GATEWAY_ADDRESS": f"http://:{self.port}",
            "AHEAD_GATEWAY_HOST": "127.0.0.1",
            "AHEAD_UPSTREAM_LOOKUP": f"127.0.0.1:{self._upstream}",
            "XDG_CONFIG_HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder),
        }

    def command(self) -> Sequence[str]:
        caddyfile = Path(__file__).parents[2] / "deploy" / "caddy" / "Caddyfile"
        return [find_program("caddy"), "run", "--config", str(caddyfile), "--adapter", "caddyfile"]


def typing(port: int) -> Iterator[bytes]:
    """Every keystroke from the second letter on."""
    for text in TYPED:
        for end in range(2, len(text) + 1):
            if not text[:end].endswith(" "):
                yield get(
                    f"/api/lookup/v1/suggest?q={quote(text[:end])}", port, {"Accept": "application/json"}
                )


def main() -> int:
    held = os.environ.get("AHEAD_BENCH_DATA")
    with workspace() as place:
        folder = Path(place)
        data = Path(held) if held else folder
        env = prepared(data, loaded=held is not None)
        raw_env = {
            "RAW_INDEX_DIRECTORY": str(data / "lookup" / "search"),
            "PYTHONPATH": str(Path(__file__).parent),
        }
        raw_env |= env
        with (
            lookup_server(folder, env) as ours,
            WebServer(folder / "raw", "raw_suggest_app:app", raw_env) as raw,
            Gateway(folder / "gate-ours", ours.port) as gate,
            Gateway(folder / "gate-raw", raw.port) as raw_gate,
        ):
            mine, theirs = side_by_side(
                lambda: asyncio.run(run(gate.port, typing(gate.port), connections=1)),
                lambda: asyncio.run(run(raw_gate.port, typing(raw_gate.port), connections=1)),
                ROUNDS,
            )
    return 0 if judge(mine, theirs) else 1


def judge(mine: list[Load], theirs: list[Load]) -> bool:
    a, b = (median(loads, lambda load: load.percentile(0.95)) for loads in (mine, theirs))
    p50 = median(mine, lambda load: load.percentile(0.5))
    met = a <= AT_MOST_RATIO * b or a <= AT_MOST_MS
    print(f"suggestions p50 {p50:.2f} ms, p95 {a:.2f} ms; raw prefix query p95 {b:.2f} ms")
    print(
        f"suggestions p95: ratio {a / b:.2f} (at most {AT_MOST_RATIO}, or {AT_MOST_MS} ms): "
        f"{'met' if met else 'NOT MET'}"
    )
    return met


if __name__ == "__main__":
    sys.exit(main())
