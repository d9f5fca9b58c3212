"""Any text is answered, by both engines alike: signs are no language, and length costs nothing."""

import pytest

from ahead.shared.search.index import Query, SearchIndex

from .library import found


@pytest.mark.parametrize(
    "text",
    [
        "\x00\x01\x02 wrist \x7f",
        '"wrist',
        "wrist AND OR NOT (",
        "title:wrist",
        "wrist*",
        "wrist~2 ^5",
        "-wrist",
        "+wrist",
        "wrist]} TO {[",
        "\\wrist\\",
        "🦴 wrist 🦴",
        "wrist\u202e\ufeff\ud7ff",
        "wrist " + "🦴" * 3000,
        "wrist" + " " * 10_000,
        "\U000e0041wrist",
    ],
)
async def test_operators_and_signs_are_no_language_they_only_divide_words(
    books: SearchIndex, text: str
) -> None:
    assert set(await found(books, text, match="most", typos=True)) >= {"3", "4"}


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "ab " * 3500,
        "漢字" * 2500,
        "\x00" * 100,
        "\ud800",
        "'; DROP TABLE books; --",
        "ﷺ" * 3000,
    ],
)
async def test_any_text_of_ten_kilobytes_is_answered(books: SearchIndex, text: str) -> None:
    for prefix in (False, True):
        results = await books.search(Query(text, match="most", typos=True, prefix=prefix, facets=("shelf",)))
        assert results.total >= 0


async def test_ten_words_count_and_the_rest_is_ignored(books: SearchIndex) -> None:
    many = " ".join(f"word{n}" for n in range(10)) + " wrist"
    assert await found(books, many, match="most") == []
