"""Mail in: messages kept per second through the real SMTP door, and reading against the bare parser, side by side.

Kept means: encrypted and committed together with its job, on SQLite with a disk write per message, before 250 is
said. Reading is held against what Python's own parser needs for the same messages, with every text part decoded in
both, and by ours every header too; attached files by neither, which ours decodes when somebody opens them. On the
public corpora in AHEAD_MAIL_DATA where they are, else on made-up mail.
"""

import asyncio
import os
import smtplib
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.policy import compat32, default
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "helpers")]

from labelled_mail import labelled_mail

CLIENTS, EACH = 8, 40
LINE = "Is 20610 right with 99213 on the same day?\r\n"
WANTED_PER_S, WANTED_RATIO = 20.0, 0.6
ROUNDS = 5
CORPORA = ("chatwoot", "cpython", "flanker", "flufl_bounce", "mikel_mail")


def corpus() -> tuple[str, list[bytes]]:
    folder = Path(os.environ.get("AHEAD_MAIL_DATA") or ROOT.parent / "shared" / "mail")
    made_up = [mail.raw for mail in labelled_mail()][::7]
    if not folder.exists():
        return "made-up mail", made_up
    raws: list[bytes] = []
    for name in CORPORA:
        with zipfile.ZipFile(folder / f"{name}.zip") as file:
            raws += [file.read(one) for one in file.namelist() if one.endswith((".eml", ".txt"))]
    return "public corpora", raws


def bare(raw: bytes) -> int:
    """What a program with the standard library alone does: parse, walk, decode each text."""
    size = 0
    for part in message_from_bytes(raw, policy=compat32).walk():
        if part.get_content_maintype() == "text":
            body = part.get_payload(decode=True)
            size += len(body.decode("utf-8", "replace")) if isinstance(body, bytes) else 0
    return size


def modern(raw: bytes) -> int:
    """The same with the standard library's present-day policy, which decodes headers."""
    message = message_from_bytes(raw, policy=default)
    size = 0
    try:
        size = sum(len(str(value)) for value in message.values())
        for part in message.walk():
            if part.get_content_maintype() == "text":
                size += len(part.get_content())
    except Exception:
        pass  # it raises on some real messages; it gets the time for free
    return size


def rates(works: tuple[Callable[[bytes], object], ...], raws: list[bytes]) -> list[float]:
    """Messages per second of each, message by message side by side: a busy machine slows all of them alike."""
    took = [0.0] * len(works)
    for raw in raws:
        for number, work in enumerate(works):
            began = time.perf_counter()
            work(raw)
            took[number] += time.perf_counter() - began
    return [len(raws) / one for one in took]


def reading() -> bool:
    from ahead.consultant.reading import read_message

    what, raws = corpus()
    for raw in raws[:20]:  # imports and caches
        read_message(raw), bare(raw), modern(raw)
    rounds = [rates((read_message, bare), raws) for _ in range(ROUNDS)]
    ours_s, plain_s = map(statistics.median, zip(*rounds, strict=True))
    # Apart: it takes ten times as long, and leaves a cold cache behind.
    present_s = statistics.median(rates((modern,), raws)[0] for _ in range(ROUNDS))
    ratio = ours_s / plain_s
    print(
        f"reading, {len(raws)} messages of {what}: {ours_s:,.0f}/s; bare parse {plain_s:,.0f}/s, ratio {ratio:.2f}"
    )
    print(f"  with the parser's present policy, which decodes headers as ours does: {present_s:,.0f}/s,")
    print(f"  ratio {ours_s / present_s:.2f} (reported only)")
    return ratio >= WANTED_RATIO


def keeping() -> None:
    from ahead.consultant.db import upgrade
    from ahead.consultant.intake.service import Intake
    from ahead.consultant.intake.smtp import listen
    from ahead.consultant.parts import Parts
    from ahead.consultant.settings import Settings
    from ahead.shared.settings import load

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "AHEAD_DATA": folder,
            "AHEAD_CONSULTANT_KEY_SECRET": "made up for a benchmark, long enough to be one",
            "AHEAD_CONSULTANT_ADDRESS": "ask@ahead.example",
        }
        settings = load(Settings)
        upgrade(settings)

        def client(port: int, number: int) -> None:
            with smtplib.SMTP("127.0.0.1", port) as smtp:
                for one in range(EACH):
                    raw = f"From: j@c.example\r\nSubject: {number}/{one}\r\n\r\n{LINE * 100}\r\n"
                    smtp.sendmail("j@c.example", ["ask@ahead.example"], raw.encode())

        async def run() -> float:
            parts = Parts.make(settings)
            server = await listen(
                Intake(parts.database, parts.keybox, parts.clock), settings.address, "127.0.0.1", 0, 1 << 20
            )
            port = server.sockets[0].getsockname()[1]
            began = time.perf_counter()
            with ThreadPoolExecutor(CLIENTS) as pool:
                await asyncio.gather(
                    *(
                        asyncio.get_running_loop().run_in_executor(pool, client, port, n)
                        for n in range(CLIENTS)
                    )
                )
            took = time.perf_counter() - began
            server.close()
            await parts.database.close()
            return CLIENTS * EACH / took

        per_s = asyncio.run(run())
    met = "met" if per_s >= WANTED_PER_S else "not met"
    print(f"kept: {per_s:,.0f} messages/s through {CLIENTS} connections (wanted {WANTED_PER_S:.0f}: {met})")


if __name__ == "__main__":
    keeping()
    sys.exit(0 if reading() else 1)
