"""Units of drugs, and lists of codes: as JSON, as pages and as a table, with made-up editions."""

import csv
import io
from typing import Any

import pytest

from .conftest import ON, SECRET, Client, Start


async def tool(client: Client, name: str, **asked: Any) -> dict[str, Any]:
    answer = await client.post(
        f"/api/lookup/v1/tools/{name}", json=asked, headers={"Origin": "http://127.0.0.1:8080"}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def lines(answer: dict[str, Any]) -> list[tuple[str, int]]:
    return [(line["modifier"], line["units"]) for line in answer["lines"]]


@pytest.mark.parametrize(
    ("given", "discarded", "container", "expected"),
    [
        ("30", "0", "single_dose", [("JZ", 3)]),
        ("25", "0", "single_dose", [("JZ", 3)]),
        ("30", "20", "single_dose", [("", 3), ("JW", 2)]),
        ("85", "15", "single_dose", [("", 9), ("JW", 1)]),
        ("95", "5", "single_dose", [("", 10)]),
        ("30", "20", "multi_dose", [("", 3)]),
    ],
)
async def test_units_of_a_drug_and_of_what_was_discarded(
    start: Start, given: str, discarded: str, container: str, expected: list[tuple[str, int]]
) -> None:
    client = await start(account=True)
    asked = {
        "code": "j3999",
        "administered": given,
        "discarded": discarded,
        "container": container,
        "as_of": ON,
    }
    answer = await tool(client, "drug-units", **asked)
    assert lines(answer) == expected
    assert answer["unit"] == "10 mg"
    assert answer["results"][0]["receipts"][0]["row"] == 3


async def test_amounts_are_turned_into_the_unit_of_the_code(start: Start) -> None:
    client = await start(account=True)
    answer = await tool(client, "drug-units", code="J3999", administered="0.05", measure="g", as_of=ON)
    assert lines(answer) == [("JZ", 5)]
    for asked in (
        {"measure": "square centimeters"},
        {"administered": "x"},
        {"code": "99213"},
        {"administered": "-1"},
    ):
        whole = {"code": "J3999", "administered": "1", "as_of": ON} | asked
        refused = await client.post(
            "/api/lookup/v1/tools/drug-units", json=whole, headers={"Origin": "http://127.0.0.1:8080"}
        )
        assert refused.status_code == 400, asked


@pytest.mark.parametrize(
    ("code", "as_of", "status", "reason"),
    [
        ("J3998", ON, "not_checked", "names no single amount"),
        ("J3996", ON, "not_checked", "is not in HCPCS Level II October 2026"),
        ("K0999", ON, "fail", "ended on 2026-10-31"),
        ("J3999", "2027-01-01", "not_checked", "published to 2026-12-31"),
    ],
)
async def test_units_that_cant_be_told_are_not_made_up(
    start: Start, code: str, as_of: str, status: str, reason: str
) -> None:
    answer = await tool(await start(account=True), "drug-units", code=code, administered="30", as_of=as_of)
    assert answer["lines"] == []
    assert answer["results"][0]["status"] == status
    assert reason in answer["results"][0]["why"]


LIST = "A4299, k0999; J3999\n99213 11042 A4298 ZZZZZ J\nE11.9"


async def test_a_list_of_codes_is_judged_for_a_date(start: Start) -> None:
    answer = await tool(await start(account=True), "code-lists", text=LIST, as_of=ON)
    assert (answer["total"], answer["passed"]) == (9, 4)
    found = {one["typed"]: one for one in answer["results"]}
    assert {typed: one["status"] for typed, one in found.items()} == {
        "A4299": "pass", "k0999": "fail", "J3999": "pass", "99213": "pass", "11042": "pass", "A4298": "not_checked",
        "ZZZZZ": "fail", "J": "fail", "E11.9": "not_checked",
    }  # fmt: skip
    assert "it ended on 2026-10-31" in found["k0999"]["why"]
    assert found["A4299"]["receipts"][0]["row"] == 2
    assert SECRET not in str(answer)
    one = await tool(await start(account=True), "code-lists", codes=["A4298"], system="hcpcs", as_of=ON)
    assert one["results"][0]["status"] == "fail"


async def test_after_the_edition_a_list_is_not_checked(start: Start) -> None:
    client = await start(account=True)
    answer = await tool(client, "code-lists", codes=["A4299"], system="hcpcs", as_of="2027-02-01")
    assert answer["results"][0]["status"] == "not_checked"
    assert "published to 2026-12-31" in answer["results"][0]["why"]


async def test_a_list_can_be_downloaded(start: Start) -> None:
    client = await start(account=True)
    origin = {"Origin": "http://127.0.0.1:8080"}
    asked = {"codes": ["A4299", "=A1"], "system": "hcpcs", "as_of": ON}
    answer = await client.post("/api/lookup/v1/tools/code-lists/csv", json=asked, headers=origin)
    assert answer.headers["content-type"].startswith("text/csv")
    assert f"codes-{ON}.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["status"] for row in rows] == ["pass", "fail"]
    assert rows[1]["typed"] == "'=A1"
    for body in ({"codes": []}, {"codes": ["A4299"] * 5_001}, {"codes": ["A4299"], "system": "none"}):
        refused = await client.post("/api/lookup/v1/tools/code-lists", json=body, headers=origin)
        assert refused.status_code == 400


async def test_tools_have_pages_for_accounts(start: Start) -> None:
    html = {"Accept": "text/html"}
    client = await start(account=True)
    listed = await client.get("/tools", headers=html)
    assert "/tools/drug-units" in listed.text
    assert "/tools/code-lists" in listed.text
    page = await client.get(
        f"/tools/drug-units?code=J3999&administered=30&discarded=20&as_of={ON}", headers=html
    )
    assert "JW" in page.text
    wrong = await client.get("/tools/drug-units?code=J3999&administered=abc", headers=html)
    assert "is no amount" in wrong.text
    form = await client.get("/tools/code-lists", headers=html)
    assert "<textarea" in form.text
    guest = await start()
    for name in ("drug-units", "code-lists"):
        sent = await guest.get(f"/tools/{name}", headers=html, follow_redirects=False)
        assert sent.status_code in (302, 303, 307, 401)
