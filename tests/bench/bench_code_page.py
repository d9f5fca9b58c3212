"""A code page that is open already, against a bare handler that renders a template of the same size; and a
first view with its durable grant, against a handler with one durable transaction that renders that template.
The transaction without the template is reported beside it and decides nothing: docs/adr/0017.
"""

import asyncio
import sys
import urllib.request
from itertools import repeat
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "helpers")]

from http_load import get, median, report, run, side_by_side
from lookup_server import GUEST_KEY, PAGE, lookup_server, prepared, workspace

from ahead.shared.auth.guests import GuestKeys
from ahead.shared.testing.web_server import WebServer

ROUNDS = 7
REPEATS = 1_500
CONNECTIONS = 8
FIRST_VIEWS = 300
CODE = "/codes/icd10cm/E11.9"


def main() -> int:
    keys = GuestKeys(GUEST_KEY)
    with workspace() as place:
        folder = Path(place)
        env = prepared(folder)
        with lookup_server(folder, env) as ours:
            known = {**PAGE, "Cookie": f"ahead_guest={keys.mint()[1]}"}
            page = urllib.request.urlopen(urllib.request.Request(ours.url + CODE, headers=known)).read()
            bare_env = {
                "BARE_PAGE_BYTES": str(len(page)),
                "BARE_DATABASE": f"sqlite+aiosqlite:///{folder}/bare.db",
            }
            bare_env["PYTHONPATH"] = str(Path(__file__).parent)
            with WebServer(folder / "bare", "bare_app:app", bare_env) as bare:
                bare_size = len(urllib.request.urlopen(bare.url + "/template").read())
                print(f"code page {len(page):,} bytes, bare template {bare_size:,} bytes")
                met = repeat_views(ours, bare, known)
                return 0 if first_views(ours, bare, keys) and met else 1


def repeat_views(ours: WebServer, bare: WebServer, known: dict[str, str]) -> bool:
    def one(port: int, request: bytes):
        return asyncio.run(run(port, repeat(request, REPEATS).__iter__(), connections=CONNECTIONS))

    mine, theirs = side_by_side(
        lambda: one(ours.port, get(CODE, ours.port, known)),
        lambda: one(bare.port, get("/template", bare.port)),
        ROUNDS,
    )
    a, b = (median(loads, lambda load: load.per_second) for loads in (mine, theirs))
    print(f"repeat view {a:,.0f}/s, bare template {b:,.0f}/s")
    return report("code page, repeat view", a / b, at_least=0.5)


def first_views(ours: WebServer, bare: WebServer, keys: GuestKeys) -> bool:
    def strangers():
        for _ in range(FIRST_VIEWS):
            yield get(CODE, ours.port, {**PAGE, "Cookie": f"ahead_guest={keys.mint()[1]}"})

    def strangers_view():
        return asyncio.run(run(ours.port, strangers(), connections=1))

    def bare_view(path: str):
        wanted = get(path, bare.port)
        return asyncio.run(run(bare.port, repeat(wanted, FIRST_VIEWS).__iter__(), connections=1))

    mine, theirs = side_by_side(strangers_view, lambda: bare_view("/durable-page"), ROUNDS)
    _, unrendered = side_by_side(strangers_view, lambda: bare_view("/durable"), ROUNDS)
    a, b, c = (median(loads, lambda load: load.percentile(0.5)) for loads in (mine, theirs, unrendered))
    print(f"first view p50 {a:.2f} ms, one durable transaction and its page p50 {b:.2f} ms")
    print(f"one durable transaction without a page p50 {c:.2f} ms: first view {a / c:.2f} times that")
    return report("code page, first view with its grant", a / b, at_most=2.0)


if __name__ == "__main__":
    sys.exit(main())
