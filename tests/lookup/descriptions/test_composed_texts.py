"""Composed descriptions of all 98,186 codes: never wrong about side, encounter, trimester or severity.

What the text says is compared with what the title says, by words of this test's own: it shares no pattern with
the composer.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from description_words import ENCOUNTER_WORDS, encounter, sides

from ahead.lookup.catalog.inheritance import assemble
from ahead.lookup.catalog.loading.default import package_files
from ahead.lookup.catalog.loading.icd10cm_tabular import NodeRow, Tree, build, read_code_list
from ahead.lookup.catalog.loading.tabular_xml import parse
from ahead.lookup.catalog.schemas import CodeFacts, CodeReference, Node, Note, Release, SourceFile
from ahead.lookup.descriptions.composer import compose
from ahead.lookup.descriptions.service import describe, written
from ahead.lookup.descriptions.words import glossary, places, rows, seventh_characters

RELEASE = Release(
    id=1,
    system="icd10cm",
    kind="icd10cm-tabular",
    edition="April 2026",
    source="package",
    files=(SourceFile("tabular.xml", "0"), SourceFile("codes.txt", "0")),
    sha256="0",
    window_from=date(2025, 10, 1),
    window_to=date(2026, 9, 30),
    window_origin="calendar",
    rows=98_186,
    nodes=98_505,
    billable=74_719,
    remark="",
    loader="test",
    loaded_at=datetime(2026, 1, 1, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def tree() -> Tree:
    tabular, listed = package_files()
    with tabular.open("rb") as stream, listed.open() as lines:
        return build(
            parse(stream, tabular.name), read_code_list(lines, listed.name), tabular.name, listed.name
        )


def _node(row: NodeRow) -> Node:
    return Node(
        1, "icd10cm", row.code, row.dotted, row.kind, row.parent, row.ordinal, row.depth, row.title,
        row.title_origin, "", row.billable, row.children, row.codes_below, row.source_file, row.source_row,
    )  # fmt: skip


def every_code(tree: Tree) -> Iterator[CodeFacts]:
    """Facts of each code and header, put together as the repository does."""
    nodes = {row.code: _node(row) for row in tree.nodes}
    families: dict[str | None, list[Node]] = {}
    for node in nodes.values():
        families.setdefault(node.parent, []).append(node)
    notes: dict[str, list[Note]] = {}
    for row in tree.notes:
        references = tuple(CodeReference(*reference) for reference in row.refs)
        note = Note(row.code, row.kind, row.ordinal, row.text, references, row.key, row.source_row)  # type: ignore[arg-type]
        notes.setdefault(row.code, []).append(note)
    for row in tree.nodes:
        if row.kind in ("chapter", "section"):
            continue
        path = row.path.split("/")
        yield assemble(
            RELEASE,
            nodes[row.code],
            ancestors=tuple(nodes[code] for code in path),
            children=tuple(families.get(row.code, ())),
            family=tuple(families[row.parent]),
            notes=[note for code in (*path, row.code) for note in notes.get(code, ())],
            billable_below=(),
            notes_from=RELEASE,
        )


@pytest.fixture(scope="module")
def texts(tree: Tree) -> list[tuple[CodeFacts, str]]:
    return [(facts, " ".join(compose(facts))) for facts in every_code(tree)]


def test_every_code_and_header_has_a_text_of_two_to_six_sentences(texts: list[tuple[CodeFacts, str]]) -> None:
    assert len(texts) == 98_186
    lengths = Counter(len(re.findall(r"[.](?= [A-Z“]|$)", text)) for _, text in texts)
    assert min(lengths) >= 2
    # A quoted note may hold a full stop of its own.
    assert sum(n for length, n in lengths.items() if length > 6) < 200
    for facts, text in texts:
        assert "  " not in text, facts.node.dotted
        assert "None" not in text, facts.node.dotted
        assert len(text) < 1_600, facts.node.dotted


def test_no_text_names_another_side_than_its_title(texts: list[tuple[CodeFacts, str]]) -> None:
    for facts, text in texts:
        assert sides(text) == sides(facts.node.title), f"{facts.node.dotted} {facts.node.title}: {text}"


def test_every_text_tells_the_encounter_of_its_title_and_no_other(texts: list[tuple[CodeFacts, str]]) -> None:
    for facts, text in texts:
        said = {
            name for name, phrases in ENCOUNTER_WORDS.items() if any(phrase in text for phrase in phrases)
        }
        expected = encounter(facts.node.code, facts.node.title)
        assert said == ({expected} if expected else set()), f"{facts.node.dotted} {facts.node.title}: {text}"
        if facts.node.kind == "extension":
            assert f"The 7th character {facts.node.code[6]} " in text


def test_every_text_tells_the_trimester_of_its_title_and_no_other(texts: list[tuple[CodeFacts, str]]) -> None:
    weeks = {"first": "before 14 weeks", "second": "from 14 weeks", "third": "from 28 weeks"}
    for facts, text in texts:
        title = facts.node.title.lower()
        for name, phrase in weeks.items():
            assert (f"{name} trimester" in title) == (phrase in text), f"{facts.node.dotted}: {text}"
        assert ("unspecified trimester" in title) == ("does not say in which trimester" in text), text


@pytest.mark.parametrize("grade", ["mild", "moderate", "severe", "profound"])
def test_no_text_names_a_severity_that_its_title_does_not(
    texts: list[tuple[CodeFacts, str]], grade: str
) -> None:
    for facts, text in texts:
        if re.search(rf"\b{grade}\b", text, re.IGNORECASE):
            assert grade in facts.node.title.lower(), f"{facts.node.dotted}: {text}"


def test_open_and_closed_breaks_are_never_mixed_up(texts: list[tuple[CodeFacts, str]]) -> None:
    for facts, text in texts:
        title = facts.node.title.lower()
        said = text.split("The 7th character", 1)[-1].split(". ", 1)[0] if "The 7th character" in text else ""
        if "for closed fracture" in title:
            assert "closed" in said
            assert "open" not in said.replace("opened", "")
        if "for open fracture" in title:
            assert "open" in said
            assert "closed" not in said
            assert ("IIIA" in title.upper()) == ("IIIA" in said)
        for healing, word in (
            ("routine healing", "as expected"),
            ("delayed healing", "more slowly"),
            ("nonunion", "not grown together"),
            ("malunion", "out of its proper position"),
        ):
            if f"with {healing}" in title and facts.node.kind == "extension":
                assert word in said, facts.node.dotted


def test_headers_are_called_headings_and_billable_codes_never(texts: list[tuple[CodeFacts, str]]) -> None:
    for facts, text in texts:
        said = "It is a heading and needs" in text or "This heading" in text
        if facts.node.billable:
            assert not said
        else:
            assert said, f"{facts.node.dotted}: {text}"


def test_manifestations_say_that_they_never_go_first(texts: list[tuple[CodeFacts, str]]) -> None:
    for facts, text in texts:
        if facts.node.title.endswith("in diseases classified elsewhere"):
            assert "never stands alone or first" in text, facts.node.dotted


def test_what_goes_first_is_told_by_the_guidelines(texts: list[tuple[CodeFacts, str]]) -> None:
    for facts, text in texts:
        title, code = facts.node.title, facts.node.code
        late = title.endswith(("sequela", "sequela of fracture")) and len(code) == 7
        assert ("The code of the late effect itself goes first" in text) == (late and code[0] not in "VWXY")
        first = "This code goes first, followed by the codes of the harm" in text
        assert first == (
            title.startswith("Poisoning by") and facts.node.billable and code < "T51" and not late
        )
        after = "The code of the harm that was done goes first" in text
        assert after == (
            title.startswith("Adverse effect") and facts.node.billable and code < "T51" and not late
        )
        if code[0] in "VWXY" and facts.node.billable:
            assert "only accompanies the code of the injury or illness, never first" in text


def test_a_text_says_more_than_its_title(texts: list[tuple[CodeFacts, str]]) -> None:
    for facts, text in texts:
        title = set(re.findall(r"[a-z]+", facts.node.title.lower()))
        said = set(re.findall(r"[a-z]+", text.lower()))
        assert len(said - title) >= 12, f"{facts.node.dotted}: {text}"


def test_nearly_every_text_explains_a_word_of_its_title_or_category(
    texts: list[tuple[CodeFacts, str]],
) -> None:
    explained = sum(1 for _, text in texts if not re.match(r"(The code|The heading) ", text))
    assert explained / len(texts) > 0.97


def test_the_words_data_is_well_formed_and_says_no_side(tree: Tree) -> None:
    known = {n.code for n in tree.nodes if n.kind in ("chapter", "section")}
    assert known == places().keys()
    meanings = {n.text for n in tree.notes if n.kind == "seventh_character_value"}
    assert meanings == seventh_characters().keys()
    guarded = re.compile(r"\b(right|left|bilateral|both|trimester|initial encounter|subsequent encounter)\b")
    for row in rows("glossary.tsv"):
        assert len(row) in (3, 4)
        assert row[0] in "1234"
        assert not guarded.search(row[2]), row
        assert not row[2].endswith(".")
    assert glossary().find("Otitis media", "H669")[0].meaning.startswith("otitis media is")


def test_a_written_text_comes_first_and_says_so(tree: Tree) -> None:
    for facts in every_code(tree):
        if facts.node.code == "E119":
            description = describe(facts)
            assert description.origin == "written"
            assert description.paragraphs == (written("icd10cm")["E119"],)
        elif facts.node.code == "E0800":
            assert describe(facts).origin == "composed"
            break
