"""Visitors under faults: each goes on asking until it has a definite answer, and writes down what it was told."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

import httpx

from ahead.shared.auth.guests import GuestKeys

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
GRANTED = "Have a question about"
CODES = [
    f"{category}.{last}"
    for category in ("E10", "E11", "E13", "I25", "J44", "J45", "K21", "M25", "N18", "R10")
    for last in ("0", "1", "2", "3", "8", "9")
] + ["I10", "E11.65", "J44.1", "K21.9", "N18.6", "R10.9", "M25.9", "I25.10", "J45.20", "E10.9"]
PATIENCE_S = 120.0


@dataclass
class Told:
    """What visitors asked for and what they were answered."""

    asked: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    granted: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    refused: Counter[str] = field(default_factory=Counter[str])
    failures: Counter[str] = field(default_factory=Counter[str])


class Visitors:
    """Guests without end, each opening three codes at once, and accounts that open a dozen."""

    def __init__(self, url: str, guest_key: str, seed: int) -> None:
        self.told = Told()
        self._url = url
        self._keys = GuestKeys(guest_key)
        self._random = random.Random(seed)
        self._codes: list[str] = []

    async def find_codes(self, client: httpx.AsyncClient) -> None:
        """Only codes that exist; asked for as somebody who merely looks, which takes nothing."""
        for code in CODES:
            answer = await client.head(f"/codes/icd10cm/{code}")
            if answer.status_code == 200:
                self._codes.append(code)
        assert len(self._codes) > 30

    async def run(
        self, stop: asyncio.Event, *, accounts: dict[str, dict[str, str]], guests_at_once: int = 3
    ) -> None:
        """Until told to stop; every question that was begun is brought to its answer.

        Args:
            accounts: cookies of accounts by their subject.
        """
        limits = httpx.Limits(max_connections=40)
        headers = {"Accept": "text/html", "User-Agent": BROWSER}
        async with httpx.AsyncClient(
            base_url=self._url, timeout=10, limits=limits, headers=headers, trust_env=False
        ) as client:
            await self.find_codes(client)
            async with asyncio.TaskGroup() as group:
                for _ in range(guests_at_once):
                    group.create_task(self._guests(client, stop))
                for subject, cookies in accounts.items():
                    group.create_task(self._account(client, subject, cookies))

    async def _guests(self, client: httpx.AsyncClient, stop: asyncio.Event) -> None:
        while not stop.is_set():
            guest_id, cookie = self._keys.mint()
            codes = self._random.sample(self._codes, 3)
            await self._open(client, f"g:{guest_id}", {"ahead_guest": cookie}, codes)

    async def _account(self, client: httpx.AsyncClient, subject: str, cookies: dict[str, str]) -> None:
        for _ in range(4):
            await self._open(client, subject, cookies, self._random.sample(self._codes, 3))

    async def _open(
        self, client: httpx.AsyncClient, subject: str, cookies: dict[str, str], codes: list[str]
    ) -> None:
        header = "; ".join(f"{name}={value}" for name, value in cookies.items())
        await asyncio.gather(*(self._ask(client, subject, header, code) for code in codes))

    async def _ask(self, client: httpx.AsyncClient, subject: str, cookies: str, code: str) -> None:
        """Until 200 or 403: what fails on the way is asked again, as a browser's reload would."""
        thing = f"icd10cm/{code}"
        self.told.asked.add((subject, thing))
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    answer = await client.get(f"/codes/icd10cm/{code}", headers={"Cookie": cookies})
                except httpx.HTTPError as error:
                    self.told.failures[type(error).__name__] += 1
                    continue
                if answer.status_code == 200:
                    assert GRANTED in answer.text, f"{subject} was shown {code} without its content"
                    self.told.granted.add((subject, thing))
                    return
                if answer.status_code == 403:
                    self.told.refused[subject] += 1
                    return
                assert answer.status_code in (502, 503, 504), f"{answer.status_code}: {answer.text[:300]}"
                self.told.failures[str(answer.status_code)] += 1
