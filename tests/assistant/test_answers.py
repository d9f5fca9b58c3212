"""Questions where Case2Code is away, and what is refused before it is asked."""

import re
from collections.abc import Callable

import httpx

from ahead.assistant.db import MIGRATIONS
from ahead.shared.db import migrations

Clients = Callable[..., httpx.AsyncClient]
ANSWERS = "/api/assistant/v1/answers"


async def test_where_case2code_is_away_the_answer_says_so_and_costs_nothing(client_as: Clients) -> None:
    client = client_as("a:1", plan="free")
    for _ in range(12):  # more than a free account has
        response = await client.post(ANSWERS, json={"question": "Is E11.9 billable?", "as_of": "2026-01-05"})
        assert response.status_code == 200, response.text
        answer = response.json()
        assert answer["status"] == "unavailable"
        assert answer["citations"] == answer["codes"] == []
    kept = (await client.get(f"/api/assistant/v1/conversations/{answer['conversation']}")).json()
    assert kept["turns"][0]["answer"] == answer, "so that it can be tried again"


async def test_no_question_and_one_too_long_are_refused(client_as: Clients) -> None:
    client = client_as("a:1", plan="free")
    for question in ("  ", "x" * 4_001):
        assert (await client.post(ANSWERS, json={"question": question})).status_code == 400


async def test_a_conversation_that_is_not_ones_own_is_not_there(client_as: Clients) -> None:
    client = client_as("a:1", plan="free")
    asked = {"question": "Is it valid?", "conversation": "0198c0de-0000-7000-8000-000000000000"}
    assert (await client.post(ANSWERS, json=asked)).status_code == 404


async def test_the_page_works_without_scripts(client_as: Clients) -> None:
    page = await client_as().get("/casepilot")
    assert page.status_code == 200
    assert re.search('<form [^>]*method="post" action="/casepilot"', page.text)


def test_migrations_lead_to_the_models(database_url: str) -> None:
    migrations.upgrade(database_url, MIGRATIONS)
    migrations.check(database_url, MIGRATIONS)
    migrations.downgrade(database_url, MIGRATIONS)
    migrations.upgrade(database_url, MIGRATIONS)
