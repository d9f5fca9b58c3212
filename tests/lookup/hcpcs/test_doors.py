"""HCPCS and CPT on pages, in search and lists, with made-up editions that share a window with each other."""

from pathlib import Path
from typing import Any

from .conftest import ON, SECRET, Client, Start


async def view(client: Client, system: str, code: str, as_of: str = ON) -> dict[str, Any]:
    answer = await client.get(f"/api/lookup/v1/codes/{system}/{code}?as_of={as_of}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def said(page: dict[str, Any], section: str) -> str:
    """Everything that a section says."""
    (found,) = [one for one in page["sections"] if one["key"] == section]
    assert found["state"] == "held", found
    lines = [f"{fact['label']}: {fact['value']} {fact['detail']}" for fact in found["facts"]]
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
    assert rules.count("Valid and billable on 2026-11-15") == 1
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
        assert answer.status_code == 200, path
        # A page may repeat what was asked for, and nothing of the text.
        assert "Invented description" not in answer.text, path
        assert "zebrafish visit" not in answer.text, path
    found = (await client.get(f"{api}/search?q={SECRET}&{day}")).json()
    assert found["hits"] == []


async def test_medicares_own_group_names_a_code_whose_title_is_its_owners(start: Start) -> None:
    client = await start(account=True)
    page = await view(client, "cpt", "11042")
    assert page["place"]["title"].endswith(" · Quokka grooming")  # the group that began last
    said_of_it = page["common_language"]["paragraphs"][1]
    assert said_of_it == (
        "Medicare's groups of codes (RBCS, 2026) have it in “Quokka grooming”, under Procedure, Made-up repairs, "
        "a major procedure."
    )
    found = (await client.get(f"/api/lookup/v1/search?q=quokka+grooming&as_of={ON}")).json()
    (hit,) = found["hits"]
    assert (hit["code"], hit["matched"][0]["field"]) == ("11042", "Medicare group")
    # Of a code in no family only what it is under.
    visit = await view(client, "cpt", "99213")
    assert "·" not in visit["place"]["title"]
    assert (
        "have it under E & M, Made-up visits, not a procedure." in visit["common_language"]["paragraphs"][1]
    )


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
