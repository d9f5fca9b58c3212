"""The event of a search carries no person's data."""

from datetime import UTC, datetime

import pytest

from ahead.lookup.search.events import mask, search_performed
from ahead.lookup.search.schemas import SearchAnswer
from ahead.shared.auth.principal import Principal
from ahead.shared.events.envelope import decode, encode


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("diabetes john@example.com", "diabetes @"),
        ("mrn 1234567 fracture", "mrn # fracture"),
        ("call 555-123-4567", "call #"),
        ("born 01/02/1950 chest pain", "born # chest pain"),
        ("E11.9 and S72.001A", "E11.9 and S72.001A"),
        ("bmi 45.0-49.9", "bmi #"),
        ("covid 2019", "covid 2019"),
        ("x" * 200, "x" * 80),
        ("a" * 78 + " 123456", "a" * 78 + " #"),
        ("two\n\tlines", "two lines"),
    ],
)
def test_addresses_and_long_numbers_are_masked_and_codes_stay(typed: str, kept: str) -> None:
    assert mask(typed) == kept


def test_a_search_is_an_event_with_its_results_and_its_engine() -> None:
    answer = SearchAnswer("htn 123456", "hypertension", None, None, 7, "tantivy", 1.5, {}, ())
    principal = Principal(kind="guest", id="abc")
    event = search_performed(principal, answer, datetime(2026, 11, 23, tzinfo=UTC))
    assert decode(encode(event)) == event
    assert (event.name, event.subject) == ("search.performed", "g:abc")
    assert event.data == {
        "plan": "guest",
        "period": "2026-11",
        "thing": "search",
        "quantity": 1,
        "query": "htn #",
        "results": 7,
        "engine": "tantivy",
        "took_ms": 1.5,
    }
