"""The coverage database's own export: made-up tables in its columns, in a zip in a zip as it is published."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.claims.schemas import Claim, ClaimLine, Diagnosis
from ahead.lookup.coverage.claims import CoverageRule
from ahead.lookup.coverage.service import ARTICLES

from .conftest import NCDS

MAY = date(2031, 5, 3)


async def test_an_article_tells_its_contractor_states_lists_and_lcd(made: Any, tables: Any) -> None:
    (loaded,) = made.load(made.export(tables))
    assert (loaded.system, loaded.edition, loaded.rows) == ("mcd-article", "2031-05-01", 4)
    assert (loaded.window_from, loaded.window_to) == (date(2031, 5, 1), date(2031, 5, 7))
    assert "1 of article_x_hcpc_code" in loaded.remark
    assert not made.load(made.export(tables))[0].new
    got = await made.coverage().of_code("10021", MAY)
    (document,) = got.documents
    assert (document.document, document.version, document.title) == (
        "A90001",
        "3",
        "Billing of & made up, one",
    )
    assert (document.covered, document.not_covered, document.related) == (2, 1, ("L80001",))
    assert [(c.name, c.kinds, c.states) for c in document.contractors] == [
        ("Made-up Solutions, Inc.", "MAC - Part B", ("AK", "AZ"))
    ]
    assert document.receipt.file_name == "current_article.zip/current_article_csv.zip/article.csv"
    assert document.receipt.row == 2


async def test_pairs_come_with_their_document_and_row(made: Any, tables: Any) -> None:
    made.load(made.export(tables, nested=False))
    coverage = made.coverage()
    page = await coverage.diagnoses("10021", "covered", MAY, source=ARTICLES)
    assert [(p.diagnosis, p.document, p.receipt.row) for p in page.pairs] == [
        ("E11.9", "A90001", 3),
        ("M17.11", "A90001", 2),
    ]
    assert page.pairs[0].receipt.file_name == "current_article.zip/article_x_icd10_covered.csv"
    back = await coverage.procedures("M17.11", "covered", MAY, source=ARTICLES)
    assert ([p.code for p in back.pairs], back.total) == (["10021", "10022", "10023", "J9999"], 4)
    assert (await coverage.diagnoses("10024", "covered", MAY, source=ARTICLES)).total == 0


@pytest.mark.parametrize(
    ("code", "diagnoses", "state", "status", "word"),
    [
        ("10021", ["M17.11"], "", "pass", "A90001"),
        ("10021", ["I10", "E119"], "AK", "pass", "E11.9"),
        ("10021", ["I10"], "AK", "fail", "none of the line's"),
        ("10021", ["I10"], "", "not_checked", "contractor"),
        ("10021", ["Z00.00"], "AZ", "fail", "not covered"),
        ("10021", ["Z00.00", "E11.9"], "AZ", "not_checked", "as not covered"),
        ("10021", ["M17.11"], "TX", "not_checked", "TX"),
        ("10022", ["M17.11"], "TX", "not_checked", "For the codes of"),
        ("10024", ["M17.11"], "AK", "not_checked", "its words decide"),
        ("99999", ["M17.11"], "AK", "pass", "doesn't say that it is covered"),
        ("10021", [], "AK", "fail", "none of the line's"),
    ],
)  # fmt: skip
async def test_a_line_is_judged_by_what_its_contractor_lists(
    made: Any, tables: Any, code: str, diagnoses: list[str], state: str, status: str, word: str
) -> None:
    made.load(made.export(tables))
    got = await made.coverage().check(code, diagnoses, MAY, state=state)
    assert (got.status, word in got.why) == (status, True), got.why
    assert bool(got.fix) == (status == "fail" or (status == "not_checked" and not state))


@pytest.mark.parametrize(
    ("filed", "status", "word"),
    [
        # A90001 lists M17.11 and E11.9 and is of Made-up Solutions, Part B, in AK and AZ.
        ({"contractor": "made-up solutions"}, "fail", "none of the line's"),
        ({"contractor": "Made-up", "state": "az"}, "fail", "none of the line's"),
        ({"contractor": "Made-up", "state": "TX"}, "not_checked", "Made-up in TX"),
        ({"contractor": "Other"}, "not_checked", "none of which is said to be of Other"),
        ({"state": "AK", "kind": "Part B"}, "fail", "none of the line's"),
        ({"state": "AK", "kind": "Part A"}, "not_checked", "none of which is said to be of AK"),
        ({"kind": "DME MAC"}, "not_checked", "a DME MAC contractor"),
        ({"kind": "Part B"}, "not_checked", "is not known"),
    ],
)
async def test_a_document_is_the_claims_by_contractor_state_and_kind(
    made: Any, tables: Any, filed: dict[str, str], status: str, word: str
) -> None:
    made.load(made.export(tables))
    got = await made.coverage().check("10021", ["I10"], MAY, **filed)
    assert (got.status, word in got.why) == (status, True), got.why
    assert got.receipts


@pytest.mark.parametrize(
    ("setting", "filed", "statuses"),
    [
        # Line 1 points to a diagnosis that A90001 lists, line 2 to one that it doesn't.
        ("practitioner", {"state": "AK"}, ["pass", "fail"]),
        ("practitioner", {"contractor": "Made-up Solutions"}, ["pass", "fail"]),
        ("practitioner", {"state": "TX"}, ["not_checked", "not_checked"]),
        ("practitioner", {}, ["pass", "not_checked"]),
        # Outpatient hospitals are paid by Part A contractors: the document is of Part B.
        ("outpatient_hospital", {"state": "AK"}, ["not_checked", "not_checked"]),
        # Inpatient stays are not judged by it.
        ("inpatient", {"state": "AK"}, []),
    ],
)
async def test_a_claim_that_says_where_it_is_filed_passes_or_fails(
    made: Any, tables: Any, setting: Any, filed: Any, statuses: list[str]
) -> None:
    made.load(made.export(tables))
    lines = (ClaimLine("10021", MAY, pointers=(1,)), ClaimLine("10021", MAY, pointers=(2,)))
    asked = Claim(setting, (Diagnosis("E119"), Diagnosis("I10")), lines, **filed)
    results = await CoverageRule(made.coverage())(asked, ())
    assert [one.status for one in results] == statuses
    assert all(one.why for one in results)


@pytest.mark.parametrize(
    ("day", "status", "documents"),
    [("2031-04-30", "not_checked", 0), ("2031-05-07", "pass", 1), ("2031-05-08", "not_checked", 1)],
)
async def test_a_snapshot_judges_its_own_week(
    made: Any, tables: Any, day: str, status: str, documents: int
) -> None:
    made.load(made.export(tables))
    coverage = made.coverage()
    when = date.fromisoformat(day)
    assert (await coverage.check("10021", ["M17.11"], when)).status == status
    assert len((await coverage.of_code("10021", when)).documents) == documents


async def test_a_version_that_is_not_in_force_yet_does_not_answer(made: Any, tables: Any) -> None:
    made.load(
        made.export(tables), options=Options(window_from=date(2031, 5, 1), window_to=date(2031, 12, 31))
    )
    coverage = made.coverage()
    assert [d.document for d in (await coverage.of_code("10021", date(2031, 5, 31))).documents] == ["A90001"]
    assert [d.document for d in (await coverage.of_code("10021", date(2031, 6, 1))).documents] == [
        "A90001",
        "A90004",
    ]


async def test_national_determinations_are_held(made: Any) -> None:
    (loaded,) = made.load(made.export(NCDS, "ncd"))
    assert (loaded.system, loaded.rows) == ("mcd-ncd", 1)


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "reason"),
    [
        ("article_x_icd10_covered", 1, "icd10_code_id", "=cmd()", "line 3: '=CMD..' is not a diagnosis"),
        ("article_x_icd10_covered", 0, "icd10_covered_group", "one", "line 2: 'one' is not the number"),
        ("article_x_hcpc_code", 2, "hcpc_code_id", "made up", "line 4: 'MADE UP' is not a HCPCS"),
        # The words of the first article have a line break: the second begins on line 4.
        ("article", 1, "article_eff_date", "2031-13-01", "line 4: '2031-13-01' is not a date"),
        ("article", 1, "article_id", "90001", "second time"),
        ("article", 0, "article_version", "three", "line 2: 'three' is not the number"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_held(
    made: Any, tables: Any, table: str, row: int, column: str, value: str, reason: str
) -> None:
    tables[table][row][column] = value
    if reason == "second time":
        tables[table][row]["article_version"] = "3"
    with pytest.raises(Refused, match=reason):
        made.load(made.export(tables))
    assert not list(made.releases.glob("*.db"))


@pytest.mark.parametrize("table", ["article_x_icd10_noncovered", "contractor", "article_x_hcpc_code"])
def test_a_missing_table_is_refused(made: Any, tables: Any, table: str) -> None:
    del tables[table]
    with pytest.raises(Refused, match=f"{table} is not given"):
        made.load(made.export(tables))


def test_two_exports_in_one_folder_are_refused(made: Any, tables: Any, tmp_path: Path) -> None:
    from .conftest import as_csv

    paths = [made.file(name, as_csv(tables["article"])) for name in ("article.csv", "article-old.csv")]
    with pytest.raises(Refused, match="second article table"):
        made.load(*paths)
