"""The page of a procedure code with thousands of edits, and a code by the API.

The page: codes with at least 3,000 active PTP rows, each asked for on another date, so that nothing of it was
rendered before; the first 100 rows of each column and setting, and true counts. The API: a code's view as JSON
against a bare handler with one indexed SELECT on the same release. The claim check: claims of 50 lines, none asked
before, of codes with hundreds of edits each.
"""

import asyncio
import json
import os
import random
import sqlite3
import sys
from datetime import date, timedelta
from itertools import repeat
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "helpers")]

from http_load import get, median, report, run, side_by_side
from lookup_server import BROWSER, PAGE, lookup_server, prepared, workspace
from signed_tokens import Signer, signer

from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.catalog.repository import release_file
from ahead.lookup.settings import Settings
from ahead.shared.settings import load
from ahead.shared.testing.web_server import WebServer

ROOT = Path(__file__).parents[2]
FILES = (
    "ncci/ptp_practitioner_2024-07-01.tsv.gz",
    "ncci/ptp_outpatient_hospital_2024-07-01.tsv.gz",
    "ncci/mue_practitioner_2024-07-01.csv",
    "ncci/mue_outpatient_hospital_2024-07-01.csv",
    "ncci/mue_dme_supplier_2024-07-01.csv",
    "ncci/addon_code_edits_2024-06-03.csv",
    "pfs/PPRRVU2025_Oct.csv",
    "pfs/GPCI2025.csv",
)
ROWS = 3_000
FIRST_DAY = date(2025, 10, 1)
DAYS = 92
ROUNDS = 7
REPEATS = 1_000
CLAIMS, LINES = 42, 50
EDITS_KNOWN = date(2024, 8, 15)
DIAGNOSES = (
    "E11.9",
    "I10",
    "J44.9",
    "M54.50",
    "R07.9",
    "Z79.4",
    "N18.30",
    "E78.5",
    "F32.A",
    "K21.9",
    "I25.10",
    "R05.1",
)


def main() -> int:
    data = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or ROOT.parent / "shared" / "data")
    files = [data / name for name in FILES]
    if not all(file.is_file() for file in files):
        print("skipped: the official files are not on this machine (AHEAD_OFFICIAL_DATA)")
        return 1 if os.environ.get("AHEAD_REQUIRE_DATA") == "1" else 0
    with workspace() as place, signer() as tokens:
        folder = Path(place)
        env = prepared(folder) | {"AHEAD_URL_ACCOUNTS": tokens.url}
        settings = load(Settings)
        CatalogLoader(settings.database, settings.releases_dir).load(files)
        with lookup_server(folder, env) as ours:
            reader = {"Authorization": f"Bearer {_service(tokens)}", "User-Agent": BROWSER}
            big_pages(ours, settings, reader)
            claims_of_fifty_lines(ours, settings, tokens.token(plan="pro"))
            return 0 if by_id(ours, settings, folder, reader) else 1


def _service(tokens: Signer) -> str:
    return tokens.token("s:assistant", scopes=["lookup:read-all"])


def releases(settings: Settings, system: str) -> Path:
    with sqlite3.connect(str(settings.database).partition("///")[2]) as connection:
        row = connection.execute(
            "SELECT id, sha256 FROM releases WHERE system = ? AND status = 'published' ORDER BY id DESC",
            (system,),
        ).fetchone()
    return release_file(settings.releases_dir, row[0], row[1])


def big_pages(ours: WebServer, settings: Settings, reader: dict[str, str]) -> None:
    """A bare time: reported, gates nothing."""
    with sqlite3.connect(f"file:{releases(settings, 'ptp-practitioner')}?mode=ro", uri=True) as connection:
        counted = connection.execute(
            "SELECT column2, count(*) FROM ptp_edits WHERE deleted_on IS NULL AND modifier <> 9 "
            "GROUP BY column2 HAVING count(*) >= ? ORDER BY 2 DESC LIMIT 40",
            (ROWS,),
        ).fetchall()
    codes = [code for code, _ in counted if code[0].isdigit()][:5]
    asked = [
        get(f"/codes/cpt/{code}?as_of={FIRST_DAY + timedelta(days=day)}", ours.port, PAGE | reader)
        for code in codes
        for day in range(1, DAYS)
    ]
    random.Random(7).shuffle(asked)
    warm = [get(f"/codes/cpt/{code}?as_of={FIRST_DAY}", ours.port, PAGE | reader) for code in codes]
    asyncio.run(run(ours.port, iter(warm), connections=1))
    loads = asyncio.run(run(ours.port, iter(asked), connections=1))
    p50, p95 = loads.percentile(0.5), loads.percentile(0.95)
    met = "met" if p95 <= 60 else "not met"
    print(f"page of {', '.join(codes)} (at least {ROWS:,} edits each), {len(asked)} dates never asked before")
    print(f"p50 {p50:.1f} ms, p95 {p95:.1f} ms (at most 60: {met})")


def claims_of_fifty_lines(ours: WebServer, settings: Settings, token: str) -> None:
    """A bare time: reported, gates nothing."""
    with sqlite3.connect(f"file:{releases(settings, 'ptp-practitioner')}?mode=ro", uri=True) as connection:
        found = connection.execute(
            "SELECT column2 FROM ptp_edits WHERE deleted_on IS NULL GROUP BY column2 HAVING count(*) > 500"
        ).fetchall()
    codes = [code for (code,) in found if code[0].isdigit()]
    dice = random.Random(7)
    asked: list[bytes] = []
    for number in range(CLAIMS):
        day = EDITS_KNOWN if number % 2 else FIRST_DAY
        lines = [
            {
                "code": code,
                "date_of_service": day.isoformat(),
                "units": 1,
                "place_of_service": "22",
                "rendering": "A",
            }
            for code in dice.sample(codes, LINES)
        ]
        claim = {"setting": "practitioner", "state": "TX", "lines": lines}
        body = json.dumps(claim | {"diagnoses": [{"code": code} for code in DIAGNOSES]}).encode()
        head = (
            f"POST /api/lookup/v1/tools/claim-check HTTP/1.1\r\nHost: 127.0.0.1:{ours.port}\r\n"
            f"Authorization: Bearer {token}\r\nUser-Agent: {BROWSER}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        asked.append(head.encode() + body)
    asyncio.run(run(ours.port, iter(asked[:2]), connections=1))
    loads = asyncio.run(run(ours.port, iter(asked[2:]), connections=1))
    p50, p95 = loads.percentile(0.5), loads.percentile(0.95)
    met = "met" if p50 <= 50 else "not met"
    print(f"claim check of {LINES} lines: p50 {p50:.1f} ms (at most 50: {met}), p95 {p95:.1f} ms")


def by_id(ours: WebServer, settings: Settings, folder: Path, reader: dict[str, str]) -> bool:
    env = {"BARE_RELEASE": str(releases(settings, "icd10cm")), "PYTHONPATH": str(Path(__file__).parent)}
    with WebServer(folder / "bare", "bare_code_app:app", env) as bare:
        path = "/api/lookup/v1/codes/icd10cm/E11.9"

        def one(port: int, request: bytes):
            return asyncio.run(run(port, repeat(request, REPEATS).__iter__(), connections=1))

        headers = reader | {"Accept": "application/json"}
        mine, theirs = side_by_side(
            lambda: one(ours.port, get(path, ours.port, headers)),
            lambda: one(bare.port, get("/codes/E119", bare.port)),
            ROUNDS,
        )
        a, b = (median(loads, lambda load: load.percentile(0.5)) for loads in (mine, theirs))
        print(f"code by id {a:.2f} ms, bare SELECT {b:.2f} ms (p50)")
        return report("code by id from the API, p50", a / b, at_most=1.5)


if __name__ == "__main__":
    raise SystemExit(main())
