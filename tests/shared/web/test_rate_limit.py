import pytest
from litestar import Litestar
from litestar.testing import TestClient

from ahead.shared.web.client_address import client_address, parse_networks
from ahead.shared.web.rate_limit import Limits, MemoryStore, RedisStore, address_key

PROXIES = parse_networks("127.0.0.1/32, 10.0.0.0/8, ::1/128")


def test_a_burst_passes_and_the_rest_waits_its_time() -> None:
    store = MemoryStore()
    waits = [store.take_now("a", interval=1.0, burst=3, now=100.0) for _ in range(4)]
    assert waits[:3] == [0.0, 0.0, 0.0]
    assert waits[3] == pytest.approx(1.0)
    assert store.take_now("a", 1.0, 3, now=101.0) == 0.0
    assert store.take_now("b", 1.0, 3, now=100.0) == 0.0


def test_refused_requests_do_not_push_the_end_away() -> None:
    store = MemoryStore()
    for _ in range(50):
        store.take_now("a", 1.0, 1, now=0.0)
    assert store.take_now("a", 1.0, 1, now=1.0) == 0.0


def test_the_memory_is_bounded() -> None:
    store = MemoryStore(max_keys=100)
    for number in range(1000):
        store.take_now(str(number), 60.0, 1, now=0.0)
    assert len(store) == 100


def test_one_address_is_limited_and_told_when_to_come_back(make_app) -> None:
    limits = Limits(address_per_minute=60, address_burst=3, principal_per_minute=0)
    with TestClient(make_app(limits=limits)) as client:
        answers = [client.get("/api/demo/v1/items/1") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert answers[3].headers["retry-after"].isdigit()
        assert answers[3].json()["type"] == "/problems/too-many-requests"
        assert "Wait" in client.get("/").text
        assert client.get("/healthz").status_code == 200
        other = client.get("/", headers={"x-forwarded-for": "203.0.113.9"})
        assert other.status_code == 429, "a forwarded address is not believed from a stranger"


def test_visitors_are_limited_apart_from_their_address(make_app) -> None:
    limits = Limits(address_per_minute=0, principal_per_minute=60, principal_burst=2)
    with TestClient(make_app(limits=limits)) as client:
        first = [client.get("/", headers={"x-test-id": "one"}).status_code for _ in range(3)]
        second = [client.get("/", headers={"x-test-id": "two"}).status_code for _ in range(2)]
        assert first == [200, 200, 429]
        assert second == [200, 200]


def test_services_are_not_counted_since_they_ask_for_many_visitors(make_app) -> None:
    limits = Limits(address_per_minute=60, address_burst=2, principal_per_minute=60, principal_burst=2)
    with TestClient(make_app(limits=limits)) as client:
        asked = [client.get("/slow-lane", headers={"x-test-plan": "service"}).status_code for _ in range(5)]
        assert asked == [200] * 5
        assert [client.get("/slow-lane").status_code for _ in range(3)] == [200, 200, 429]


def test_limits_of_two_handlers_do_not_share_a_counter(client: TestClient[Litestar]) -> None:
    assert [client.get("/slow-lane").status_code for _ in range(3)] == [200, 200, 429]
    assert [client.get("/other-lane").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6", "198.51.100.1", "10.1.2.3"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6", "nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["[2001:db8::1]:443"], "2001:db8::1"),
        ("127.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("::1", [" 198.51.100.7:4711 "], "198.51.100.7"),
    ],
)
def test_the_nearest_stranger_is_the_client(peer: str, forwarded: list[str], expected: str) -> None:
    assert client_address(peer, forwarded, PROXIES) == expected


def test_addresses_of_one_household_count_as_one() -> None:
    assert address_key("2001:db8:1:2:3::4") == address_key("2001:db8:1:2:ffff::1")
    assert address_key("2001:db8:1:2::1") != address_key("2001:db8:1:3::1")
    assert address_key("::ffff:198.51.100.1") == "198.51.100.1"
    assert address_key("unknown") == "unknown"


async def test_processes_share_their_counters_in_redis(redis_server) -> None:
    one, two = (RedisStore(redis_server.url, "ahead:test:limit", timeout_s=2.0) for _ in range(2))
    try:
        waits = [await store.take("k", 60.0, 3) for store in (one, two, one, two, one)]
        assert waits[:3] == [0.0, 0.0, 0.0]
        assert all(59 < wait <= 60 for wait in waits[3:])
        assert await one.take("another", 60.0, 3) == 0.0
    finally:
        await one.close()
        await two.close()


async def test_without_redis_the_limit_still_holds() -> None:
    store = RedisStore("redis://127.0.0.1:1/0", "ahead:test:limit")
    try:
        waits = [await store.take("k", 60.0, 2) for _ in range(3)]
        assert waits[:2] == [0.0, 0.0]
        assert waits[2] > 0
    finally:
        await store.close()
