"""Whatever is killed and however the mail server fails: each inquiry is answered once, or a coder has it."""

import asyncio
import hashlib
import hmac
import os
import random
import smtplib
import sqlite3
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import totals
from consultant_world import question
from faulty_smtp import FaultySmtp
from mail_processes import RELAY, WEBHOOK_KEY, MailProcesses, Peers

from ahead.consultant.db import SCRIPTS
from ahead.consultant.keybox import KeyBox
from ahead.consultant.models import LinkedAddress
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.testing.waiting import wait_until

INQUIRIES, INQUIRIES_LONG = 50, 500
TARGETS = ("inbound", "relay", "worker", "worker", "consumer", "scheduler", "web", "redis", "nats")
KILLS = len(TARGETS)  # in fifty inquiries, each of them in an order of chance
BY_WEBHOOK = 3  # each third inquiry is brought by a provider
DRAINED_WITHIN_S = 180.0
TOTAL = "mail faults"
QUICK = {
    "AHEAD_CONSULTANT_HAND_OVER_S": "3",
    "AHEAD_CONSULTANT_SEND_RETRY_S": "0.3",
    "AHEAD_CONSULTANT_RESEND_JOBS_AFTER_S": "4",
}
KEYS = KeyBox("made up for tests, long enough to be one")

pytestmark = pytest.mark.fault


def address(number: int) -> str:
    return f"coder{number}@clinic.example"


async def link_everybody(path: Path, count: int) -> None:
    database = Database(f"sqlite+aiosqlite:///{path}")
    async with database.write() as session:
        for number in range(count):
            key, at = KEYS.blind(address(number)), datetime.now(UTC)
            session.add(LinkedAddress(address=key, account=f"a:{number}", plan="pro", at=at))
    await database.close()


class Senders:
    """Mail servers and a provider that bring each inquiry until they hear that it is kept, as real ones do."""

    def __init__(self, port: int, webhook: str, stop: threading.Event) -> None:
        self.accepted = 0
        self.tries = 0
        self._port, self._webhook, self._stop = port, webhook, stop
        self._lock = threading.Lock()

    def bring(self, number: int) -> None:
        raw = question(
            f"Is 20610-LT payable with 99213-25, case {number}?", sender=address(number), number=number
        )
        by_webhook = number % BY_WEBHOOK == 0
        while not self._stop.is_set():
            self.tries += 1
            try:
                self._post(number, raw) if by_webhook else self._send(number, raw)
            except (OSError, smtplib.SMTPException, httpx.HTTPError):
                self._stop.wait(0.2)  # its queue waits, too
                continue
            with self._lock:
                self.accepted += 1
            return

    def _send(self, number: int, raw: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", self._port, timeout=10) as client:
            client.sendmail(address(number), ["ask@ahead.example"], raw)

    def _post(self, number: int, raw: bytes) -> None:
        at, token = str(int(time.time())), f"token of inquiry number {number}"
        signature = hmac.new(WEBHOOK_KEY.encode(), (at + token).encode(), hashlib.sha256).hexdigest()
        form = {
            "timestamp": at,
            "token": token,
            "signature": signature,
            "sender": address(number),
            "recipient": "ask@ahead.example",
            "body-mime": f"Authentication-Results: {RELAY}; dmarc=pass\r\n{raw.decode()}",
        }
        httpx.post(self._webhook, data=form, timeout=10).raise_for_status()


def rows(path: Path, statement: str) -> list[Any]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20) as connection:
        return connection.execute(statement).fetchall()


def open_jobs(path: Path) -> int:
    return rows(path, "SELECT count(*) FROM jobs WHERE status = 'queued'")[0][0]


def unsent_events(path: Path) -> int:
    return rows(path, "SELECT count(*) FROM outbox WHERE published_at IS NULL")[0][0]


def test_every_inquiry_is_answered_once_or_escalated(tmp_path: Path, long_run: bool) -> None:
    """Rounds of fifty inquiries, each with a seed of its own; a long run is ten of them."""
    seed = int(os.environ.get("AHEAD_FAULT_SEED", "20261130"))
    done = totals.kept(TOTAL) % INQUIRIES_LONG if long_run else 0
    while done < (INQUIRIES_LONG if long_run else INQUIRIES):
        folder = tmp_path / f"round-{done}"
        folder.mkdir()
        one_round(folder, seed + done // INQUIRIES)
        done += INQUIRIES
        if long_run:
            totals.keep(TOTAL, done)


def one_round(folder: Path, seed: int) -> None:
    database, chance, stop = folder / "consultant.db", random.Random(seed), threading.Event()
    migrations.upgrade(f"sqlite+aiosqlite:///{database}", SCRIPTS)
    asyncio.run(link_everybody(database, INQUIRIES))
    killed: Counter[str] = Counter()
    with (
        FaultySmtp(seed) as server,
        Peers(seed) as peers,
        MailProcesses(folder, database, server.port, peers.url, **QUICK) as running,
        ThreadPoolExecutor(6) as pool,
    ):
        senders = Senders(running.port, running.webhook, stop)
        try:
            brought = [pool.submit(senders.bring, number) for number in range(INQUIRIES)]
            for number, name in enumerate(chance.sample(TARGETS, KILLS)):
                # Spread over the work: some come while mail is taken in, some while answers go out.
                progress = (number + 1) * (2 * INQUIRIES - 10) // (KILLS + 1)
                wait_until(
                    lambda progress=progress: senders.accepted + len(server.taken) >= progress,
                    within_s=DRAINED_WITHIN_S,
                    what=f"{progress} mails taken in or handed over",
                )
                running.kill(name)
                killed[name] += 1
            for one in brought:
                one.result(DRAINED_WITHIN_S)
            wait_until(lambda: open_jobs(database) == 0, within_s=DRAINED_WITHIN_S, what="all jobs done")
            wait_until(lambda: unsent_events(database) == 0, within_s=60, what="all events sent")
        except BaseException:
            print("\n".join(one.said() for one in running.processes.values()))
            raise
        finally:
            stop.set()
    check(database, server, senders, killed, seed)


def check(database: Path, server: FaultySmtp, senders: Senders, killed: Counter[str], seed: int) -> None:
    ids: dict[str, set[str]] = defaultdict(set)
    for to, message_id in server.taken:
        ids[to].add(message_id)
    states = {
        sender: (state, why)
        for sender, state, why in rows(database, "SELECT sender, state, why FROM inquiries")
    }
    raw = rows(database, "SELECT count(*), sum(fate = 'taken') FROM raw_mails")[0]
    beyond = len(server.taken) - sum(map(len, ids.values()))
    outcome: Counter[str] = Counter()
    for number in range(INQUIRIES):
        state, why = states[KEYS.blind(address(number))]
        had = len(ids[address(number)])
        assert had <= 1, f"{address(number)} got {had} mails under different Message-IDs"
        if had == 0:
            assert state == "with_expert", f"{address(number)} got no mail, and is {state}: {why}"
        outcome["answered" if state == "answered" else "with a coder"] += 1
    print(
        f"seed {seed}: {killed.total()} kills {dict(killed)}; {senders.tries} tries to bring {senders.accepted}; "
        f"connections {dict(server.faults)}; {dict(outcome)}; hand-overs beyond one {beyond}"
    )
    assert len(states) == INQUIRIES, "none lost, none twice"
    assert raw == (INQUIRIES, INQUIRIES), "each mail kept once"
    assert killed.total() == KILLS
    assert rows(database, "SELECT count(*) FROM jobs WHERE status = 'failed'")[0][0] == 0
