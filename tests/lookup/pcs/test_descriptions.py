"""Common-language descriptions of procedures: every code has one, and it says nothing that the title doesn't."""

import re
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ahead.lookup.pcs.describing import describe

# By the fifth character, in the sections where it is the approach; as the official definitions have them.
WAYS = {
    "Open": "cuts through skin",
    "Percutaneous": "is reached by a puncture",
    "Percutaneous Endoscopic": "seen with a scope, through a puncture",
    "Via Natural or Artificial Opening": "Instruments go in through an opening",
    "Via Natural or Artificial Opening Endoscopic": "A scope goes in through an opening",
    "Via Natural or Artificial Opening with Percutaneous Endoscopic Assistance": "a scope through the skin helps",
    "External": "from outside, without cutting",
}

LONGEST_FIRST = sorted(WAYS, key=len, reverse=True)
APPROACH = re.compile(rf", ({'|'.join(LONGEST_FIRST)})(?: Approach)?(?=,|$)")


def titles(folder: Path) -> dict[str, str]:
    with zipfile.ZipFile(folder / "icd10pcs-2026.zip") as archive:
        lines = archive.read("icd10pcs_order_2026.txt").decode().splitlines()
    return {line[6:13].strip(): line[77:].strip() for line in lines}


def facts_of(code: str, known: dict[str, str]) -> Any:
    """As much of a code's facts as a description looks at."""
    node = SimpleNamespace(code=code, title=known[code], codes_below=0)
    return SimpleNamespace(node=node, ancestors=(SimpleNamespace(title=known[code[:3]]),))


def test_every_word_of_a_title_is_told(pcs_folder: Path, long_run: bool) -> None:
    """Body part, device and qualifier in the title's own words; side and approach explained, never another one."""
    known = titles(pcs_folder)
    codes = [code for code in known if len(code) == 7]
    assert len(codes) == 79_115
    for code in codes[:: 1 if long_run else 5]:
        text = " ".join(describe(facts_of(code, known)))
        title = known[code]
        said = APPROACH.search(title)
        approach = said[1] if said else None
        for name, way in WAYS.items():
            if approach is not None:
                assert (way in text) == (name == approach), (code, name)
            elif name != "External":
                assert way not in text, (code, name)
        rest = title.replace(said[0], "") if said else title
        rest = re.sub(r", New Technology Group (\d+)$", r" \1", rest)
        operation = known[code[:3]].rpartition(", ")[2]
        told = {word.lower() for word in re.findall(r"[\w'’]+", text)}
        for word in re.findall(r"[\w'’]+", rest.removeprefix(operation)):
            assert word.lower() in told or word.lower() in ("of", "at", "in", "with", "for"), (code, word)
        for side in ("right", "left"):
            assert (side in told) == bool(re.search(rf"\b{side}\b", title, re.IGNORECASE)), (code, side)
        assert ("find out what is wrong" in text) == bool(re.search(r", Diagnostic\b", title)), code
        assert len(text) > 60


def test_a_table_is_described_as_a_heading(pcs_folder: Path) -> None:
    known = titles(pcs_folder)
    node = SimpleNamespace(code="0DT", title=known["0DT"], codes_below=106)
    above = (SimpleNamespace(title="Medical and Surgical"), SimpleNamespace(title="Gastrointestinal System"))
    (text,) = describe(SimpleNamespace(node=node, ancestors=above))  # pyright: ignore[reportArgumentType]
    assert "106 codes" in text
    assert "gastrointestinal system" in text
