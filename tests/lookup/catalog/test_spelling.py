"""What people type as a code: read generously, refused with a reason, never with an error of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ahead.lookup.catalog.loading.icd10cm_tabular import Tree
from ahead.lookup.catalog.spelling import dotted, read
from ahead.shared.errors import BadInput


@pytest.mark.parametrize(
    ("typed", "key", "printed"),
    [
        ("E11.9", "E119", "E11.9"),
        ("e119", "E119", "E11.9"),
        ("  E11.9\t", "E119", "E11.9"),
        ("E11.", "E11", "E11"),
        ("E11.-", "E11", "E11"),
        ("E11.6—", "E116", "E11.6"),
        ("s72.001a", "S72001A", "S72.001A"),
        ("S31.13AA", "S3113AA", "S31.13AA"),
        ("c4a.0", "C4A0", "C4A.0"),
        ("QA0.0101", "QA00101", "QA0.0101"),
        ("S72 001 A", "S72001A", "S72.001A"),
        ("E08-E13", "E08-E13", "E08-E13"),
        ("e08–e13", "E08-E13", "E08-E13"),
        ("B99-B99", "B99-B99", "B99-B99"),
        ("4", "4", "4"),
        ("Chapter 19", "19", "19"),
        ("04", "4", "4"),
    ],
)
def test_generous_spellings_are_read(typed: str, key: str, printed: str) -> None:
    assert (read("icd10cm", typed).key, read("icd10cm", typed).dotted) == (key, printed)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "No code"),
        ("   ", "No code"),
        ("E1", "at least three"),
        ("E11.99999", "at most seven"),
        ("E1.19", "dot"),
        ("E11.9.1", "dot"),
        ("250.00", "begins with a letter"),
        ("99213", "begins with a letter"),
        ("diabetes", "at most seven"),
        ("gout", "at least one of them a digit"),
        ("E11/9", "letters, digits and one dot"),
        ("E11\x009", "control characters"),
        ("E" * 65, "65 characters long"),
        ("E11;DROP TABLE nodes", "letters, digits"),
        ("Ｅ11", "letters, digits"),
    ],
)
def test_what_cannot_be_a_code_is_refused_with_the_reason(typed: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as refused:
        read("icd10cm", typed)
    assert refused.value.slug == "malformed-code"


def test_an_unknown_system_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(BadInput) as refused:
        read("icd11", "E11.9")
    assert "icd10cm" in refused.value.hint


@given(
    st.sampled_from(["icd10cm", "icd10pcs", "hcpcs", "cpt", "icd9cm", "msdrg", "", "x"]), st.text(max_size=80)
)
def test_whatever_is_typed_is_read_or_refused(system: str, typed: str) -> None:
    try:
        found = read(system, typed)
    except BadInput:
        return
    assert read(system, found.dotted) == found
    assert found.key.isascii()


def test_every_place_of_the_edition_is_read_in_each_of_its_spellings(package_tree: Tree) -> None:
    for node in package_tree.nodes:
        for typed in (node.code, node.dotted, node.dotted.lower(), f" {node.code} "):
            assert read("icd10cm", typed).key == node.code
        assert dotted("icd10cm", node.code) == node.dotted


@pytest.mark.parametrize(
    ("system", "typed", "key"),
    [
        ("hcpcs", " j1885 ", "J1885"),
        ("hcpcs", "A0021", "A0021"),
        ("hcpcs", "j", "J"),
        ("hcpcs", "J0001-J3999", "J0001-J3999"),
        ("cpt", "99213", "99213"),
        ("cpt", "0001u", "0001U"),
        ("cpt", "0075T", "0075T"),
        ("cpt", "9999f", "9999F"),
        ("cpt", "99202–99499", "99202-99499"),
    ],
)
def test_procedure_codes_are_read_as_typed(system: str, typed: str, key: str) -> None:
    assert read(system, typed).key == key


@pytest.mark.parametrize(
    ("system", "typed", "hint"),
    [
        ("hcpcs", "99213", "/codes/cpt/99213"),
        ("hcpcs", "LT", "modifier"),
        ("hcpcs", "J188", "A code looks like"),
        ("cpt", "J1885", "/codes/hcpcs/J1885"),
        ("cpt", "9921", "A code looks like"),
        ("cpt", "0001X", "A code looks like"),
    ],
)
def test_codes_of_another_system_are_sent_there(system: str, typed: str, hint: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(system, typed)
    assert hint in refused.value.hint
