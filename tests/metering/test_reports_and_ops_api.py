"""The funnel, searches without a result, corrections, and what operators do about dead letters."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from ahead.metering.consumer import Ingest
from ahead.shared.clock import FixedClock
from ahead.shared.events.envelope import encode

BASE = "/api/metering/v1"


async def test_the_funnel_counts_people(
    ingest: Ingest, view: Any, messages: Any, reader: httpx.AsyncClient
) -> None:
    def registered(number: int, guest: str | None) -> Any:
        return view(
            100 + number,
            service="accounts",
            event="account.registered",
            subject=f"a:{number}",
            plan="free",
            thing="account",
            guest=guest,
        )

    await ingest.handle(
        messages(
            view(1),
            view(11, subject="g:1", event="code.revisited"),
            view(2),
            view(12, subject="g:2", event="code.denied", thing="icd10cm/I10"),
            view(13, subject="g:2", event="code.denied", thing="icd10cm/I11.0"),
            view(14, subject="g:3", event="search.performed", thing="search", query="gout", results=3),
            registered(2, "g:2"),
            registered(9, None),
            view(15, subject="a:2", plan="free"),
            view(16, subject="a:2", plan="free", thing="icd10cm/I10"),
            # An account of long ago is not of this stretch.
            view(17, subject="a:77", plan="free"),
        )
    )
    answer = await reader.get(f"{BASE}/funnel", params={"from": "2026-11-23", "to": "2026-11-23"})
    assert answer.json() == {
        "from": "2026-11-23T00:00:00Z",
        "to": "2026-11-24T00:00:00Z",
        "guests": 3,
        "guests_viewed": 2,
        "guests_denied": 1,
        "registered": 2,
        "registered_from_guests": 1,
        "registered_viewed": 1,
    }
    empty = (await reader.get(f"{BASE}/funnel", params={"from": "2026-10-01", "to": "2026-10-02"})).json()
    assert [empty["guests"], empty["registered"], empty["registered_viewed"]] == [0, 0, 0]


async def test_searches_without_a_result(
    ingest: Ingest, view: Any, messages: Any, reader: httpx.AsyncClient
) -> None:
    def search(number: int, query: str, results: int, plan: str = "guest") -> Any:
        return view(number, event="search.performed", thing="search", query=query, results=results, plan=plan)

    await ingest.handle(
        messages(
            search(1, "suger diabetis", 0),
            search(2, "suger diabetis", 0),
            search(3, "E11.999", 0, plan="free"),
            search(4, "gout", 12),
        )
    )

    async def asked(**params: str) -> list[tuple[str, int, int]]:
        rows = (await reader.get(f"{BASE}/searches", params=params)).json()["rows"]
        return [(row["query"], row["count"], row["principals"]) for row in rows]

    assert await asked(zero="true") == [("suger diabetis", 2, 2), ("E11.999", 1, 1)]
    assert await asked(zero="false") == [("gout", 1, 1)]
    assert await asked(zero="true", plan="free") == [("E11.999", 1, 1)]
    assert len(await asked()) == 3
    assert await asked(limit="1") == [("suger diabetis", 2, 2)]
    assert (await reader.get(f"{BASE}/searches", params={"zero": "maybe"})).status_code == 400
    first = (await reader.get(f"{BASE}/searches", params={"zero": "true"})).json()["rows"][0]
    assert first["last_at"] == "2026-11-23T14:30:00Z"


async def test_corrections_say_what_a_closed_period_has_gained(
    ingest: Ingest, view: Any, messages: Any, reader: httpx.AsyncClient
) -> None:
    late = datetime(2026, 9, 30, tzinfo=UTC)
    await ingest.handle(
        messages(view(1, period="2026-09", at=late, quantity=2), view(2, period="2026-09", at=late), view(3))
    )
    rows = (await reader.get(f"{BASE}/corrections")).json()["rows"]
    assert rows == [
        {
            "period": "2026-09",
            "product": "lookup",
            "metric": "code.viewed",
            "plan": "guest",
            "events": 2,
            "count": 3,
            "last_recorded_at": "2026-11-23T14:30:00Z",
        }
    ]
    assert (await reader.get(f"{BASE}/corrections?period=2026-10")).json()["rows"] == []


async def test_ops_is_for_operators_only(client_as: Callable[..., httpx.AsyncClient]) -> None:
    for client, status in (
        (client_as(), 401),
        (client_as("a:1", plan="pro"), 403),
        (client_as("s:lookup", scopes=["metering:read"]), 403),
    ):
        assert (await client.get(f"{BASE}/ops/health")).status_code == status
        assert (await client.get(f"{BASE}/ops/dead-letters")).status_code == status
        for action in ("retry", "discard"):
            # A stranger without a token is refused as a form of another site before it is asked to log in.
            assert (await client.post(f"{BASE}/ops/dead-letters/1/{action}")).status_code in (status, 403)


async def test_a_dead_letter_is_listed_retried_when_its_cause_is_gone_and_counted_once(
    ingest: Ingest, clock: FixedClock, view: Any, messages: Any, operator: httpx.AsyncClient, total: Any
) -> None:
    early = view(1, at=datetime(2026, 11, 25, 15, tzinfo=UTC))
    await ingest.handle(messages(early, b"{broken"))
    listed = (await operator.get(f"{BASE}/ops/dead-letters")).json()
    assert listed["total"] == 2
    by_sequence = {row["sequence"]: row for row in listed["rows"]}
    assert "future" in by_sequence[1]["reason"]
    assert by_sequence[2]["body"] == "{broken"
    assert by_sequence[2]["size"] == 7
    path = f"{BASE}/ops/dead-letters/{by_sequence[1]['id']}"
    refused = await operator.post(f"{path}/retry")
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/still-unreadable"
    assert (await operator.get(f"{BASE}/ops/dead-letters")).json()["total"] == 2
    clock.advance(datetime(2026, 11, 25, 12, tzinfo=UTC) - clock.now())
    assert (await operator.post(f"{path}/retry")).json()["outcome"] == "counted"
    assert await total() == 1
    assert (await operator.post(f"{path}/retry")).status_code == 404
    await ingest.handle(messages(encode(early)))
    assert await total() == 1


async def test_a_dead_letter_is_discarded(ingest: Ingest, messages: Any, operator: httpx.AsyncClient) -> None:
    await ingest.handle(messages(b"{broken"))
    key = (await operator.get(f"{BASE}/ops/dead-letters")).json()["rows"][0]["id"]
    assert (await operator.post(f"{BASE}/ops/dead-letters/{key}/discard")).json()["outcome"] == "discarded"
    assert (await operator.get(f"{BASE}/ops/dead-letters")).json() == {"total": 0, "rows": []}
    assert (await operator.post(f"{BASE}/ops/dead-letters/{key}/discard")).status_code == 404
