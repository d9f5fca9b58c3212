"""What accounts keep, at its doors: pages with and without scripts, JSON, and the box on a code's page."""

import asyncio
import csv
import io
import re
from typing import Any

import httpx
import pytest
from accounts_beside import CODES, ORIGIN, Beside, Person
from sqlalchemy import select

from ahead.lookup.models import OUTBOX
from ahead.lookup.personal.exporting import safe
from ahead.lookup.search.building import build_index
from ahead.lookup.settings import Settings
from ahead.shared.settings import load

API = "/api/lookup/v1/personal"
SECRET = "the blue folder of the practice"
SAME = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


async def token(person: Person) -> str:
    found = re.search(r'name="_csrf_token" value="([^"]+)"', (await person.get("/account/forgot")).text)
    assert found
    return found[1]


async def program(both: Beside, person: Person) -> Person:
    """A program of the same account, with a key of it."""
    page = await person.post("/account/keys", name="notebook")
    key = re.search(r"ahk_[A-Za-z0-9_-]+", page.text)
    assert key
    return both.person(authorization=f"Bearer {key[0]}", accept="application/json")


async def keep(person: Person, code: str, htmx: bool = False, **fields: str) -> httpx.Response:
    """One of the forms of the box."""
    return await person.client.post(
        f"/tools/personal/codes/icd10cm/{code}",
        data={"_csrf_token": await token(person), **fields},
        headers={**SAME, **({"hx-request": "true"} if htmx else {})},
    )


def table_of(answer: httpx.Response) -> list[list[str]]:
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.reader(io.StringIO(answer.text)))[1:]


async def test_the_box_of_a_code_keeps_a_star_a_note_keywords_and_lists_without_scripts(both: Beside) -> None:
    person = await both.member()
    page = await person.get("/codes/icd10cm/A00.1")
    assert 'id="personal"' in page.text
    for fields in (
        {"do": "star"},
        {"do": "note", "note": f"{SECRET} <script>"},
        {"do": "add-keyword", "keyword": "Rice water"},
        {"do": "add-to-list", "name": "Infections"},
    ):
        answer = await keep(person, "a001", **fields)
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == "/codes/icd10cm/A00.1#personal"
    page = await person.get("/codes/icd10cm/A00.1")
    assert f"{SECRET} &lt;script&gt;" in page.text
    assert 'aria-pressed="true"' in page.text
    assert "rice water" in page.text
    assert ">Infections</a>" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    home = (await person.get("/tools/personal")).text
    for said in (SECRET, "rice water", "Infections", "Disease 0, kind 1"):
        assert said in home
    for fields in (
        {"do": "unstar"},
        {"do": "note", "note": ""},
        {"do": "remove-keyword", "keyword": "rice water"},
    ):
        assert (await keep(person, "A00.1", **fields)).status_code == 303
    page = await person.get("/codes/icd10cm/A00.1?as_of=2026-03-01")
    assert 'action="/tools/personal/codes/icd10cm/A00.1?as_of=2026-03-01"' in page.text, "it comes back here"
    assert 'aria-pressed="false"' in page.text
    assert SECRET not in page.text
    assert (await person.line("/")).startswith("4 code page views remaining."), "only the page took one"


async def test_with_scripts_the_box_alone_is_answered_also_when_something_is_wrong(both: Beside) -> None:
    person = await both.member()
    answer = await keep(person, "A00.1", htmx=True, do="add-keyword", keyword="mine")
    assert answer.status_code == 200
    assert answer.text.strip().startswith('<section class="panel own" id="personal"')
    assert "<html" not in answer.text
    refused = await keep(person, "A00.1", htmx=True, do="note", note="y" * 2_001)
    assert refused.status_code == 200
    assert "2,001 characters long; the most is 2,000" in refused.text
    assert "y" * 2_001 in refused.text, "what was typed isn't lost"
    plain = await keep(person, "A00.1", do="note", note="y" * 2_001)
    assert plain.status_code == 400
    assert "<html" in plain.text
    assert "y" * 2_001 in plain.text
    for fields in ({"do": "add-to-list"}, {"do": "add-to-list", "list": "of-somebody"}, {"do": "what"}, {}):
        assert (await keep(person, "A00.1", **fields)).status_code == 400


async def test_what_is_kept_with_a_code_is_on_nobody_elses_page(both: Beside) -> None:
    """The rest of the page is rendered once for everybody with the same access."""
    first, second = await both.member(), await both.member()
    await keep(first, "A00.1", do="note", note=SECRET)
    await keep(first, "A00.1", do="add-to-list", name="Only mine")
    guest = both.person()
    bot = {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
    for _ in range(2):
        assert SECRET in (await first.get("/codes/icd10cm/A00.1")).text
        theirs = (await second.get("/codes/icd10cm/A00.1")).text
        assert 'id="personal"' in theirs
        guests = (await guest.get("/codes/icd10cm/A00.1")).text
        bots = (await both.person(**bot).get("/codes/icd10cm/A00.1")).text
        for text in (theirs, guests, bots):
            assert SECRET not in text
            assert "Only mine" not in text
        assert 'id="personal"' not in guests
        assert 'id="personal"' not in bots
    assert (await both.person().get("/api/lookup/v1/codes/icd10cm/A00.1")).text.count(SECRET) == 0


async def test_guests_are_asked_to_register_and_can_keep_nothing(both: Beside) -> None:
    guest = both.person()
    page = await guest.get("/tools/personal")
    assert page.status_code == 200
    assert "Register to view content" in page.text
    assert (await keep(guest, "A00.1", do="star")).headers["location"].startswith("/account/login")
    for path in (
        "/tools/personal/export.csv",
        "/tools/personal/lists/x",
        "/tools/personal/codes/icd10cm/I10",
    ):
        assert (await guest.get(path)).headers["location"].startswith("/account/login")
    for path in ("", "/lists", "/export.csv", "/codes/icd10cm/I10"):
        problem = await guest.get(API + path, headers={"accept": "application/json"})
        assert problem.status_code == 401
        assert problem.headers["content-type"].startswith("application/problem+json")
        assert problem.json()["type"].endswith("login-needed")


async def test_forms_of_other_sites_and_without_their_token_are_refused(both: Beside) -> None:
    person = await both.member()
    address, known = "/tools/personal/codes/icd10cm/A00.1", await token(person)
    for headers, fields in (
        ({"origin": "https://elsewhere.example"}, {"_csrf_token": known, "do": "star"}),
        ({"sec-fetch-site": "cross-site"}, {"_csrf_token": known, "do": "star"}),
        (SAME, {"do": "star"}),
    ):
        assert (await person.client.post(address, data=fields, headers=headers)).status_code == 403
    for method in ("put", "delete"):
        answer = await person.client.request(method, f"{API}/codes/icd10cm/A00.1/favourite", headers=SAME)
        assert answer.status_code == 403, "a session's cookie alone changes nothing"
    own = (await person.get(f"{API}/codes/icd10cm/A00.1")).json()
    assert own == {
        "system": "icd10cm", "code": "A00.1", "favourite": False, "note": "", "keywords": [], "lists": [],
    }  # fmt: skip
    with_token = await person.client.put(
        f"{API}/codes/icd10cm/A00.1/favourite", headers={**SAME, "x-csrf-token": known}
    )
    assert with_token.json()["favourite"] is True


async def test_json_does_all_that_the_pages_do(both: Beside) -> None:
    person = await both.member()
    api = (await program(both, person)).client

    async def ask(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = await api.request(method, API + path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.text else None

    assert (await ask("PUT", "/codes/icd10cm/a001/favourite"))["favourite"] is True
    assert (await ask("PUT", "/codes/icd10cm/A00.1/note", {"note": SECRET}))["note"] == SECRET
    words = await ask("PUT", "/codes/icd10cm/A00.1/keywords", {"keywords": ["B", "a"]})
    assert words["keywords"] == ["a", "b"]
    codes = [{"system": "icd10cm", "code": code} for code in ("A00.2", "A00.1", "A09.9")]
    made = await ask("POST", "/lists", {"name": "One", "codes": codes[:2]}, 201)
    assert [one["code"] for one in made["codes"]] == ["A00.2", "A00.1"]
    assert made["codes"][0]["title"] == "Disease 0, kind 2"
    mine = f"/lists/{made['id']}"
    assert [one["code"] for one in (await ask("POST", f"{mine}/codes", {"codes": codes}))["codes"]] == [
        "A00.2",
        "A00.1",
        "A09.9",
    ]
    back = await ask("PUT", f"{mine}/codes", {"codes": codes[::-1]})
    assert [one["code"] for one in back["codes"]] == ["A09.9", "A00.1", "A00.2"]
    await ask("DELETE", f"{mine}/codes/icd10cm/A00.1", status=204)
    await ask("POST", "/lists", {"name": "Two"}, 201)
    assert (await ask("PATCH", mine, {"name": "Uno", "place": 2}))["name"] == "Uno"
    assert [(one["name"], one["codes"]) for one in await ask("GET", "/lists")] == [("Two", 0), ("Uno", 2)]
    await person.view("A05.5")
    kept = await ask("GET", "")
    assert [one["code"] for one in kept["favourites"]] == ["A00.1"]
    assert [one["note"] for one in kept["notes"]] == [SECRET]
    assert [(one["code"], one["title"]) for one in kept["recent"]] == [("A05.5", "Disease 5, kind 5")]
    await ask("DELETE", "/codes/icd10cm/A00.1/favourite", status=204)
    await ask("DELETE", mine, status=204)
    problem = await ask("GET", mine, status=404)
    assert problem["type"].endswith("no-such-list")
    for path, body, status in (
        ("/codes/icd10cm/A00.1/note", {"note": "x" * 2_001}, 400),
        ("/codes/icd10cm/A00.1/note", {"text": "x"}, 400),
        ("/codes/icd10cm/A00.1/keywords", {"keywords": [""]}, 400),
        ("/codes/nothing/A00.1/note", {"note": "x"}, 400),
    ):
        assert (await ask("PUT", path, body, status))["status"] == status
    assert (await ask("POST", "/lists", {"name": "Two"}, 409))["type"].endswith("name-taken")
    document = (await api.get("/api/lookup/v1/openapi.json")).json()
    assert {path for path in document["paths"] if path.startswith(API)} >= {API, f"{API}/lists/{{list_id}}"}


async def test_the_table_to_download_is_whole_and_no_cell_is_a_formula(both: Beside) -> None:
    person = await both.member()
    await keep(person, "A00.1", do="star")
    await keep(person, "A00.1", do="note", note='=HYPERLINK("http://x"),\n"quoted"')
    await keep(person, "A00.1", do="add-keyword", keyword="@sum")
    for code in ("A00.2", "A00.1"):
        await keep(
            person, code, **({"do": "add-to-list", "name": "+1"} if code == "A00.2" else {"do": "star"})
        )
    lists = (await person.get(f"{API}/lists")).json()
    await keep(person, "A00.1", do="add-to-list", list=lists[0]["id"])
    await person.view("A03.3")
    rows = table_of(await person.get("/tools/personal/export.csv"))
    assert [(*row[:5], row[6]) for row in rows] == [
        ("favourites", "", "", "icd10cm", "A00.1", ""),
        ("notes", "", "", "icd10cm", "A00.1", '\'=HYPERLINK("http://x"),\n"quoted"'),
        ("keywords", "'@sum", "1", "icd10cm", "A00.1", ""),
        ("recent", "", "", "icd10cm", "A03.3", ""),
        ("lists", "'+1", "1", "icd10cm", "A00.2", ""),
        ("lists", "'+1", "2", "icd10cm", "A00.1", ""),
    ]
    assert rows[0][5] == "Disease 0, kind 1"
    assert rows[0][7] == "2026-11-05T12:00:00Z"
    for path in (f"/tools/personal/lists/{lists[0]['id']}/export.csv", f"{API}/export.csv?kind=lists"):
        assert [row[4] for row in table_of(await person.get(path))] == ["A00.2", "A00.1"]
    assert (await person.get(f"{API}/export.csv?kind=everything")).status_code == 400


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "－1"])
def test_a_cell_that_a_spreadsheet_would_run_gets_a_quote(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", " ", "I10", "a=1", "'=1", "1-2"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert safe(cell) == cell


async def test_a_list_has_a_page_that_orders_it_and_hands_it_to_the_code_list_tool(both: Beside) -> None:
    person = await both.member()
    made = await person.post("/tools/personal/lists", name="Clinic")
    assert made.status_code == 303
    address = made.headers["location"]
    assert (await person.post("/tools/personal/lists", name="clinic")).status_code == 400

    async def send(**fields: str) -> httpx.Response:
        answer = await person.post(address, **fields)
        assert answer.status_code == 303, answer.text
        return await person.get(answer.headers["location"])

    page = await send(do="add", system="icd10cm", codes="A00.3 a001\nA00.2, A00.4")
    assert "4 codes, in your order." in page.text
    await send(do="up icd10cm/A00.4")
    await send(do="down icd10cm/A00.3")
    await send(do="remove icd10cm/A00.2")
    page = await send(do="rename", name="Clinic on Monday")
    assert re.findall(r'value="up icd10cm/(A[\d.]+)"', page.text) == ["A00.1", "A00.3", "A00.4"]
    assert "<h1>Clinic on Monday</h1>" in page.text
    wrong = await person.post(address, do="add", system="icd10cm", codes="A00.5 12345")
    assert wrong.status_code == 400
    assert "Not a code of ICD-10-CM: 12345." in wrong.text
    assert "A00.5 12345" in wrong.text, "what was typed isn't lost"
    hidden = dict(re.findall(r'<input type="hidden" name="(text|system)" value="([^"]*)"', page.text))
    checked = await person.post("/tools/code-lists", **hidden)
    assert "3 codes on November 5, 2026: 3 valid, 0 not valid, 0 not checked." in checked.text
    gone = await send(do="delete")
    assert "Clinic on Monday" not in gone.text
    assert (await person.get(address)).status_code == 404


async def test_pages_and_forms_of_a_list_are_its_owners_alone(both: Beside) -> None:
    owner, stranger = await both.member(), await both.member()
    address = (await owner.post("/tools/personal/lists", name=SECRET)).headers["location"]
    for path in (address, f"{address}/export.csv", f"{API}/lists/{address.rpartition('/')[2]}"):
        assert (await stranger.get(path)).status_code == 404
    for fields in ({"do": "add", "system": "icd10cm", "codes": "I10"}, {"do": "rename", "name": "x"}):
        assert (await stranger.post(address, **fields)).status_code == 404
    await stranger.post(address, do="delete")
    assert SECRET in (await owner.get(address)).text
    assert SECRET not in (await stranger.get("/tools/personal")).text


async def test_notes_and_keywords_are_in_no_event_and_in_no_log(
    both: Beside, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    person = await both.member()
    await keep(person, "A00.1", do="note", note=SECRET)
    await keep(person, "A00.1", do="note", note=SECRET * 100)
    await keep(person, "A00.1", do="add-keyword", keyword=SECRET)
    await keep(person, "A00.1", do="add-to-list", name=SECRET)
    for path in ("/codes/icd10cm/A00.1", "/tools/personal", "/tools/personal/export.csv"):
        await person.get(path)
    async with both.database.read() as session:
        outbox = [str(row) for row in (await session.execute(select(OUTBOX))).all()]
    assert len(outbox) == 1, "the view"
    said = capfd.readouterr()
    assert SECRET not in "".join([*outbox, said.out, said.err, caplog.text])
    assert CODES[0] == "A00.0"


async def test_an_own_keyword_leads_to_its_code_first_and_nobody_elses_does(both: Beside) -> None:
    await asyncio.to_thread(build_index, load(Settings))
    person, other = await both.member(), await both.member()
    await keep(person, CODES[7].replace(".", ""), do="add-keyword", keyword="Disease 3")
    await keep(person, CODES[42].replace(".", ""), do="add-keyword", keyword="blue folder")

    async def found(who: Person, q: str, **narrowed: str) -> list[dict[str, Any]]:
        answer = await who.get("/api/lookup/v1/search", params={"q": q, **narrowed})
        assert answer.status_code == 200, answer.text
        return answer.json()["hits"]

    mine = await found(person, "disease  3")
    assert mine[0]["code"] == CODES[7]
    assert mine[0]["matched"][0] == {"field": "keyword", "text": "disease  3", "why": "your keyword"}
    theirs = await found(other, "disease  3")
    assert CODES[7] not in [hit["code"] for hit in theirs[:1]]
    assert all(one["field"] != "keyword" for hit in theirs for one in hit["matched"])
    assert [hit["code"] for hit in await found(person, "blue folder")] == [CODES[42]]
    assert await found(other, "blue folder") == []
    assert await found(person, "blue folder", billable="false") == []
    page = await person.get("/search", params={"q": "blue folder"})
    assert "Your keyword" in page.text
    assert CODES[42] in page.text
    suggested = await person.get("/api/lookup/v1/suggest", params={"q": "blue folder"})
    assert [one["code"] for one in suggested.json()["hits"]] == [CODES[42]]
    assert not (await other.get("/api/lookup/v1/suggest", params={"q": "blue folder"})).json()["hits"]
