"""A conversation handed to the experts. The other side of the contract answers over HTTP semantics, set by a test."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from ahead.assistant.settings import Settings
from ahead.shared.clock import FixedClock
from ahead.shared.settings import load

from .conftest import NOW, Clients, OwnKeys, Paced, living

API = "/api/assistant/v1"
THREAD = "https://example.org/consultant/inquiries/i1"


class Consultant:
    def __init__(self) -> None:
        self.status = 202
        self.taken: list[dict[str, Any]] = []
        self.hits: list[dict[str, Any]] = []
        self.asked: list[str] = []

    def handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/service-tokens"):
            assert json.loads(request.content)["scopes"] == ["consultant:inquire"]
            return httpx.Response(201, json={"token": "t", "expires_at": 4e9})
        if request.url.path == "/api/consultant/v1/knowledge":
            self.asked.append(request.url.params["q"])
            return httpx.Response(200 if self.status == 202 else self.status, json={"hits": self.hits})
        if self.status != 202:
            return httpx.Response(self.status, json={})
        self.taken.append({**json.loads(request.content), "for": request.headers["Ahead-Principal"]})
        return httpx.Response(202, json={"id": "i1", "url": THREAD, "status": "with_expert"})


@pytest.fixture
def consultant() -> Consultant:
    return Consultant()


@pytest.fixture
async def clients(
    assistant_settings: Settings, consultant: Consultant, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Clients]:
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", "http://accounts")
    monkeypatch.setenv("AHEAD_URL_CONSULTANT", "http://consultant")
    settings = load(Settings)
    peers = httpx.MockTransport(consultant.handle)
    async with living(OwnKeys(), settings, FixedClock(NOW), answerer=Paced(), peers=peers) as make:
        yield make


async def conversation(client: httpx.AsyncClient) -> str:
    asked = {"question": "Is E11.9 billable?", "as_of": "2026-11-20"}
    answer = await client.post(f"{API}/answers", json=asked)
    return answer.json()["conversation"]


async def hand_over(client: httpx.AsyncClient, id_: str, note: str = "") -> httpx.Response:
    return await client.post(f"{API}/conversations/{id_}/expert", json={"note": note})


async def test_the_experts_get_the_conversation_and_its_evidence_once(
    clients: Clients, consultant: Consultant
) -> None:
    client = clients("a:1", plan="free")
    id_ = await conversation(client)
    for _ in range(2):
        taken = await hand_over(client, id_, "For SSN 123-45-6789: is it implied?")
        assert taken.status_code == 202, taken.text
        assert taken.json() == {"url": THREAD}
    (sent,) = consultant.taken
    assert (sent["for"], sent["conversation"], sent["as_of"]) == ("a:1", id_, "2026-11-20")
    assert "is it implied?" in sent["text"]
    assert "123-45-6789" not in json.dumps(sent)
    assert "E11.9 is billable. [1]" in sent["text"]
    assert sent["evidence"]["citations"][0]["sha256"] == "0" * 64
    assert THREAD in (await client.get(f"/casepilot/c/{id_}")).text


async def test_a_free_account_hands_over_two_a_month_and_a_failure_costs_none(
    clients: Clients, consultant: Consultant
) -> None:
    client = clients("a:1", plan="free")
    ids = [await conversation(client) for _ in range(3)]
    consultant.status = 503
    assert (await hand_over(client, ids[0])).status_code == 503
    consultant.status = 202
    assert [(await hand_over(client, id_)).status_code for id_ in ids] == [202, 202, 403]
    assert len(consultant.taken) == 2


async def test_guests_and_others_hand_nothing_over(clients: Clients, consultant: Consultant) -> None:
    id_ = await conversation(clients("a:1", plan="free"))
    assert (await hand_over(clients("a:2", plan="pro"), id_)).status_code == 404
    guest = clients()
    page = (await guest.get("/casepilot")).text
    guest.headers["X-CSRF-Token"] = page.partition('name="_csrf_token" value="')[2].partition('"')[0]
    assert (await hand_over(guest, id_)).status_code == 401
    assert consultant.taken == []


async def test_where_the_experts_are_not_installed_nothing_is_offered(client_as: Clients) -> None:
    client = client_as("a:1", plan="free")
    id_ = await conversation(client)
    assert "Ask an expert" not in (await client.get(f"/casepilot/c/{id_}")).text
    assert (await hand_over(client, id_)).status_code == 503


KNOWN = {
    "id": "k1",
    "question": "Can Z79.4 stand with E11.9?",
    "answer": "Yes, when insulin is used for long. Z79.4 comes second. It pays $12.50 more.",
    "links": [],
    "as_of": "2026-10-02",
    "url": "http://consultant/consultant/knowledge/k1",
    "score": 3.0,
}


async def test_what_a_coder_has_answered_and_another_approved_is_cited(
    clients: Clients, consultant: Consultant
) -> None:
    consultant.hits = [KNOWN]
    asked = {"question": "Z79.4 with E11.9 for John Smith?", "as_of": "2026-11-20"}
    answer = (await clients("a:1", plan="free").post(f"{API}/answers", json=asked)).json()
    said = [one["text"] for one in answer["sentences"]]
    assert said == [
        "E11.9 is billable.",
        "E11.9 is in force.",
        "A coder has answered a like question, for 2026-10-02 as the date of service: "
        "Yes, when insulin is used for long.",
        "Z79.4 comes second.",
        "It pays $12.50 more.",
    ]
    cited = answer["citations"][-1]
    assert answer["sentences"][-1]["citations"] == [cited["n"]]
    assert cited["url"] == "/consultant/knowledge/k1"
    assert cited["source"] == "CaseConsultant’s knowledge base"
    assert KNOWN["answer"] in cited["quote"]
    assert answer["status"] == "answered"
    assert "Smith" not in consultant.asked[0]


async def test_no_answer_waits_for_the_coders_or_fails_with_them(
    clients: Clients, consultant: Consultant
) -> None:
    consultant.hits, consultant.status = [KNOWN], 503
    asked = {"question": "Is E11.9 billable?", "as_of": "2026-11-20"}
    answer = (await clients("a:1", plan="free").post(f"{API}/answers", json=asked)).json()
    assert [one["text"] for one in answer["sentences"]] == ["E11.9 is billable.", "E11.9 is in force."]
    assert answer["status"] == "answered"
