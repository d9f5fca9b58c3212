"""The plain description of every official MS-DRG: readable, and never of another severity."""

import re
import zipfile
from types import SimpleNamespace
from typing import Any

import pytest
from inpatient_files import official

from ahead.lookup.msdrg.describing import describe


def facts(code: str, title: str, parent: str, kind: str = "code", below: int = 0) -> Any:
    """Only what the description looks at."""
    return SimpleNamespace(
        node=SimpleNamespace(code=code, title=title, parent=parent, kind=kind, codes_below=below)
    )


@pytest.fixture(scope="session")
def drgs() -> list[list[str]]:
    with zipfile.ZipFile(official("msdrg", "ipps-fy2026-tables.zip")) as archive:
        text = archive.read("table-5-fy2026-final.txt").decode("cp1252")
    return [
        cells for line in text.splitlines() if len(cells := line.split("\t")) == 10 and cells[0].isdecimal()
    ]


def test_every_ms_drg_has_a_text_of_its_severity(drgs: list[list[str]]) -> None:
    seen: dict[str, str] = {}
    for code, _, _, mdc, kind, printed, *_ in drgs:
        title = printed.strip('"')
        first, what = describe(
            facts(code, title, f"MDC{mdc}-{kind.strip('*')}" if "*" not in kind else "NO-MDC")
        )
        assert first not in seen, (code, seen.get(first))
        seen[first] = code
        assert what.startswith("An MS-DRG is a group of hospital stays")
        assert first.endswith(".")
        assert not re.search(r"\b[A-Z]{5,}\b|\x00", first), first
        assert "O.R." not in first
        if title.endswith(" WITH MCC"):
            assert "also has a major complication" in first
        if title.endswith(" WITH CC"):
            assert "no major one" in first
        if title.endswith((" WITHOUT CC/MCC", " WITHOUT MCC")):
            assert "has no other illness" in first
            assert "also has" not in first
        assert ("without an operation that decides" in first) is (kind == "MED")


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("SEPTICEMIA OR SEVERE SEPSIS WITH MV >96 HOURS", "with a breathing machine for more than 96 hours."),
        ("OTHER O.R. PROCEDURES FOR INJURIES WITH CC", "other operating room procedures for injuries."),
        ("LIVER TRANSPLANT WITH MCC OR INTESTINAL TRANSPLANT",
         "liver transplant with a major complication (MCC) or intestinal transplant."),
    ],
)  # fmt: skip
def test_abbreviations_are_words(title: str, said: str) -> None:
    assert said in describe(facts("001", title, "MDC18-SURG"))[0]


def test_places_say_how_many_stand_below() -> None:
    (text, _) = describe(facts("MDC05", "MDC 05: Diseases of the heart", "", "chapter", 137))
    assert text == "137 groups of hospital stays (MS-DRGs) stand here: MDC 05: Diseases of the heart."
