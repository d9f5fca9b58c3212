"""ConceptMap/$translate over the official equivalence mappings of 2018: it shows a section's content, so it takes the
code's view."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.settings import Settings

Client = AsyncTestClient[Litestar]
Visit = Callable[..., Awaitable[Client]]
ICD9, ICD10 = "http://hl7.org/fhir/sid/icd-9-cm", "http://hl7.org/fhir/sid/icd-10-cm"
DAY = "2018-03-01"


@pytest.fixture
async def client(
    settings: Callable[..., Settings], visit: Visit, accounts: tuple[str, str], mappings: Path
) -> Client:
    made = settings()
    releases = made.releases_dir
    shared = releases.resolve()
    releases.unlink()
    releases.mkdir()
    for file in shared.glob("*.db"):
        (releases / file.name).symlink_to(file)
    CatalogLoader(made.database, releases).load([mappings])
    found = await visit(AHEAD_URL_ACCOUNTS=accounts[0])
    found.headers.update({"Authorization": f"Bearer {accounts[1]}", "Accept": "application/fhir+json"})
    return found


@pytest.fixture(scope="session")
def mappings() -> Path:
    here = Path(__file__).parents[4] / "shared" / "data"
    file = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / "gems" / "dxgem-2018.zip"
    if not file.is_file():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official mappings are not there (AHEAD_OFFICIAL_DATA): {file}")
        pytest.skip("the official mappings are not on this machine (AHEAD_OFFICIAL_DATA)")
    return file


async def translate(client: Client, code: str, system: str = ICD9, **more: str) -> dict[str, Any]:
    asked = {"system": system, "code": code, "date": DAY, **more}
    answer = await client.get("/fhir/ConceptMap/$translate", params=asked)
    return {"status": answer.status_code, **answer.json()}


def concepts(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """(equivalence, code) of every match."""
    found: list[tuple[str, str]] = []
    for one in answer["parameter"]:
        if one["name"] == "match":
            parts = {part["name"]: part for part in one["part"]}
            found.append((parts["equivalence"]["valueCode"], parts["concept"]["valueCoding"]["code"]))
    return found


async def test_an_approximate_match_says_so(client: Client) -> None:
    # 2018_I9gem.txt: 25000 E119 10000.
    answer = await translate(client, "250.00", targetsystem=ICD10)
    assert answer["status"] == 200
    assert concepts(answer) == [("relatedto", "E11.9")]


async def test_an_exact_match_is_equal(client: Client) -> None:
    # 2018_I9gem.txt: 0010 A000 00000.
    assert concepts(await translate(client, "001.0")) == [("equal", "A00.0")]


async def test_the_same_by_post(client: Client) -> None:
    body = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "coding", "valueCoding": {"system": ICD9, "code": "001.0"}},
            {"name": "date", "valueDate": DAY},
        ],
    }
    answer = await client.post("/fhir/ConceptMap/$translate", json=body)
    assert answer.status_code == 200, answer.text
    assert concepts(answer.json()) == [("equal", "A00.0")]


async def test_a_translation_takes_a_view_and_is_refused_when_none_is_left(client: Client) -> None:
    codes = ["001.0", "001.1", "001.9", "002.0", "002.1", "002.2"]
    answers = [await translate(client, code) for code in codes]
    assert [answer["status"] for answer in answers] == [200] * 5 + [403]
    assert answers[5]["issue"][0]["code"] == "business-rule"
    # The same code again costs nothing.
    assert (await translate(client, "001.0"))["status"] == 200


async def test_strangers_and_nonsense_are_refused(client: Client) -> None:
    assert (await translate(client, "001.0", targetsystem=ICD9))["status"] == 400
    assert (await translate(client, "001.0", system="urn:nothing"))["status"] == 404
    del client.headers["Authorization"]
    refused = await translate(client, "001.0")
    assert refused["status"] == 401
    assert refused["resourceType"] == "OperationOutcome"
