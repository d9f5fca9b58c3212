"""Fifty questions at once against the same running platform, and two clients that ask the same ones in turn.

Every question has to be answered: none lost, none refused for load. The throughput at fifty is compared with that of
the two clients. Runs a platform of its own with the catalogue that comes with it; `AHEAD_BENCH_DATA` names a data
folder with official files loaded instead (use a copy: the platform writes there).
"""

import asyncio
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "helpers")]

from http_load import report
from platform_process import PlatformProcess

ROUNDS = 5
AT_ONCE, IN_TURN = 50, 2
AT_LEAST = 0.7
# Written for this bench: codes named, searched for, compared, and nothing to be found.
QUESTIONS = (
    "Is E11.65 billable?",
    "What is the code for type 2 diabetes with hyperglycemia?",
    "Is J45.909 valid on the date of service?",
    "What does I10 exclude?",
    "Can J44.9 and J45.909 be coded together?",
    "Which 7th characters does S52.501A take?",
    "Is Z38.00 exempt from present on admission?",
    "What is the code for low back pain?",
    "Is E11 billable?",
    "How is the colour of a Tuesday coded?",
)


@dataclass
class Round:
    per_second: float
    times: list[float]
    failed: list[str]


def service_headers(platform: PlatformProcess) -> dict[str, str]:
    """CaseConsultant asks as a service: no question is counted against anybody."""
    issued = httpx.post(
        f"{platform.address_of('accounts')}/api/accounts/v1/service-tokens",
        headers={"Authorization": f"Bearer {platform.secret('AHEAD_CONSULTANT_SERVICE_KEY')}"},
        json={"service": "consultant", "scopes": ["assistant:answer"]},
        trust_env=False,
    )
    issued.raise_for_status()
    return {"Authorization": f"Bearer {issued.json()['token']}"}


async def one_round(address: str, headers: dict[str, str], questions: Sequence[str], clients: int) -> Round:
    """The same questions, each for a person of its own, by so many clients, each in turn."""
    todo = iter(list(enumerate(questions)))
    times, failed = list[float](), list[str]()
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=address, timeout=120, trust_env=False, limits=limits) as client:

        async def asker() -> None:
            for number, question in todo:
                began = time.perf_counter()
                try:
                    answer = await client.post(
                        "/api/assistant/v1/answers",
                        json={"question": question},
                        headers=headers | {"Ahead-Principal": f"a:bench-{number}"},
                    )
                except httpx.HTTPError as error:
                    failed.append(f"{question}: {type(error).__name__}")
                    continue
                status = answer.json().get("status") if answer.status_code == 200 else answer.status_code
                if status not in ("answered", "partly", "not_in_sources"):
                    failed.append(f"{question}: {status}")
                times.append(time.perf_counter() - began)

        began = time.perf_counter()
        await asyncio.gather(*(asker() for _ in range(clients)))
    return Round(len(questions) / (time.perf_counter() - began), sorted(times), failed)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="ahead-bench-") as place:
        platform = PlatformProcess(Path(os.environ.get("AHEAD_BENCH_DATA") or Path(place) / "data"))
        platform.start()
        try:
            return measured(platform)
        finally:
            platform.interrupt()


def measured(platform: PlatformProcess) -> int:
    address, headers = platform.address_of("assistant"), service_headers(platform)
    questions = list(itertools.islice(itertools.cycle(QUESTIONS), AT_ONCE))
    rounds: dict[int, list[Round]] = {AT_ONCE: [], IN_TURN: []}
    asyncio.run(one_round(address, headers, questions, IN_TURN))  # warms up
    for number in range(ROUNDS):
        for clients in sorted(rounds, reverse=bool(number % 2)):
            rounds[clients].append(asyncio.run(one_round(address, headers, questions, clients)))
    failed = [line for some in rounds.values() for one in some for line in one.failed]
    for clients, some in rounds.items():
        rate = statistics.median(one.per_second for one in some)
        slowest = statistics.median(max(one.times, default=0.0) for one in some) * 1000
        print(f"{clients} at once: {rate:.1f} answers/s, the slowest in {slowest:.0f} ms")
    print(f"Lost or refused: {len(failed)} of {2 * ROUNDS * AT_ONCE}", *failed[:5], sep="\n  ")
    ratio = statistics.median(
        many.per_second / two.per_second for many, two in zip(rounds[AT_ONCE], rounds[IN_TURN], strict=True)
    )
    met = report("50 questions at once against two clients in turn", ratio, at_least=AT_LEAST)
    return 0 if met and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
