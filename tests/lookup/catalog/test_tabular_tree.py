"""The tree read from the tabular list, against the package's own tree and the official order file."""

import io
import unicodedata
import warnings
import zipfile
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from ahead.lookup.catalog.loading.default import package_files
from ahead.lookup.catalog.loading.icd10cm_tabular import NodeRow, Tree, build
from ahead.lookup.catalog.loading.tabular_xml import parse

CODES = 98_186
BILLABLE = 74_719
PLACES = ("chapter", "section")


@pytest.fixture(scope="module")
def by_code(package_tree: Tree) -> dict[str, NodeRow]:
    return {node.code: node for node in package_tree.nodes}


@pytest.fixture(scope="module")
def package() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the package reads its data in an older way
        import simple_icd_10_cm
    return simple_icd_10_cm


@pytest.fixture(scope="module")
def order_file(official_data: Path) -> dict[str, tuple[bool, str]]:
    """Code → (billable, long title)."""
    with zipfile.ZipFile(official_data / "icd10cm" / "icd10cm-2026.zip") as archive:
        text = archive.read("icd10cm-order-2026.txt").decode("utf-8", errors="replace")
    return {
        line[6:13].strip(): (line[14] == "1", line[77:].strip()) for line in text.splitlines() if line.strip()
    }


def test_counts_are_the_publishers(package_tree: Tree) -> None:
    kinds = Counter(node.kind for node in package_tree.nodes)
    assert package_tree.codes == CODES
    assert package_tree.billable == BILLABLE
    assert (kinds["chapter"], kinds["section"]) == (22, 297)
    assert len(package_tree.nodes) == CODES + 22 + 297


def test_the_order_is_depth_first_and_every_span_holds_exactly_what_is_below(package_tree: Tree) -> None:
    nodes = package_tree.nodes
    by_code = {node.code: node for node in nodes}
    children = Counter(node.parent for node in nodes)
    below: Counter[str] = Counter()
    for position, node in enumerate(nodes):
        assert node.ordinal == position
        assert children[node.code] == node.children
        path = node.path.split("/") if node.path else []
        assert len(path) == node.depth
        assert (path[-1] if path else None) == node.parent
        for place in path:
            assert by_code[place].ordinal < node.ordinal <= by_code[place].last_ordinal
            below[place] += node.billable
    for node in nodes:
        assert node.codes_below == below[node.code]
        assert node.billable == (node.children == 0), f"{node.code}: a billable code is a leaf"
        assert node.billable == (node.kind in ("code", "extension"))


def test_parents_children_and_titles_are_the_packages(
    by_code: dict[str, NodeRow], package: ModuleType
) -> None:
    children: dict[str, list[str]] = {}
    for node in by_code.values():
        if node.parent is not None:
            children.setdefault(node.parent, []).append(node.dotted)
    for node in by_code.values():
        if node.kind in PLACES:
            continue
        assert package.is_valid_item(node.dotted)
        theirs = package.get_children(node.dotted, prioritize_blocks=False)
        assert children.get(node.code, []) == theirs, node.dotted
        parent = package.get_parent(node.dotted, prioritize_blocks=False)
        mine = by_code[node.parent or ""].code
        assert mine in (parent, parent.replace(".", ""), f"{parent}-{parent}"), node.dotted
        if node.kind != "extension":
            assert node.title == " ".join(package.get_description(node.dotted).split())


def test_the_packages_billable_leaves_are_ours(by_code: dict[str, NodeRow], package: ModuleType) -> None:
    leaves = {
        code.replace(".", "")
        for code in package.get_all_codes(with_dots=True)
        if package.is_category_or_subcategory(code) and package.is_leaf(code)
    }
    assert leaves == {node.code for node in by_code.values() if node.billable}


def test_sections_stand_below_the_headings_that_span_them(by_code: dict[str, NodeRow]) -> None:
    assert by_code["C50"].path == "2/C00-C96/C00-C75/C50-C50"
    assert by_code["V00"].path == "20/V00-X58/V00-V99/V00-V09"
    assert by_code["T20"].path == "19/T07-T88/T20-T32/T20-T25"
    assert by_code["D3A"].path == "2/D3A-D3A"
    assert all(node.children for node in by_code.values() if node.kind == "section")


def test_seventh_character_codes_fill_with_placeholders_and_break_no_pattern(
    by_code: dict[str, NodeRow],
) -> None:
    assert by_code["T360X1A"].parent == "T360X1"
    assert by_code["W08XXXS"].title == "Fall from other furniture, sequela"
    assert by_code["S3113AA"].parent == "S3113A"
    assert by_code["M1A00X0"].title_origin == "composed"
    for node in by_code.values():
        if node.kind == "extension":
            assert len(node.code) == 7
            assert node.code[:6].rstrip("X") == (node.parent or "").rstrip("X")
            assert "/" not in node.title.removeprefix(by_code[node.parent or ""].title)


def test_titles_differ_from_the_order_file_by_accents_only(
    by_code: dict[str, NodeRow], order_file: dict[str, tuple[bool, str]]
) -> None:
    assert order_file.keys() == {code for code, node in by_code.items() if node.kind not in PLACES}
    different = {code for code, (_, title) in order_file.items() if by_code[code].title != title}
    assert len(different) == 151
    for code, (billable, title) in order_file.items():
        assert by_code[code].billable == billable
        assert _plain(by_code[code].title) == _plain(title), code


def test_without_its_list_of_codes_the_tabular_list_makes_the_same_codes(by_code: dict[str, NodeRow]) -> None:
    tabular = package_files()[0]
    with tabular.open("rb") as stream:
        alone = build(parse(stream, tabular.name), None, tabular.name)
    assert {node.code for node in alone.nodes} == by_code.keys()


def test_the_list_of_2021_is_read_in_the_same_way(official_data: Path) -> None:
    with zipfile.ZipFile(official_data / "icd10cm" / "icd10cm-tabular-2021.zip") as archive:
        tabular = parse(io.BytesIO(archive.read("icd10cm_tabular_2021.xml")), "icd10cm_tabular_2021.xml")
    tree = build(tabular, None, "icd10cm_tabular_2021.xml")
    assert tabular.version == "2021"
    assert sum(1 for node in tree.nodes if node.kind not in PLACES and node.kind != "extension") == 45_017
    assert tree.billable == 72_621, "codes of fiscal year 2021 with the January update"


def test_lines_lead_back_into_the_files(package_tree: Tree) -> None:
    lines = [path.read_text(encoding="utf-8").splitlines() for path in package_files()]
    for node in package_tree.nodes[::97]:
        line = lines[node.source_file][node.source_row - 1]
        if node.kind == "extension":
            assert line.strip().replace(".", "") == node.code
        else:
            printed = lines[0][node.source_row - 1 : node.source_row + 1]
            assert any(node.code.split("-")[0] in text.replace(".", "") for text in printed), node.code


def _plain(title: str) -> str:
    decomposed = unicodedata.normalize("NFD", title)
    return "".join(c for c in decomposed if not unicodedata.combining(c))
