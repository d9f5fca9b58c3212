"""What holds of every code and every official text: a seeded sample, all of them with `--long`."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ahead.lookup.search.asking import MAX_QUERY
from ahead.lookup.search.finding import Finder, search_folder
from ahead.lookup.search.lexicon import Lexicon
from ahead.lookup.search.service import CodeSearch
from ahead.lookup.search.texts import SHORT, TERM, TITLE
from ahead.lookup.search.wording import WordingBuilder
from ahead.lookup.search.wording_files import WordingFiles
from ahead.lookup.settings import Settings
from ahead.shared.search.analysis import raw_words, words
from ahead.shared.settings import load

AMONG_TITLES, AMONG_TERMS = 3, 10
SAMPLE = 250
MOST_ROWS, LONG_FROM, MOST_ROWS_OF_LONG = 8, 16, 3
"""Ways in which a text is read: fewer where it has more words than so many."""
MOST_SLOTS, MOST_WORDS_OF_SLOT = 80, 10
MOST_FOUND = 20_000


@pytest.fixture(scope="module")
def finder(indexed_data: Path) -> Finder:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AHEAD_DATA", str(indexed_data))
        return Finder(WordingFiles(search_folder(load(Settings))).load())


def drawn(numbers: Sequence[int], long_run: bool) -> list[int]:
    return list(numbers) if long_run else sorted(random.Random(5).sample(list(numbers), SAMPLE))


def led_to(finder: Finder, text: int) -> set[int]:
    """Codes of a text: those it stands at, and those of texts of the same words."""
    w = finder.wording
    return set(w.text_codes[w.code_starts[text] : w.code_starts[text + 1]].tolist())


def missed(finder: Finder, texts: Sequence[int], among: int) -> list[str]:
    """Texts whose codes are not all among the first so many; where more share the words, one of them has to be."""
    w = finder.wording
    by_words: dict[frozenset[str], set[int]] = {}
    for number, kind in enumerate(w.kinds.tolist()):
        if kind in (TITLE, TERM):
            by_words.setdefault(frozenset(words(w.text(number))), set()).update(led_to(finder, number))
    wrong: list[str] = []
    for number in texts:
        text = w.text(number)
        sharing = by_words[frozenset(words(text))]
        first = finder.find(text, w.release_ids).codes[:among].tolist()
        if not sharing.intersection(first) or (len(sharing) == 1 and not sharing <= set(first)):
            wrong.append(text)
    return wrong


def of_kind(finder: Finder, kind: int) -> list[int]:
    return np.flatnonzero(finder.wording.kinds == kind).tolist()


def test_every_official_title_finds_its_code_in_the_first_three(finder: Finder, long_run: bool) -> None:
    assert missed(finder, drawn(of_kind(finder, TITLE), long_run), AMONG_TITLES) == []


def test_every_inclusion_term_finds_its_code_in_the_first_ten(finder: Finder, long_run: bool) -> None:
    assert missed(finder, drawn(of_kind(finder, TERM), long_run), AMONG_TERMS) == []


async def test_every_code_finds_itself_first(code_search: CodeSearch, finder: Finder, long_run: bool) -> None:
    w, scope = finder.wording, await code_search.scope(None, None)
    held = w.in_releases(scope.releases).nonzero()[0].tolist()
    for number in drawn(held, long_run):
        answer = await code_search.search(w.codes[number], scope, limit=1)
        assert answer.hits[0].code.replace(".", "") == w.codes[number]


def test_no_text_gives_more_to_do_than_a_bound(finder: Finder, long_run: bool) -> None:
    """The time of an answer is bounded by what it has to do, whatever is typed; `bench relevance` reports the time of
    texts like these."""
    w, dice = finder.wording, random.Random(9)
    unclear = [entry.term for entry in Lexicon.load() if len(entry.meanings) > 1]
    common = [w.surfaces[number] for number in np.argsort(-np.diff(w.word_starts))[:200].tolist()]
    every = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0xD7FF))))
    for _ in range(300 if long_run else 30):
        for text in (
            " ".join(dice.sample(common, 60)),
            " ".join(dice.sample(unclear, 60)),
            " ".join(dice.sample(unclear, 8) + dice.sample(common, 8)),
            "".join(dice.choices(every, k=MAX_QUERY)),
            " ".join("".join(dice.choices("aeiobcdst", k=9)) for _ in range(60)),
        ):
            rows = finder._slots.rows(text[:MAX_QUERY])
            assert len(rows) <= MOST_ROWS, text
            if len(raw_words(text[:MAX_QUERY])) > LONG_FROM:
                assert len(rows) <= MOST_ROWS_OF_LONG, text
            assert all(len(row.slots) <= MOST_SLOTS for row in rows), text
            assert all(len(slot.words) <= MOST_WORDS_OF_SLOT for row in rows for slot in row.slots), text
            assert len(finder.find(text[:MAX_QUERY], w.release_ids)) <= MOST_FOUND, text


# -- several code systems -----------------------------------------------------------------------------------------


MADE_UP = {
    "icd10cm": (
        ("E11", None, "Type 2 diabetes mellitus"),
        ("E119", "E11", "Type 2 diabetes mellitus without complications"),
        ("S72", None, "Fracture of femur"),
        ("R05", None, "Cough"),
        ("M62", None, "Other disorders of muscle"),
    ),
    "hcpcs": (
        ("A4253", None, "Blood glucose test strips, per 50 strips"),
        ("E0130", None, "Walker, rigid, adjustable height"),
        ("E1130", None, "Standard wheelchair, fixed full length arms"),
        ("J1815", None, "Injection, insulin, per 5 units"),
    ),
    "icd10pcs": (
        ("0QS", None, "Lower bones, reposition"),
        ("0QS6", "0QS", "Reposition right upper femur with fixation device, open approach"),
        ("0DTJ", None, "Resection of appendix, open approach"),
    ),
}


@pytest.fixture(scope="module")
def three_systems() -> Finder:
    """Made-up codes of three systems; the texts are like official ones."""
    builder = WordingBuilder()
    for release, (system, codes) in enumerate(MADE_UP.items(), 1):
        builder.release(release)
        for code, parent, title in codes:
            number = builder.code(system, code, parent, title)
            builder.text(SHORT if system == "hcpcs" else TITLE, title, [number])
    return Finder(builder.build())


def test_adding_a_word_never_turns_up_an_unrelated_system(three_systems: Finder, long_run: bool) -> None:
    """What a longer query finds in a system where the shorter found nothing holds the word that was added."""
    w = three_systems.wording
    known = sorted({word for text in range(len(w.kinds)) for word in words(w.text(text))} | {"zebra", "htn"})
    dice = random.Random(3)

    def found(query: str) -> dict[int, set[int]]:
        systems: dict[int, set[int]] = {}
        for code in three_systems.find(query, w.release_ids).codes.tolist():
            systems.setdefault(int(w.system_of[code]), set()).add(code)
        return systems

    turned_up = 0
    for _ in range(3_000 if long_run else 300):
        query, added = " ".join(dice.sample(known, dice.choice((1, 2)))), dice.choice(known)
        before, after, alone = found(query), found(f"{query} {added}"), found(added)
        for system in after.keys() - before.keys():
            turned_up += 1
            assert after[system] <= alone.get(system, set()), (query, added, w.systems[system])
    assert turned_up, "no word ever leads into another system: nothing was tested"
