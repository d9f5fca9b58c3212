"""The page of a code that is gone, and the page of two dates: who sees what of them, and what they take."""

from icd10cm_books import Doors

HTML = {"Accept": "text/html"}
GONE = "/codes/icd10cm/A00.1?as_of=2026-11-01"
DIFF = "/codes/icd10cm/A00.0/diff?from=2026-09-30&to=2026-10-01"


async def test_a_deleted_code_says_since_when_and_where_it_is_open(doors: Doors) -> None:
    client = await doors(registered=False)
    page = await client.get(GONE, headers=HTML)
    assert page.status_code == 404
    assert "First disease, leaving" in page.text
    assert "since October 1, 2026 it is not valid" in page.text
    assert 'href="/codes/icd10cm/A00.1?as_of=2026-09-30"' in page.text
    json = await client.get("/api/lookup/v1/codes/icd10cm/A00.1?as_of=2026-11-01")
    assert json.status_code == 404
    assert json.json()["other_editions"] == ["FY2026"]


async def test_a_code_that_comes_later_says_from_when(doors: Doors) -> None:
    client = await doors()
    page = await client.get("/codes/icd10cm/A00.20?as_of=2026-01-01", headers=HTML)
    assert page.status_code == 404
    assert "Not yet in force" in page.text
    assert "from October 1, 2026" in page.text


async def test_a_code_that_never_was_stays_unknown(doors: Doors) -> None:
    client = await doors()
    page = await client.get("/codes/icd10cm/A00.9?as_of=2026-11-01", headers=HTML)
    assert page.status_code == 404
    assert "Deleted" not in page.text


async def test_a_page_that_is_gone_takes_no_view(doors: Doors) -> None:
    client = await doors(AHEAD_LOOKUP_VIEWS_FREE="1")
    for _ in range(3):
        await client.get(GONE, headers=HTML)
    assert (await client.get("/codes/icd10cm/A00.0?as_of=2026-11-01", headers=HTML)).status_code == 200


async def test_two_dates_are_compared_under_the_grant_of_the_page(doors: Doors) -> None:
    client = await doors(AHEAD_LOOKUP_VIEWS_FREE="1")
    page = await client.get(DIFF, headers=HTML)
    assert page.status_code == 200
    assert "First disease, plain" in page.text
    assert "First disease, simple" in page.text
    # The same view opens the code's page; another code's comparison has none left.
    assert (await client.get("/codes/icd10cm/A00.0?as_of=2026-11-01", headers=HTML)).status_code == 200
    other = await client.get("/codes/icd10cm/A00/diff?from=2026-09-30&to=2026-10-01", headers=HTML)
    assert other.status_code == 403
    assert "The same on both dates" not in other.text


async def test_a_guest_sees_the_public_part_of_a_comparison(doors: Doors) -> None:
    client = await doors(registered=False)
    page = await client.get(DIFF, headers=HTML)
    assert "The same on both dates" not in page.text
    assert "guideline" not in page.text.lower()
    json = (await client.get(f"/api/lookup/v1{DIFF}")).json()
    assert json["locked"] is True
    assert json["sections"] == []


async def test_json_tells_the_lines_of_each_section(doors: Doors) -> None:
    client = await doors()
    answer = await client.get(f"/api/lookup/v1{DIFF}")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["before"]["title"], body["after"]["title"]) == (
        "First disease, plain",
        "First disease, simple",
    )
    sections = {section["key"]: section for section in body["sections"]}
    assert set(sections) == {
        "guidelines", "modifiers", "crosswalks", "ncci-edits", "compliance", "medicare-coverage", "fees", "history"
    }  # fmt: skip
    # The guidelines and the index of FY2026 are shown after their end: the same, but marked.
    assert sections["guidelines"]["removed"] == []
    assert sections["modifiers"]["same"] > 0


async def test_a_code_that_one_date_lacks_is_compared_with_nothing(doors: Doors) -> None:
    client = await doors()
    answer = await client.get("/api/lookup/v1/codes/icd10cm/A00.1/diff?from=2026-09-30&to=2026-10-01")
    assert answer.status_code == 200
    body = answer.json()
    assert body["after"]["billable"] is None
    assert "is not in ICD-10-CM FY2027" in body["after"]["note"]
    assert all(section["added"] == [] for section in body["sections"])


async def test_dates_that_cannot_be_compared_are_refused(doors: Doors) -> None:
    client = await doors()
    for query in ("", "?from=2026-10-01&to=2026-10-01", "?from=yesterday", "?from=2026-10-02&to=2026-10-01"):
        answer = await client.get(f"/api/lookup/v1/codes/icd10cm/A00.0/diff{query}")
        assert answer.status_code == 400, query
    assert (await client.get("/api/lookup/v1/codes/icd10cm/A00.9/diff?from=2026-09-30")).status_code == 404
    early = await client.get("/api/lookup/v1/codes/icd10cm/A00.0/diff?from=2020-01-01&to=2020-02-01")
    assert early.status_code == 404


async def test_the_page_shows_its_editions_side_by_side(doors: Doors) -> None:
    client = await doors()
    page = await client.get("/codes/icd10cm/A00.0?as_of=2026-11-01", headers=HTML)
    assert "Title revised. Was: “First disease, plain”." in page.text
    assert "/codes/icd10cm/A00.0/diff?from=2026-09-30&amp;to=2026-10-01" in page.text
    assert "In the first edition held" in page.text
