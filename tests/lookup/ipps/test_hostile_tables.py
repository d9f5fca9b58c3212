"""Broken tables: refused with line and reason, nothing of them held, what was held untouched."""

import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inpatient_files import APPENDIX_A, FILES, MCE, TABLE5, TABLE6J, TABLE6K

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.registry import claims

T5, T6I, T6J, T6K, APPENDIX, EDITS = FILES


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (T5, TABLE5[: TABLE5.index("998\t")], "doesn't end with MS-DRG 999"),
        (T5, TABLE5.replace("\t1.2600\t", "\t"), "line 5: has 9 cells where 10"),
        (T5, TABLE5.replace("1.2600", "=1+1"), "line 5: '=1\\+1' is no number"),
        (T5, TABLE5.replace("1.2600", "."), "line 5: has some of weight"),
        (T5, TABLE5.replace("291\tYes", "291\tMaybe"), "line 5: 'Maybe' is neither"),
        (T5, TABLE5.replace("293\tYes", "290\tYes"), "line 6: MS-DRG 290 does not come after 291"),
        (T5, TABLE5.replace("\tMDC\tTYPE\t", "\tMDC\tSPECIES\t"), "line 3: its column 5 has the heading 'SPECIES'"),
        (T5, TABLE5.replace("\t05\tMED\t", "\tMED\t05\t"), "line 5: 'MED' is not an MDC"),
        (T6J, TABLE6J[: TABLE6J.index("\r\n\r\n\tNotes") + 2], "is cut off"),
        (T6J, TABLE6J.replace("N17.9\t", "N179\t"), "line 4: 'N179' is not an ICD-10-CM code"),
        (T6J, TABLE6J.replace("N17.9\tMade-up failure", "QA0.0101\tAgain"), "a second time"),
        (T6J, TABLE6J.replace("N17.9\tMade-up failure", "Made-up failure\tN17.9"), "line 4: 'Made-up failure' is not"),
        (T6J, TABLE6J + "N17.8\tMore\r\n", "after the end of its list"),
        (T6K, TABLE6K[: TABLE6K.index("K Part 2")], "is cut off"),
        (T6K, TABLE6K.rstrip(), "is cut off"),
        (T6K, TABLE6K.replace("  A000    Made-up cholera\r\n", ""), "collection 0002 has 1 codes where Part 1 says 2"),
        (T6K, TABLE6K.replace("K Part 2: Codes", "K Part Two: Codes"), "is no code with its description"),
        (T6K, TABLE6K.replace("PDX collection 0003", "PDX collection 0002"), "line 16: collection 0002 stands twice"),
        (T6K, TABLE6K.replace(" N179    CC  0002:2 codes", " N179    XC  0002:2 codes"), "line 9: is no row of code"),
        (T6K, TABLE6K.replace("  N179    Made-up failure\r\n\r\n", "  N179\r\n\r\n"), "is no code with its"),
        (APPENDIX, APPENDIX_A[: APPENDIX_A.index("999")], "doesn't end with MS-DRG 999"),
        (APPENDIX, APPENDIX_A.replace("291 05  M  MADE", "291 55  M  MADE"), "line 7: 55 is not an MDC"),
        (APPENDIX, APPENDIX_A.replace("291 05  M  MADE", "05 291  M  MADE"), "line 7: is no row"),
        (EDITS, MCE.replace("\tD\tN08", "\tN08\tD"), "line 5: 'N08', 'D' is no kind and code"),
        (EDITS, MCE.replace("37\t10\t6", "38\t10\t6"), "line 5: is of version '38'"),
        (EDITS, MCE + "\n37\t10\t6\t_\tPrincipal_Manifestation\tD\tN08\tAgain", "line 7: has N08 in"),
        (EDITS, MCE + "\n37\t10", "line 7: has 2 cells"),
        (EDITS, MCE.splitlines()[0] + "\n", "is not a version of the editor"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named_and_what_is_held_stays(
    made_here: Any, name: str, text: str, reason: str
) -> None:
    assert text != FILES[name]
    made_here.load_all()
    before = sorted(path.name for path in made_here.releases.glob("*.db"))
    with pytest.raises(Refused, match=reason):
        made_here.load(made_here.file(name, text))
    assert sorted(path.name for path in made_here.releases.glob("*.db")) == before


def test_a_list_that_does_not_tell_its_year_is_asked_for_it(made_here: Any) -> None:
    with pytest.raises(Refused, match="say it with --from"):
        made_here.load(made_here.file("list.txt", TABLE6J))


def test_a_table_in_a_bomb_or_under_a_name_that_leads_out_is_refused(made_here: Any) -> None:
    path = made_here.folder / "tables-fy2026.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../table-6k-fy2026.txt", TABLE6K)
    with pytest.raises(Refused, match="a path to elsewhere"):
        made_here.load(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table-6k-fy2026.txt", TABLE6K + " " * (80 << 20))
    with pytest.raises(Refused, match="unpacks to"):
        made_here.load(path)


class _Rows:
    """Takes rows as the database would, and keeps none."""

    def write(self, table: Any, rows: Any) -> int:
        return sum(1 for row in rows if len(row) == len(table.columns))


@pytest.mark.parametrize("name", list(FILES))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_is_read_or_refused(tmp_path: Path, name: str, data: st.DataObject) -> None:
    content = bytearray(FILES[name].encode("cp1252"))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    path = tmp_path / name
    path.write_bytes(bytes(content))
    with suppress(Refused):
        for work in claims([path], Options()):
            work.fill(1, _Rows(), lambda _fraction, _text: None)  # pyright: ignore[reportArgumentType]
