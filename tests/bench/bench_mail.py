"""From the 250 of our SMTP door to the reply in the maildir, through the whole platform with the built-in answerer.

A bare time: reported as met or not. One mail after the other, and then as many at once as people may send.
"""

import re
import smtplib
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

import httpx
from mailbox_of import Correspondent, text_of
from platform_process import PlatformProcess, ahead

MAILS, AT_ONCE = 60, 4
WITHIN_S = 2.0
CODES = ("M17.12", "E11.9", "I10", "J45.909", "N39.0", "M54.50", "R07.9", "K21.9", "F41.1", "E78.5")
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
PASSWORD = "seven green lanterns at dusk"


def linked(platform: PlatformProcess, address: str) -> None:
    """A registered account on the plan without a limit, its address linked by the link that was mailed."""
    person = Correspondent(address, platform.data / "mail" / "out", platform.smtp_port)
    with platform.client() as client:
        submit(client, "/account/register", {"email": address, "password": PASSWORD})
    person.next()
    pro = ahead("accounts", "set-plan", address, "pro", "--data", str(platform.data))
    assert pro.returncode == 0, pro.stderr
    with platform.client() as client:  # logs in anew: the plan is in the token
        submit(client, "/account/login", {"email": address, "password": PASSWORD})
        submit(client, "/consultant", {"address": address}, to="/consultant/addresses")
        found = re.search(r"(/consultant/addresses/confirm\?\S+)", text_of(person.next()))
        assert found
        submit(client, found[1], {})


def submit(client: httpx.Client, path: str, fields: dict[str, str], to: str = "") -> None:
    hidden = dict(HIDDEN.findall(client.get(path).text))
    answer = client.post(to or path.partition("?")[0], data=hidden | fields)
    assert answer.status_code in (200, 303), answer.text


def one(platform: PlatformProcess, address: str, number: int) -> float:
    """Seconds from 250 to the answer of this very question."""
    person = Correspondent(address, platform.data / "mail" / "out", platform.smtp_port)
    token = f"<{number}.{time.time_ns()}@clinic.example>"
    code = CODES[number % len(CODES)]
    raw = (
        f"From: {address}\r\nTo: ask@localhost\r\nSubject: {number}\r\nMessage-ID: {token}\r\n\r\n"
        f"Is {code} billable on 2026-10-{1 + number % 28:02d}, case {number}?\r\n"
    )
    with smtplib.SMTP("127.0.0.1", platform.smtp_port, timeout=20) as client:
        client.sendmail(address, ["ask@localhost"], raw)
    began = time.monotonic()
    while not any(mail["In-Reply-To"] == token for mail in person.mails()):
        assert time.monotonic() - began < 60, "no answer within a minute"
        time.sleep(0.01)
    return time.monotonic() - began


def told(name: str, took: list[float]) -> float:
    p95 = sorted(took)[int(0.95 * len(took))]
    print(
        f"{name}: median {statistics.median(took):.2f} s, p95 {p95:.2f} s, most {max(took):.2f} s "
        f"({len(took)} mails); p95 <= {WITHIN_S:.0f} s: {'met' if p95 <= WITHIN_S else 'not met'}"
    )
    return p95


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="ahead-bench-") as place:
        settings = {"AHEAD_CONSULTANT_ANSWERS_PER_SENDER_PER_HOUR": "100000"}
        platform = PlatformProcess(Path(place) / "data", settings)
        platform.start()
        try:
            addresses = [f"coder{number}@clinic.example" for number in range(AT_ONCE)]
            for address in addresses:
                linked(platform, address)
            one(platform, addresses[0], 999)  # the first wakes everything up
            told("one after the other", [one(platform, addresses[0], number) for number in range(MAILS)])
            with ThreadPoolExecutor(AT_ONCE) as pool:
                numbers = range(MAILS, 2 * MAILS)
                took = list(
                    pool.map(lambda number: one(platform, addresses[number % AT_ONCE], number), numbers)
                )
            told(f"{AT_ONCE} at once", took)
        finally:
            platform.interrupt()
    return 0


if __name__ == "__main__":
    sys.exit(main())
