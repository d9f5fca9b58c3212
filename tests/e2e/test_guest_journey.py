"""A visitor of a machine that was empty a minute ago searches, views, meets the limit, registers and goes on."""

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pyotp
import pytest
from platform_process import PlatformProcess, ahead

from ahead.shared.testing.waiting import wait_until

pytestmark = pytest.mark.e2e

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


PASSWORD = "seven green lanterns at dusk"


def submit(client: httpx.Client, path: str, fields: dict[str, str]) -> httpx.Response:
    """Open the form as a browser would, fill it in and send it with everything hidden in it."""
    form = client.get(path)
    hidden = dict(HIDDEN.findall(form.text))
    assert "_csrf_token" in hidden, form.text
    return client.post(path.partition("?")[0], data=hidden | fields)


def test_a_guest_looks_up_a_code_meets_the_limit_registers_and_goes_on(platform: PlatformProcess) -> None:
    with platform.client() as guest:
        assert guest.get("/").status_code == 200
        hits = guest.get(
            "/api/lookup/v1/search", params={"q": "type 2 diabetes without complications"}
        ).json()["hits"]
        assert "E11.9" in [hit["code"] for hit in hits]
        assert "E11.9" in guest.get("/search", params={"q": "E11.9"}).text

        first = guest.get("/codes/icd10cm/E11.9")
        assert first.status_code == 200
        assert "Common Language Description" in first.text
        assert "Register to view content" in first.text
        assert "0 code page views remaining" in first.text
        assert guest.get("/codes/icd10cm/E11.9").status_code == 200, "the same code again is free"

        denied = guest.get("/codes/icd10cm/I10")
        assert denied.status_code == 403
        assert "Common Language Description" not in denied.text
        problem = guest.get("/api/lookup/v1/codes/icd10cm/I10")
        assert problem.status_code == 403
        assert problem.json()["type"].endswith("allowance-exhausted")

        newcomer = {"email": "guest@example.org", "password": PASSWORD}
        assert submit(guest, "/account/register", newcomer).status_code == 303
        granted = guest.get("/codes/icd10cm/I10")
        assert granted.status_code == 200
        assert "Register to view content" not in granted.text
        assert guest.get("/codes/icd10cm/E11.9").status_code == 200, "what the guest held stays open"

    wait_until(lambda: platform.usage("code.viewed") == 2, within_s=30, what="two views counted")
    wait_until(lambda: platform.usage("code.denied") >= 1, within_s=30, what="the denials counted")
    assert platform.usage("account.registered") == 1
    assert platform.usage("code.viewed") == 2, "counted once"
    sent = wait_until(lambda: list((platform.data / "mail" / "out" / "new").iterdir()), within_s=30)
    assert len(sent) == 1


def test_the_first_operator_is_made_on_the_command_line_and_logs_in_with_a_second_factor(
    platform: PlatformProcess,
) -> None:
    words = ("accounts", "create-user", "--email", "ops@example.org", "--role", "ops", "--password-stdin")
    done = ahead(*words, "--data", str(platform.data), said=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    key = re.search(r"secret=([A-Z2-7]+)", done.stdout)
    assert key, done.stdout

    with platform.client() as operator:
        assert operator.get("/api/accounts/v1/session").status_code == 401
        login = {"email": "ops@example.org", "password": PASSWORD, "next": "/admin/"}
        assert "second-factor" in submit(operator, "/account/login", login).headers["Location"]
        answer = submit(
            operator, "/account/second-factor?next=%2Fadmin%2F", {"code": pyotp.TOTP(key[1]).now()}
        )
        assert answer.headers["Location"] == "/admin/"
        assert "ops" in operator.get("/api/accounts/v1/session").json()["roles"]
        assert operator.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/api/metering/v1/usage"])
def test_what_is_for_operators_inside_is_not_exposed(platform: PlatformProcess, path: str) -> None:
    with platform.client() as stranger:
        assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("door", ["session-tokens", "api-key-tokens", "service-tokens"])
def test_what_services_ask_each_other_is_not_exposed(platform: PlatformProcess, door: str) -> None:
    with platform.client() as stranger:
        assert stranger.post(f"/api/accounts/v1/{door}", json={"session": "x" * 40}).status_code == 404


def test_fifty_codes_at_once_open_exactly_what_an_account_has_left(platform: PlatformProcess) -> None:
    """What the guest opened before registering stays open and does not count."""
    categories = (
        "E10",
        "E11",
        "E13",
        "I25",
        "J44",
        "J45",
        "K21",
        "K50",
        "M17",
        "M25",
        "N18",
        "R10",
        "S52",
        "Z00",
    )
    with platform.client() as person:
        assert person.get("/codes/icd10cm/I10").status_code == 200
        newcomer = {"email": "fifty@example.org", "password": PASSWORD}
        assert submit(person, "/account/register", newcomer).status_code == 303
        listed = [
            node["code"]
            for category in categories
            for node in person.get(f"/api/lookup/v1/browse/icd10cm/{category}").json()["children"]
        ]
        assert len(set(listed)) >= 50
        with ThreadPoolExecutor(50) as pool:
            statuses = list(
                pool.map(lambda code: person.get(f"/codes/icd10cm/{code}").status_code, listed[:50])
            )
        assert (statuses.count(200), statuses.count(403)) == (5, 45)
        assert person.get("/codes/icd10cm/I10").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"), [("/casepilot", 200), ("/consultant", 200), ("/careers", 200), ("/nowhere", 404)]
)
def test_every_product_answers_at_its_address_and_a_page_says_that_there_is_none(
    platform: PlatformProcess, path: str, status: int
) -> None:
    with platform.client() as stranger:
        answer = stranger.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert "<html" in answer.text
    assert "Coding Ahead" in answer.text


def test_another_name_of_the_machine_is_sent_to_the_one_address(platform: PlatformProcess) -> None:
    with platform.client() as stranger:
        answer = stranger.get("/search?q=asthma", headers={"Host": f"localhost:{platform.port}"})
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{platform.url}/search?q=asthma"


def test_an_oversize_body_is_refused_before_it_reaches_a_service(platform: PlatformProcess) -> None:
    # A form, whose body is read for its token: others may be refused before their body is read. The rest of a body
    # that nobody takes resets the connection, at times before the whole of the answer is read: its status decides.
    with platform.client() as stranger:
        assert stranger.get("/account/login").status_code == 200
        with stranger.stream(
            "POST",
            "/account/login",
            content=b"email=" + b"x" * 2_000_000,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        ) as answer:
            assert answer.status_code == 413


def test_a_forwarded_address_of_a_stranger_is_not_believed(platform: PlatformProcess) -> None:
    """Forty-one guests behind made-up addresses are one network's: the cap holds."""
    statuses: list[int] = []
    for number in range(45):
        with platform.client() as guest:
            headers = {"X-Forwarded-For": f"198.51.{number}.7"}
            statuses.append(guest.get("/codes/icd10cm/J45.909", headers=headers).status_code)
    assert 200 in statuses
    assert statuses[-1] in (403, 429)
