"""The claim check as a page: for accounts, without a script, by fields, by pasting and by a file."""

from collections.abc import Awaitable, Callable

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from x12sdk.generate import generate_837p

Client = AsyncTestClient[Litestar]
Visit = Callable[..., Awaitable[Client]]
PATH = "/tools/claim-check"


@pytest.fixture
async def client(visit: Visit, accounts: tuple[str, str]) -> Client:
    found = await visit(AHEAD_URL_ACCOUNTS=accounts[0])
    found.headers["Authorization"] = f"Bearer {accounts[1]}"
    return found


async def test_strangers_are_sent_to_log_in(visit: Visit) -> None:
    page = await (await visit()).get(PATH, follow_redirects=False)
    assert page.status_code in (302, 303, 307, 401)


async def test_typed_fields_are_judged_and_kept(client: Client) -> None:
    assert (await client.get(PATH)).status_code == 200
    page = await client.post(
        PATH,
        data={
            "diagnoses": "E10.9\nE11.9",
            "lines": "99213, 25, 1, 2026-02-02, 11, 1 2",
            "setting": "practitioner",
            "state": "tx",
            "contractor": "CGS Administrators, LLC",
        },
    )
    assert page.status_code == 200
    assert "Conflicts" in page.text
    assert 'value="CGS Administrators, LLC"' in page.text
    assert "Guideline I.A.12.a" in page.text
    assert "E10.9\nE11.9" in page.text


async def test_what_is_said_of_several_lines_in_the_same_words_stands_once(client: Client) -> None:
    lines = "99213, 59, 1, 2026-02-02, 11\n99214, 59, 1, 2026-02-02, 11\n99215, XS, 1, 2026-02-02, 11"
    text = (await client.post(PATH, data={"lines": lines, "setting": "practitioner"})).text
    assert text.count("59 is in force on") == 1
    assert "Lines 1, 2." in text
    assert "XS is in force on" in text


async def test_a_pasted_interchange_is_judged_claim_by_claim(client: Client) -> None:
    page = await client.post(PATH, data={"pasted": generate_837p(seed=3, claims=2)})
    assert page.status_code == 200
    assert "Claim 1:" in page.text
    assert "Claim 2:" in page.text


async def test_a_file_is_judged(client: Client) -> None:
    content = b"diagnosis,E11\nline,99213,,1,2026-02-02,11,1\n"
    page = await client.post(PATH, files={"file": ("claim.csv", content, "text/csv")})
    assert page.status_code == 200
    assert "Code further" in page.text


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"PK\x03\x04 no text \xff", b""])
async def test_a_file_that_is_none_is_said(client: Client, content: bytes) -> None:
    page = await client.post(PATH, files={"file": ("claim.bin", content, "application/octet-stream")})
    assert page.status_code == 200
    assert "can&#39;t be read" in page.text or "can't be read" in page.text
