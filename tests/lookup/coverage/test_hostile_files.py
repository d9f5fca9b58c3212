"""Broken lists: refused with line and reason, and nothing of them is held."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ahead.lookup.catalog.loading.files import InputFile, files_of
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.coverage.loading import merged, report
from ahead.lookup.coverage.loading.source import CoverageSource

# Made up: no such documents and lists are published.
HEAD = ",".join(report.COLUMNS) + "\n"
ROW = (
    '"Made up, Inc.\n(MAC - Part A)\n\nOther\n(DME MAC)",L90001,90001,LCD,3,08/14/2031,,N/A,Made up,08/06/2031,'
    "20310806133001,https://www.cms.gov/made-up?lcdid=90001\n"
)
NAME = "mcd-documents-2031-august.csv"
LIST = '{"10021":{"covered":["M17.11","E11.9"],"lcdIds":["L90001"],"notCovered":["I10"]}}'
LIST_NAME = "lcd-code-coverage-2031.json"


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("documents.csv", HEAD + ROW, "its name says of when"),
        (NAME, HEAD, "no document below"),
        (NAME, HEAD + ROW + ROW.replace("08/14/2031", "14/08/2031"), "line 7: '14/08/2031' is not a date"),
        (NAME, HEAD + ROW.replace("LCD", "=LCD"), "line 2: '=LCD'.* is no document"),
        (NAME, HEAD + ROW.replace("L90001,90001", "90001,L90001"), "line 2: .* is no document"),
        (NAME, HEAD + ROW.replace("https", "javascript"), "line 2: .* is not an address"),
        (NAME, HEAD + ROW[:-60] + "\n", "line 2: has 10 cells"),
        (NAME, HEAD + ROW[:-5], "line 6: is cut off: its last line has no end"),
        (NAME, HEAD + ROW[:30] + "\n", "line 2: can't be read"),
        (NAME, HEAD + "\0" + ROW, "zero byte"),
        ("lcd-code-coverage.json", LIST, "doesn't say the year"),
        (LIST_NAME, LIST[:-9], "no JSON that can be read"),
        (LIST_NAME, LIST.replace("notCovered", "covered"), "stands twice"),
        (LIST_NAME, LIST.replace("notCovered", "other"), "entry 1 .10021.: has other lists"),
        (LIST_NAME, LIST.replace("E11.9", "M17.11"), "entry 1 .10021.: covered has something twice"),
        (LIST_NAME, LIST.replace("I10", "=1+1"), "is not a diagnosis code"),
        (LIST_NAME, LIST.replace("L90001", "90001"), "names no LCD"),
    ],
)
def test_a_broken_list_is_refused_and_nothing_is_held(made: Any, name: str, text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        made.load(made.file(name, text))
    assert not list(made.releases.glob("*.db"))


async def test_whole_lists_are_held(made: Any) -> None:
    loaded = made.load(made.file(NAME, HEAD + ROW), made.file(LIST_NAME, LIST))
    assert {(one.system, one.rows) for one in loaded} == {("mcd-documents", 1), ("lcd-code-coverage", 3)}


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_damage_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    name, text = data.draw(st.sampled_from([(NAME, HEAD + ROW * 3), (LIST_NAME, LIST)]))
    content = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    path = tmp_path / name
    path.write_bytes(bytes(content))
    with suppress(Refused):
        if report.is_report(InputFile(path).head):
            list(report.read(InputFile(path)))
        elif merged.is_merged(InputFile(path).head):
            merged.read(InputFile(path))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_damage_to_a_zip_in_a_zip_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("state_lookup.csv", "state_id,state_abbrev\n1,AK\n")
        archive.writestr("../article.csv", "article_id,article_version\n1,1\n")
    content = bytearray(inner.getvalue())
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    path = tmp_path / "current_article.zip"
    with zipfile.ZipFile(path, "w") as outer:
        outer.writestr("current_article_csv.zip", bytes(content))
    with suppress(Refused):
        CoverageSource().claim(files_of(path), Options())
