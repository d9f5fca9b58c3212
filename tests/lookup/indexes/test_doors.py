"""The index books at their doors: for accounts, without a view; and on the code's page under its grant."""

import pytest
from icd10cm_books import Doors

HTML = {"Accept": "text/html"}
ASKED = [
    ("index-walk", {"term": "disease, first"}),
    ("neoplasm", {"site": "skin"}),
    ("drugs", {"substance": "madeupine"}),
]


@pytest.mark.parametrize(("name", "body"), ASKED)
async def test_strangers_are_sent_to_log_in(doors: Doors, name: str, body: dict[str, str]) -> None:
    stranger = await doors(registered=False)
    assert (await stranger.post(f"/api/lookup/v1/tools/{name}", json=body)).status_code == 401
    page = await stranger.get(f"/tools/{name}", headers=HTML, follow_redirects=False)
    assert page.status_code in (302, 303, 307, 401)
    assert '<form class="stack"' not in page.text


@pytest.mark.parametrize(("name", "body"), ASKED)
async def test_accounts_are_answered_and_pay_no_view(doors: Doors, name: str, body: dict[str, str]) -> None:
    client = await doors(AHEAD_LOOKUP_VIEWS_FREE="0")
    answer = await client.post(f"/api/lookup/v1/tools/{name}", json={**body, "as_of": "2026-01-15"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["as_of"] == "2026-01-15"
    for wrong in ({**body, "as_of": "tomorrow"}, {**body, "more": 1}, {}):
        refused = await client.post(f"/api/lookup/v1/tools/{name}", json=wrong)
        assert refused.status_code == 400, wrong


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/tools/index-walk?term=disease", "first (only) NEC"),
        ("/tools/index-walk?term=disease,+first,+gone", "is not in FY20"),
        ("/tools/index-walk?term=injury", "2 terms"),
        ("/tools/index-walk?term=purple", "No term has these words"),
        (
            "/tools/index-walk?index=external-cause&term=fall",
            "No edition of ICD-10-CM external cause index is loaded.",
        ),
        ("/tools/index-walk?at=99999", "no such term"),
        ("/tools/index-walk?index=drugs&term=fall", "is no index"),
        ("/tools/drugs?substance=madeupine", "Poisoning, accidental"),
        ("/tools/drugs?at=1", "sulfate"),
        ("/tools/drugs?substance=purple", "No row has these words"),
        ("/tools/neoplasm?site=skin", "No edition of ICD-10-CM table of neoplasms is loaded."),
        ("/tools/neoplasm", "Table of Neoplasms"),
    ],
)
async def test_pages_answer_on_their_own_address(doors: Doors, address: str, shown: str) -> None:
    client = await doors()
    page = await client.get(address, headers=HTML)
    assert page.status_code == 200, page.text[:500]
    assert shown in page.text


async def test_nothing_typed_is_markup(doors: Doors) -> None:
    client = await doors()
    for name, field in (
        ("index-walk", "term"),
        ("drugs", "substance"),
        ("neoplasm", "site"),
        ("guidelines", "q"),
    ):
        page = await client.get(f"/tools/{name}?{field}=<script>alert(1)</script>", headers=HTML)
        assert "<script>alert(1)" not in page.text


async def test_the_code_page_says_which_terms_lead_there(doors: Doors) -> None:
    client = await doors()
    page = await client.get("/codes/icd10cm/A00.0?as_of=2026-01-15", headers=HTML)
    assert page.status_code == 200
    assert "Leads here: Index to Diseases and Injuries" in page.text
    assert "Disease, diseased (made up) › first (only) NEC" in page.text
    assert "/tools/index-walk?index=index&amp;as_of=2026-01-15&amp;at=2" in page.text
    assert "Leads here: Table of Drugs and Chemicals" in page.text
    assert "ICD-10-CM table of neoplasms (XML): the terms that lead here" in page.text
    marked = await client.get("/codes/icd10cm/A00.0?as_of=2026-11-15", headers=HTML)
    assert (
        "The FY2026 edition, published to September 30, 2026; a later edition is not loaded." in marked.text
    )


async def test_guests_do_not_see_it(doors: Doors) -> None:
    client = await doors(registered=False)
    page = await client.get("/codes/icd10cm/A00.0?as_of=2026-01-15", headers=HTML)
    assert "Leads here" not in page.text
