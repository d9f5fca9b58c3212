"""FHIR R4 operations over the real ICD-10-CM: dated, public facts only, errors as OperationOutcome."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

Client = AsyncTestClient[Litestar]
Visit = Callable[..., Awaitable[Client]]
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.fixture
async def client(searching: Visit) -> Client:
    found = await searching(AHEAD_SEARCH_ENGINE="tantivy")
    found.headers["Accept"] = "application/fhir+json"
    return found


def values(resource: dict[str, Any]) -> dict[str, Any]:
    """The plain parameters of an answer by name."""
    assert resource["resourceType"] == "Parameters"
    return {
        one["name"]: next(value for key, value in one.items() if key.startswith("value"))
        for one in resource["parameter"]
        if "part" not in one
    }


async def test_the_server_says_what_it_can(client: Client) -> None:
    answer = await client.get("/fhir/metadata")
    assert answer.headers["content-type"].startswith("application/fhir+json")
    assert answer.json()["fhirVersion"] == "4.0.1"
    names = {op["name"] for resource in answer.json()["rest"][0]["resource"] for op in resource["operation"]}
    assert names >= {"lookup", "validate-code", "subsumes", "expand"}


async def test_lookup_tells_public_facts_and_takes_no_view(client: Client) -> None:
    for code in ("E11.9", "I10", "J45.909"):
        answer = await client.get(
            "/fhir/CodeSystem/$lookup", params={"system": ICD, "code": code, "date": "2026-03-01"}
        )
        assert answer.status_code == 200, answer.text
    said = values(answer.json())
    assert said["name"] == "ICD-10-CM"
    assert said["display"] == "Unspecified asthma, uncomplicated"
    assert "Common" not in answer.text


async def test_lookup_by_post_with_a_coding(client: Client) -> None:
    body = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "coding", "valueCoding": {"system": ICD, "code": "E119"}},
            {"name": "date", "valueDateTime": "2026-03-01T10:00:00Z"},
        ],
    }
    answer = await client.post("/fhir/CodeSystem/$lookup", json=body)
    assert answer.status_code == 200, answer.text
    assert values(answer.json())["display"] == "Type 2 diabetes mellitus without complications"


@pytest.mark.parametrize(
    ("asked", "valid"),
    [
        ({"code": "E11.9"}, True),
        ({"code": "E11"}, False),
        ({"code": "E11.99"}, False),
        ({"code": "E11.9", "display": "Type 2 diabetes mellitus without complications"}, True),
        ({"code": "E11.9", "display": "Gout"}, False),
    ],
)
async def test_codes_are_validated_on_a_date(client: Client, asked: dict[str, str], valid: bool) -> None:
    answer = await client.get(
        "/fhir/CodeSystem/$validate-code", params={"url": ICD, "date": "2026-03-01", **asked}
    )
    assert answer.status_code == 200, answer.text
    said = values(answer.json())
    assert said["result"] is valid
    assert valid or said["message"]


async def test_before_the_first_edition_nothing_is_said_to_be_invalid(client: Client) -> None:
    asked = {"url": ICD, "code": "E11.9", "date": "2020-03-01"}
    answer = await client.get("/fhir/CodeSystem/$validate-code", params=asked)
    assert answer.status_code == 404
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert "No edition held" in answer.json()["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    ("one", "two", "outcome"),
    [
        ("E11", "E11.9", "subsumes"),
        ("E11.9", "E11", "subsumed-by"),
        ("E11.9", "E119", "equivalent"),
        ("E11.9", "I10", "not-subsumed"),
    ],
)
async def test_subsumption(client: Client, one: str, two: str, outcome: str) -> None:
    asked = {"system": ICD, "codeA": one, "codeB": two, "date": "2026-03-01"}
    answer = await client.get("/fhir/CodeSystem/$subsumes", params=asked)
    assert values(answer.json()) == {"outcome": outcome}


async def test_expansion_pages_through_all_codes_without_gap_or_overlap(client: Client) -> None:
    asked = {"url": f"{ICD}?fhir_vs", "date": "2026-03-01", "count": "1000"}
    first = (await client.get("/fhir/ValueSet/$expand", params=asked)).json()["expansion"]
    second = (await client.get("/fhir/ValueSet/$expand", params=asked | {"offset": "1000"})).json()[
        "expansion"
    ]
    assert first["total"] == 98_186
    codes = [one["code"] for one in (*first["contains"], *second["contains"])]
    assert len(codes) == len(set(codes)) == 2_000
    assert codes[0] == "A00"


async def test_expansion_with_a_filter_finds_as_the_search_does(client: Client) -> None:
    asked = {"url": f"{ICD}?fhir_vs", "filter": "gout", "date": "2026-03-01", "count": "5"}
    found = (await client.get("/fhir/ValueSet/$expand", params=asked)).json()["expansion"]
    assert len(found["contains"]) == 5
    assert found["total"] > 5
    assert all("gout" in one["display"].lower() for one in found["contains"])


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("CodeSystem/$lookup", {"system": "urn:nothing", "code": "E11.9"}, 404),
        ("CodeSystem/$lookup", {"system": ICD, "code": "no code"}, 400),
        ("CodeSystem/$lookup", {"system": ICD, "code": "E11.9", "date": "yesterday"}, 400),
        ("CodeSystem/$lookup", {"system": ICD, "code": "A99.9"}, 404),
        ("CodeSystem/$lookup", {}, 400),
        ("ValueSet/$expand", {"url": "urn:nothing"}, 404),
        ("ValueSet/$expand", {"url": f"{ICD}?fhir_vs", "count": "100000"}, 400),
        ("ValueSet/$expand", {"url": f"{ICD}?fhir_vs", "offset": "-1"}, 400),
    ],
)
async def test_what_can_not_be_answered_is_an_operation_outcome(
    client: Client, path: str, asked: dict[str, str], status: int
) -> None:
    answer = await client.get(f"/fhir/{path}", params=asked)
    assert answer.status_code == status, answer.text
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert answer.json()["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    "body", [[], {"resourceType": "Patient"}, {"resourceType": "Parameters", "parameter": [3]}]
)
async def test_a_body_that_is_no_parameters_resource_is_refused(client: Client, body: Any) -> None:
    answer = await client.post("/fhir/CodeSystem/$lookup", json=body)
    assert answer.status_code == 400
    assert answer.json()["resourceType"] == "OperationOutcome"
