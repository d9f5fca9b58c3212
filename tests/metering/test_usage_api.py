"""``GET /api/metering/v1/usage``: who may ask, what can be asked, and that pages fit together."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from ahead.metering.consumer import Ingest

USAGE = "/api/metering/v1/usage"
Clients = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def filled(ingest: Ingest, view: Any, messages: Any) -> None:
    """Views on three days, by two plans, of three codes; two searches; one denial."""
    events = [
        view(1, thing="icd10cm/E11.9"),
        view(2, thing="icd10cm/E11.9"),
        view(3, thing="icd10cm/I10", plan="free", subject="a:1", quantity=2),
        view(4, thing="icd10cm/I10", at=datetime(2026, 11, 22, 9, 59, tzinfo=UTC)),
        view(5, thing="icd10cm/J45.909", at=datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)),
        view(6, subject="g:1", event="search.performed", thing="search", query="gout", results=7),
        view(7, subject="g:1", event="search.performed", thing="search", query="zzz", results=0),
        view(8, subject="g:1", event="code.denied", thing="icd10cm/I10"),
        view(9, subject="a:1", plan="free", service="accounts", event="session.started", thing="session"),
    ]
    await ingest.handle(messages(*events))


async def rows_of(client: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    answer = await client.get(USAGE, params={"from": "2026-11-01", "to": "2026-11-23", **params})
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


async def test_only_the_scope_and_operators_may_ask(client_as: Clients) -> None:
    assert (await client_as().get(USAGE)).status_code == 401
    assert (await client_as("a:1", plan="pro").get(USAGE)).status_code == 403
    assert (await client_as("a:1", plan="free", roles=["moderator"]).get(USAGE)).status_code == 403
    assert (await client_as("s:lookup", scopes=["lookup:read-all"]).get(USAGE)).status_code == 403
    assert (await client_as("a:1", plan="free", scopes=["metering:read"]).get(USAGE)).status_code == 403
    assert (await client_as("s:lookup", scopes=["metering:read"]).get(USAGE)).status_code == 200
    assert (await client_as("a:1", plan="free", roles=["ops"]).get(USAGE)).status_code == 200


async def test_without_groups_there_is_one_total(filled: None, reader: httpx.AsyncClient) -> None:
    assert await rows_of(reader, metric="code.viewed") == [{"count": 6, "principals": 5}]
    assert await rows_of(reader, metric="code.viewed", thing="nothing") == [{"count": 0, "principals": 0}]


async def test_the_answer_says_which_time_it_is_about(filled: None, reader: httpx.AsyncClient) -> None:
    answer = (await reader.get(USAGE)).json()
    assert (answer["from"], answer["to"]) == ("2026-10-25T00:00:00Z", "2026-11-24T00:00:00Z")
    assert answer["next"] is None
    params = {"from": "2026-11-23T12:20:00+02:00", "to": "2026-11-23T14:00:01Z"}
    answer = (await reader.get(USAGE, params=params)).json()
    assert (answer["from"], answer["to"]) == ("2026-11-23T10:00:00Z", "2026-11-23T15:00:00Z")


async def test_a_day_as_the_end_is_included(filled: None, reader: httpx.AsyncClient) -> None:
    same_day = {"from": "2026-11-22", "to": "2026-11-22"}
    assert await rows_of(reader, metric="code.viewed", **same_day) == [{"count": 1, "principals": 1}]


async def test_every_group_key(filled: None, reader: httpx.AsyncClient) -> None:
    viewed = {"metric": "code.viewed"}
    assert await rows_of(reader, group_by="day", **viewed) == [
        {"day": "2026-11-21", "count": 1, "principals": 1},
        {"day": "2026-11-22", "count": 1, "principals": 1},
        {"day": "2026-11-23", "count": 4, "principals": 3},
    ]
    assert await rows_of(reader, group_by="hour", **viewed) == [
        {"hour": "2026-11-21T23:00:00Z", "count": 1, "principals": 1},
        {"hour": "2026-11-22T09:00:00Z", "count": 1, "principals": 1},
        {"hour": "2026-11-23T14:00:00Z", "count": 4, "principals": 3},
    ]
    assert await rows_of(reader, group_by="day,plan", **viewed) == [
        {"day": "2026-11-21", "plan": "guest", "count": 1, "principals": 1},
        {"day": "2026-11-22", "plan": "guest", "count": 1, "principals": 1},
        {"day": "2026-11-23", "plan": "free", "count": 2, "principals": 1},
        {"day": "2026-11-23", "plan": "guest", "count": 2, "principals": 2},
    ]
    # The day of an hour, where the span isn't whole days and the hourly counts answer.
    part = {"from": "2026-11-21T23:00:00Z", "to": "2026-11-22T10:00:00Z"}
    assert [row["day"] for row in await rows_of(reader, group_by="day", **viewed, **part)] == [
        "2026-11-21",
        "2026-11-22",
    ]
    assert await rows_of(reader, group_by="product,metric") == [
        {"product": "lookup", "metric": "code.viewed", "count": 6, "principals": 5},
        {"product": "lookup", "metric": "search.performed", "count": 2, "principals": 1},
        {"product": "accounts", "metric": "session.started", "count": 1, "principals": 1},
        {"product": "lookup", "metric": "code.denied", "count": 1, "principals": 1},
    ]
    assert await rows_of(reader, group_by="period", **viewed) == [
        {"period": "2026-11", "count": 6, "principals": 5}
    ]
    assert (await rows_of(reader, group_by="principal", principal="a:1", **viewed))[0]["count"] == 2
    assert await rows_of(reader, group_by=["thing"], **viewed) == [
        {"thing": "icd10cm/I10", "count": 3, "principals": 2},
        {"thing": "icd10cm/E11.9", "count": 2, "principals": 2},
        {"thing": "icd10cm/J45.909", "count": 1, "principals": 1},
    ]


async def test_filters_take_several_values(filled: None, reader: httpx.AsyncClient) -> None:
    assert await rows_of(reader, metric=["code.viewed", "code.denied"], plan="guest") == [
        {"count": 5, "principals": 4}
    ]
    assert await rows_of(reader, product="accounts", period="2026-11") == [{"count": 1, "principals": 1}]


@pytest.mark.parametrize(
    "groups", ["thing", "day,thing", "principal", "plan,hour,thing", "metric,product,plan"]
)
async def test_pages_are_the_whole_answer_in_order(
    groups: str, filled: None, reader: httpx.AsyncClient
) -> None:
    whole = await rows_of(reader, group_by=groups)
    for limit in (1, 2, 3):
        found: list[dict[str, Any]] = []
        params: dict[str, Any] = {
            "from": "2026-11-01",
            "to": "2026-11-23",
            "group_by": groups,
            "limit": limit,
        }
        while True:
            answer = (await reader.get(USAGE, params=params)).json()
            assert len(answer["rows"]) <= limit
            found += answer["rows"]
            if answer["next"] is None:
                break
            params["next"] = answer["next"]
        assert found == whole


async def test_next_belongs_to_its_question(filled: None, reader: httpx.AsyncClient) -> None:
    following = (await reader.get(USAGE, params={"group_by": "thing", "limit": 1})).json()["next"]
    assert following
    for params in (
        {"group_by": "plan", "next": following},
        {"group_by": "thing", "plan": "free", "next": following},
        {"next": following},
        {"group_by": "thing", "next": "x"},
        {"group_by": "thing", "next": "é"},
        {"group_by": "thing", "next": "W10"},
        {"group_by": "thing", "next": "A" * 3_000},
    ):
        answer = await reader.get(USAGE, params=params)
        assert answer.status_code == 400, params
        assert answer.json()["type"] == "/problems/bad-next"


@pytest.mark.parametrize(
    "query",
    [
        "from=yesterday",
        "from=2026-13-01",
        "from=2026-11-23T14:00:00",
        "from=2026-11-24&to=2026-11-23",
        "from=0001-01-01",
        "to=9999-12-31",
        "to=9999-12-31T23:30:00-23:59",
        "from=2001-01-01&to=2026-01-01",
        "group_by=colour",
        "group_by=day&group_by=day",
        "group_by=day,,thing,day",
        "limit=0",
        "limit=-1",
        "limit=1001",
        "limit=ten",
        "limit=1.5",
        "limit=%D9%A1",
        "limit=99999999999999999999",
        "product=%00",
        "thing=a%0Ab",
        "thing=" + "x" * 201,
        "&".join(f"thing=t{number}" for number in range(51)),
        "colour=red",
        "grup_by=day",
    ],
)
async def test_bad_questions_get_a_clear_400(query: str, reader: httpx.AsyncClient) -> None:
    answer = await reader.get(f"{USAGE}?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


async def test_quotes_and_wildcards_are_plain_text(filled: None, reader: httpx.AsyncClient) -> None:
    for thing in ("' OR 1=1 --", "%", "icd10cm/%", "_"):
        assert await rows_of(reader, thing=thing) == [{"count": 0, "principals": 0}]
