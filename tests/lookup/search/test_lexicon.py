"""Every line of the lexicon is well-formed and leads to words that the official texts use."""

from collections.abc import Iterator

import pytest
from official_words import Texts, official_texts

from ahead.lookup.search.lexicon.reading import DATA, Entry, Lexicon, Meaning, parse
from ahead.shared.search.analysis import raw_words, stem, words

SYSTEMS = {"icd10cm", "icd10pcs", "hcpcs"}
LINES = [
    pytest.param(line, id=f"{path.stem}-{number}")
    for path in sorted(DATA.glob("*.tsv"))
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def official() -> dict[str, Texts]:
    return official_texts()


def lines() -> Iterator[Entry]:
    for line in LINES:
        yield parse(str(line.values[0]))


def test_the_lexicon_has_thousands_of_lines_each_for_another_term() -> None:
    terms = [tuple(map(stem, raw_words(entry.term))) for entry in lines()]
    assert len(terms) == len(set(terms)) == len(Lexicon.load())
    assert len(terms) >= 3_000


def test_each_line_is_written_the_way_queries_are_read() -> None:
    for entry in lines():
        assert entry.term == " ".join(raw_words(entry.term)), entry
        for meaning in entry.meanings:
            assert meaning.text == " ".join(raw_words(meaning.text)), entry
            assert meaning.systems, entry
            assert set(meaning.systems) <= SYSTEMS, entry
        texts = [meaning.text for meaning in entry.meanings]
        assert len(texts) == len(set(texts)), entry
        assert len(texts) > 1 or words(texts[0]) != words(entry.term), entry


def test_ambiguous_terms_say_what_tells_their_meanings_apart() -> None:
    for entry in lines():
        if len(entry.meanings) > 1:
            assert sum(bool(meaning.cues) for meaning in entry.meanings) >= len(entry.meanings) - 1, entry


def test_no_line_leads_back_to_where_it_came_from() -> None:
    """A replacement that is a term itself leads on; following one another they end."""
    after = {words(entry.term): [words(meaning.text) for meaning in entry.meanings] for entry in lines()}
    for term in after:
        reached, ahead = {term}, list(after[term])
        while ahead:
            step = ahead.pop()
            assert step != term, f"{' '.join(term)} comes back to itself"
            if step not in reached:
                reached.add(step)
                ahead += after.get(step, [])


def test_every_word_of_a_replacement_stands_in_official_texts(official: dict[str, Texts]) -> None:
    wrong = [
        f"{entry.term} → {meaning.text}: {word} is in no text of {system_names(meaning)}"
        for entry in lines()
        for meaning in entry.meanings
        for word in words(meaning.text)
        if not any(word in official[system].vocabulary for system in meaning.systems)
    ]
    assert wrong == []


def test_official_texts_of_the_expected_codes_hold_the_replacement(official: dict[str, Texts]) -> None:
    wrong = [
        f"{entry.term} → {meaning.text}: not said of {code}"
        for entry in lines()
        for meaning in entry.meanings
        for code in meaning.expects
        if not any(official[system].says(code, meaning.text) for system in meaning.systems)
    ]
    assert wrong == []


def system_names(meaning: Meaning) -> str:
    return ", ".join(meaning.systems)


# -- finding terms in queries ------------------------------------------------------------------------------


def replaced(typed: str) -> list[tuple[str, ...]]:
    query = raw_words(typed)
    return [expansion.replacements for expansion in Lexicon.load().expand(query, query)]


def test_a_term_is_found_inside_a_query_with_its_place_and_why() -> None:
    query = raw_words("old woman, had a Heart Attack yesterday")
    (found,) = Lexicon.load().expand(query, query)
    assert (found.kind, query[found.start : found.end]) == ("lay", ["heart", "attack"])
    assert found.replacements == ("myocardial infarction",)
    assert found.why == "“heart attack”: everyday words for “myocardial infarction”"
    assert found.decided
    assert found.meanings[0].expects == ("I21",)


def test_plurals_are_found_and_the_longer_term_wins() -> None:
    assert replaced("heart attacks") == [("myocardial infarction",)]
    assert replaced("old heart attack") == [("old myocardial infarction",)]
    assert replaced("zebra") == []
    assert replaced("") == []


def test_an_ambiguous_term_is_read_by_what_stands_beside_it() -> None:
    def first(typed: str) -> tuple[str, bool]:
        query = raw_words(typed)
        found = next(found for found in Lexicon.load().expand(query, query) if len(found.replacements) > 1)
        return found.replacements[0], found.decided

    assert first("ms relapsing") == ("multiple sclerosis", True)
    assert first("ms murmur") == ("mitral stenosis", True)
    assert first("pe saddle") == ("pulmonary embolism", True)
    assert first("pe annual physical") == ("physical examination", True)
    assert first("ra") == ("rheumatoid arthritis", False)


def test_a_damaged_line_is_refused_with_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="2 columns instead of 7"):
        parse("lay\theart attack")
    with pytest.raises(ValueError, match="no such kind: gossip"):
        parse("gossip\ta\tb\ticd10cm\t\t\t")
    with pytest.raises(ValueError, match="missing"):
        parse("lay\ta\t\ticd10cm\t\t\t")
    with pytest.raises(ValueError, match="3 values for 2 replacements"):
        parse("abbreviation\ta\tb | c\ticd10cm\tx | y | z\t\t")
