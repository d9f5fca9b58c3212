"""HCPCS and CPT on pages, in search, lists and tools, with made-up editions that share a window with each other."""

import csv
import io
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from ahead.lookup import db
from ahead.lookup.app import create_app
from ahead.lookup.catalog.loading.icd10cm_release import Options, Statement
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.search.building import build_index
from ahead.lookup.settings import Settings
from ahead.shared.settings import load

from .conftest import record

Client = AsyncTestClient[Litestar]
Start = Callable[..., Awaitable[Client]]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
ON = "2026-11-15"
CODES = (
    record("AA", "Made-up anesthesia modifier")
    + record(
        "A4299",
        "Made-up gadget, custom fabricated, each",
        "Made-up gadget",
        pricing="32",
        betos="D1E",
        tos="P",
    )
    + record("J3999", "Injection, madeupin, 10 mg", "Madeupin inj", pricing="51", betos="O1E", tos="1")
    + record("J3998", "Injection, madeupin and otherin, 10 mg and 5 mg", pricing="51")
    + record("J3997", "Made-up drugs, not otherwise classified", pricing="51")
    + record("K0999", "Made-up item that ended", ended="20261031", action="D", xref="A4299")
)
LONG = (
    "Made-up notice: the American Medical Association stands here.\n\n"
    "11042\tInvented description for a test, zebrafish surgery\n"
    "99213\tInvented description for a test, zebrafish visit\n"
)
SECRET = "zebrafish"
PTP = (
    "column_1\tcolumn_2\tdeletion_date\tmodifier_indicator\trationale\n"
    "11042\t97597\t*\t1\tMade-up rationale\n11042\t97598\t*\t0\tMade-up rationale\n"
)


def prepare(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Loads the made-up editions into the data folder of the settings, and makes the search index."""
    files = {
        "HCPC2026_OCT_ANWEB.txt": CODES, "CPT 2026 LONGULT.txt": LONG, "ptp_practitioner_2026q4.tsv": PTP,
        "noc_codes_2026q4.csv": "hcpcs,long_description,add_date,term_date\nJ3997,Made-up,2020-01-01,\n",
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text)
    patch.setenv("AHEAD_DATA", str(folder / "data"))
    settings = load(Settings)
    db.upgrade(settings)
    options = Options(licence=Statement("Made-up Clinic", "a tester"))
    paths = [folder / name for name in files]
    CatalogLoader(settings.database, settings.releases_dir).load(paths, options)
    build_index(settings)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("procedures")
    with pytest.MonkeyPatch.context() as patch:
        prepare(folder, patch)
    return folder / "data"


@pytest.fixture(scope="module")
def prepared_for_everybody(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As an operator has it whose licence lets everybody see the text."""
    folder = tmp_path_factory.mktemp("public-procedures")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AHEAD_LOOKUP_CPT_TITLES", "public")
        prepare(folder, patch)
    return folder / "data"


@pytest.fixture
async def start(
    prepared: Path, monkeypatch: pytest.MonkeyPatch, accounts: tuple[str, str]
) -> AsyncGenerator[Start]:
    """`await start()` serves the made-up editions; with `account=True` to somebody who is logged in."""
    for name, value in {
        "DATA": str(prepared), "GUEST_KEY": "a key for tests, at least 32 characters long", "URL_ACCOUNTS": accounts[0],
        "NATS_URL": "nats://127.0.0.1:1", "LOOKUP_VIEWS_GUEST": "50", "LOOKUP_VIEWS_FREE": "500",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"AHEAD_{name}", value)
    async with AsyncExitStack() as stack:

        async def serve(*, account: bool = False, **values: str) -> Client:
            for name, value in values.items():
                monkeypatch.setenv(name, value)
            client = AsyncTestClient(create_app(load(Settings)), base_url="http://127.0.0.1:8080")
            client.headers["User-Agent"] = BROWSER
            if account:
                client.headers["Authorization"] = f"Bearer {accounts[1]}"
            return await stack.enter_async_context(client)

        yield serve


async def view(client: Client, system: str, code: str, as_of: str = ON) -> dict[str, Any]:
    answer = await client.get(f"/api/lookup/v1/codes/{system}/{code}?as_of={as_of}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def said(page: dict[str, Any], section: str) -> str:
    """Everything that a section's panels say."""
    (found,) = [one for one in page["sections"] if one["key"] == section]
    assert found["state"] == "held", found
    lines: list[str] = []
    for panel in found["panels"]:
        lines += [panel["title"], panel["note"]]
        lines += [f"{fact['label']}: {fact['value']} {fact['detail']}" for fact in panel["facts"]]
        for row in panel["table"]["rows"] if panel["table"] else ():
            lines.append(f"[{panel['title']}] " + " | ".join(cell["text"] for cell in row["cells"]))
    return "\n".join(lines)


async def test_an_account_sees_what_the_file_says_of_a_code(start: Start) -> None:
    page = await view(await start(account=True), "hcpcs", "A4299")
    assert page["official_description"] == "Made-up gadget, custom fabricated, each"
    rules = said(page, "compliance")
    assert "Valid and billable on 2026-11-15" in rules
    assert "Pricing: 32: Inexpensive or routinely purchased equipment" in rules
    assert "Coverage code: C: Covered as the contractor judges." in rules
    assert "Type of service: P: Purchase of equipment" in rules
    assert "Not otherwise classified: No" in rules
    assert "Coverage code: C" in said(page, "medicare-coverage")
    assert "Added: 2020-01-01" in said(page, "history")
    text = " ".join(page["common_language"]["paragraphs"])
    assert "It is made for one patient." in text
    assert "gadget" not in text


async def test_a_code_that_ended_says_so_and_what_instead(start: Start) -> None:
    client = await start(account=True)
    rules = said(await view(client, "hcpcs", "K0999"), "compliance")
    assert "Not valid on 2026-11-15 (October 2026 edition): it ended on 2026-10-31." in rules
    assert "[Codes referred to] A4299" in rules
    before = said(await view(client, "hcpcs", "K0999", "2026-10-31"), "compliance")
    assert "Valid and billable on 2026-10-31" in before


async def test_a_code_for_what_has_none_says_so(start: Start) -> None:
    page = await view(await start(account=True), "hcpcs", "J3997")
    assert "Yes: it is for what has no code of its own" in said(page, "compliance")
    assert "has no code of its own" in " ".join(page["common_language"]["paragraphs"])


async def test_after_the_edition_nothing_is_judged(start: Start) -> None:
    page = await view(await start(account=True), "hcpcs", "A4299", "2027-02-01")
    rules = said(page, "compliance")
    assert "Not checked: no edition is held for 2027-02-01" in rules
    assert "published to 2026-12-31" in page["edition"]["message"]


async def test_modifiers_are_told_with_their_reasons(start: Start) -> None:
    client = await start(account=True)
    drug = said(await view(client, "hcpcs", "J3999"), "modifiers")
    assert "[May be used] JZ | No drug discarded. Medicare has required it since 2023-07-01." in drug
    assert "[Not used with this code] 91" in drug
    procedure = said(await view(client, "cpt", "11042"), "modifiers")
    assert "1 NCCI edit with this code may be bypassed" in procedure
    assert "[Depends on the case] 50 | Done on both sides." in procedure  # no fee schedule is loaded
    assert "[Not used with this code] 25 | Separate visit" in procedure
    visit = said(await view(client, "cpt", "99213"), "modifiers")
    assert "[May be used] 25" in visit
    assert "[Not used with this code] 59" in visit  # no edit of it may be bypassed


async def test_a_guest_sees_no_section(start: Start) -> None:
    page = await view(await start(), "hcpcs", "A4299")
    assert {one["state"] for one in page["sections"]} == {"locked"}
    assert "Inexpensive" not in str(page)


async def test_licensed_text_reaches_no_guest(start: Start) -> None:
    client = await start()
    api, day = "/api/lookup/v1", f"as_of={ON}"
    lookup = "/fhir/CodeSystem/$lookup?system=http://www.ama-assn.org/go/cpt&code=99213"
    for path in (
        f"/codes/cpt/99213?{day}", f"{api}/codes/cpt/99213?{day}", f"/browse/cpt?{day}", "/sitemap.xml?part=cpt-1",
        f"/browse/cpt/99202-99499?{day}", f"/search?q={SECRET}&{day}", f"/search?q=99213&{day}",
        f"{api}/search?q={SECRET}&{day}", f"{api}/search?q=99213&{day}", f"{api}/suggest?q=zebr&{day}",
        f"{lookup}&date={ON}",
    ):  # fmt: skip
        answer = await client.get(path, headers={"Accept": "text/html, application/json"})
        # A page may repeat what was asked for, and nothing of the text.
        assert "Invented description" not in answer.text, path
        assert "zebrafish visit" not in answer.text, path
    found = (await client.get(f"{api}/search?q={SECRET}&{day}")).json()
    assert found["hits"] == []


async def test_licensed_text_is_for_accounts_with_its_owners_line(start: Start) -> None:
    client = await start(account=True)
    page = await view(client, "cpt", "99213")
    assert page["official_description"] == "Invented description for a test, zebrafish visit"
    assert page["owned"]["receipt"]["file_name"] == "CPT 2026 LONGULT.txt"
    assert "American Medical Association" in page["owned"]["copyright"]
    assert SECRET not in page["place"]["title"]
    html = (await client.get(f"/codes/cpt/99213?as_of={ON}", headers={"Accept": "text/html"})).text
    assert "zebrafish visit" in html
    assert "American Medical Association" in html
    head = html[: html.index("</head>")]
    assert SECRET not in head


async def test_a_licence_for_everybody_shows_it_to_everybody(
    start: Start, prepared_for_everybody: Path
) -> None:
    client = await start(AHEAD_LOOKUP_CPT_TITLES="public", AHEAD_DATA=str(prepared_for_everybody))
    page = await view(client, "cpt", "99213")
    assert (
        page["place"]["title"]
        == page["official_description"]
        == "Invented description for a test, zebrafish visit"
    )
    found = (await client.get(f"/api/lookup/v1/search?q={SECRET}&as_of={ON}")).json()
    assert {hit["code"] for hit in found["hits"]} == {"11042", "99213"}


async def test_codes_are_found_by_words_and_by_number(start: Start) -> None:
    client = await start()
    for query, code in (("gadget", "A4299"), ("A4299", "A4299"), ("a42", "A4299"), ("madeupin inj", "J3999"),
                        ("99213", "99213"), ("1104", "11042")):  # fmt: skip
        found = (await client.get(f"/api/lookup/v1/search?q={query}&as_of={ON}")).json()
        assert found["hits"], query
        assert found["hits"][0]["code"] == code, query
    by_code = (await client.get(f"/api/lookup/v1/search?q=A4299&as_of={ON}")).json()
    assert by_code["interpreted"] == "code A4299"
    assert by_code["facets"]["system"] == {"hcpcs": 1}
    suggested = (await client.get(f"/api/lookup/v1/suggest?q=gadg&as_of={ON}")).json()
    assert suggested["hits"][0]["code"] == "A4299"


async def test_groups_are_browsed_and_listed_for_robots(start: Start) -> None:
    client = await start()
    html = {"Accept": "text/html"}
    assert "Drugs that are given" in (await client.get(f"/browse/hcpcs?as_of={ON}", headers=html)).text
    assert "J3999" in (await client.get(f"/browse/hcpcs/J0001-J3999?as_of={ON}", headers=html)).text
    part = (await client.get("/sitemap.xml?part=hcpcs-1")).text
    assert "/codes/hcpcs/A4299<" in part
    assert "/browse/hcpcs/J0001-J3999<" in part
    moved = await client.get("/codes/hcpcs/a4299", headers=html, follow_redirects=False)
    assert moved.headers["location"] == "/codes/hcpcs/A4299"
    unknown = await client.get(f"/codes/hcpcs/A4298?as_of={ON}", headers=html)
    assert unknown.status_code == 404
    assert "A4298" in unknown.text
    near = (await client.get(f"/api/lookup/v1/codes/hcpcs/J3990?as_of={ON}")).json()
    assert [one["code"] for one in near["suggestions"]] == ["J3997", "J3998", "J3999"]


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
