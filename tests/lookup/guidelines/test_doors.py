"""The guidelines at their doors: by number and words for accounts; by code under the grant of the code's page."""

import pytest
from icd10cm_books import Doors

HTML = {"Accept": "text/html"}
TOOL = "/api/lookup/v1/tools/guidelines"


async def test_strangers_are_sent_to_log_in(doors: Doors) -> None:
    stranger = await doors(registered=False)
    assert (await stranger.post(TOOL, json={"section": "I.A.1"})).status_code == 401
    page = await stranger.get("/tools/guidelines", headers=HTML, follow_redirects=False)
    assert page.status_code in (302, 303, 307, 401)


async def test_sections_and_words_take_no_view_and_codes_take_that_of_their_page(doors: Doors) -> None:
    client = await doors(AHEAD_LOOKUP_VIEWS_FREE="1")
    section = await client.post(TOOL, json={"section": "I.C.1.a", "as_of": "2026-01-15"})
    assert section.json()["section"]["heading"] == "First disease"
    words = await client.post(TOOL, json={"words": "fever", "as_of": "2026-01-15"})
    assert [hit["section"]["number"] for hit in words.json()["hits"]] == ["I.C.1.a.1"]
    contents = await client.post(TOOL, json={})
    assert contents.json()["contents"][0]["number"] == "I"
    code = await client.post(TOOL, json={"code": "A00.0", "as_of": "2026-01-15"})
    assert code.status_code == 200, code.text
    assert [one["section"]["number"] for one in code.json()["governing"]][:2] == ["I.C.1.a", "I.C.1.a.1"]
    # The view that was taken is that of the code's page; another code has none left.
    assert (await client.get("/codes/icd10cm/A00.0?as_of=2026-01-15", headers=HTML)).status_code == 200
    other = await client.post(TOOL, json={"code": "S00.0", "as_of": "2026-01-15"})
    assert other.status_code == 403
    assert "governing" not in other.json()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"section": "IX.Z"}, 404),
        ({"words": "???"}, 400),
        ({"section": "I", "words": "fever"}, 400),
        ({"code": "not a code at all"}, 400),
        ({"code": "A00.9"}, 404),
        ({"code": "A00.0", "as_of": "2020-01-01"}, 404),
        ({"section": "I", "as_of": "soon"}, 400),
        ({"number": "I"}, 400),
    ],
)
async def test_what_cannot_be_answered_is_said(doors: Doors, body: dict[str, str], status: int) -> None:
    client = await doors()
    assert (await client.post(TOOL, json=body)).status_code == status


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/tools/guidelines", "Section"),
        ("/tools/guidelines?q=I.C.1.a", "Assign a code from category A00"),
        ("/tools/guidelines?section=I.C.1.a&as_of=2026-01-15", "page 3"),
        ("/tools/guidelines?q=fever", "1 section"),
        ("/tools/guidelines?q=purple", "No section has all of these words."),
        ("/tools/guidelines?section=I.Q", "have no section I.Q"),
        ("/tools/guidelines?q=fever&as_of=2020-01-01", "No edition held for this date"),
    ],
)
async def test_pages_answer_on_their_own_address(doors: Doors, address: str, shown: str) -> None:
    client = await doors()
    page = await client.get(address, headers=HTML)
    assert page.status_code == 200
    assert shown.replace("Section", "Made-up conventions") in page.text


async def test_the_code_page_shows_the_section_with_its_page_of_the_pdf(doors: Doors) -> None:
    client = await doors()
    page = await client.get("/codes/icd10cm/A00.0?as_of=2026-01-15", headers=HTML)
    assert "What the official guidelines say of it" in page.text
    assert "Code A00.0 is sequenced before S00.0-." in page.text
    assert "<code>icd10cm-guidelines-2026.pdf</code>, page 3" in page.text
    assert "/tools/guidelines?section=I.C.1.b&amp;as_of=2026-01-15" in page.text
    guest = await (await doors(registered=False)).get("/codes/icd10cm/A00.0?as_of=2026-01-15", headers=HTML)
    assert "sequenced before" not in guest.text
