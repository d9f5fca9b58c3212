"""Claims as interchanges and as comma-separated text. Interchanges here are generated: nobody is in them."""

from datetime import date

import pytest
from x12sdk.generate import generate_837i, generate_837p

from ahead.lookup.claims.comma_separated import read_csv
from ahead.lookup.claims.importing import read_any
from ahead.lookup.claims.schemas import ClaimLine, Diagnosis
from ahead.shared.errors import BadInput

INPATIENT = (
    "HI*ABK:I110:::::::Y~HI*ABF:E119:::::::N*ABF:Z794~HI*BBR:0DTJ4ZZ:D8:20260201~",
    "HI*BK:Z0000~",
)


def test_a_professional_interchange_becomes_its_claims() -> None:
    text = generate_837p(seed=3, claims=2)
    claims = read_any(text)
    assert len(claims) == 2
    first = claims[0]
    assert first.setting == "practitioner"
    assert [one.code for one in first.diagnoses] == ["Z0000"]
    assert [line.code for line in first.lines] == ["85025", "85025", "36415"]
    assert {line.date_of_service for line in first.lines} == {date(2025, 5, 5)}
    assert {line.place_of_service for line in first.lines} == {"11"}
    assert first.lines[0].pointers == (1,)
    assert (first.age, first.sex) == (77, "F")
    # Who rendered it is the biller where nobody else is named; no name comes along.
    assert first.lines[0].rendering == "2589913948"
    assert "TAYLOR" not in repr(first)


def test_modifiers_and_units_come_along() -> None:
    text = (
        generate_837p(seed=3, claims=1)
        .replace("SV1*HC:36415*", "SV1*HC:99213:25:59*")
        .replace("*UN*1***1", "*UN*2***1")
    )
    line = read_any(text)[0].lines[2]
    assert (line.code, line.modifiers, line.units) == ("99213", ("25", "59"), 2)


def test_an_outpatient_interchange_is_dated_by_its_statement() -> None:
    claim = read_any(generate_837i(seed=3, claims=1))[0]
    assert claim.setting == "outpatient_hospital"
    assert claim.bill_type == "0131"
    assert {line.date_of_service for line in claim.lines} == {date(2025, 5, 5)}


def test_an_inpatient_interchange_has_poa_procedures_and_its_discharge() -> None:
    text = generate_837i(seed=3, claims=1).replace("***13:A:1*", "***11:A:1*")
    text = text.replace("DTP*434*D8*20250505", "DTP*434*RD8*20260128-20260203")
    text = text.replace(INPATIENT[1], INPATIENT[0]).replace("SE*30*", "SE*32*")
    claim = read_any(text)[0]
    assert claim.setting == "inpatient"
    assert claim.discharged == date(2026, 2, 3)
    assert claim.diagnoses == (Diagnosis("I110", "Y"), Diagnosis("E119", "N"), Diagnosis("Z794", ""))
    assert [(one.code, one.performed) for one in claim.procedures] == [("0DTJ4ZZ", date(2026, 2, 1))]


def test_comma_separated_text() -> None:
    claim = read_csv(
        "# a comment\nsetting,outpatient_hospital\npatient,67,F\ndiagnosis,E11.9\ndiagnosis,Z79.4\n"
        "line,99213,25;59,1,2026-02-02,22,1 2,1234567893\nearlier,11042,,2,2026-02-01\n"
    )
    assert claim.setting == "outpatient_hospital"
    assert (claim.age, claim.sex) == (67, "F")
    assert claim.lines == (ClaimLine("99213", date(2026, 2, 2), ("25", "59"), 1, "22", "1234567893", (1, 2)),)
    assert claim.earlier == (ClaimLine("11042", date(2026, 2, 1), (), 2),)


def test_where_a_claim_is_filed() -> None:
    # Who bills is in FL (837P) and CA (837I); the patient's and the payer's states are passed over.
    assert read_any(generate_837p(seed=3, claims=1))[0].state == "FL"
    assert read_any(generate_837i(seed=3, claims=1))[0].state == "CA"
    facility = "NM1*77*2*MADE UP FACILITY~N3*1 MADE UP~N4*MADE UP*AL*11111~LX*1~"
    text = generate_837p(seed=3, claims=1).replace("SE*32*", "SE*35*")
    separator = text[105]
    text = text.replace(f"LX*1{separator}", facility.replace("~", separator), 1)
    assert read_any(text)[0].state == "AL"
    typed = read_csv('filed,TX,"CGS Administrators, LLC"\nline,99213,,1,2026-02-02\n')
    assert (typed.state, typed.contractor) == ("TX", "CGS Administrators, LLC")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Nothing was given"),
        ("ISA*00*", "cut off"),
        (generate_837p(seed=3, claims=1)[:700], "cut off"),
        ("ISA" + "*" * 200, "cut off"),
        (generate_837p(seed=3, claims=1).replace("X222A2", "X221A1"), "837|read"),
        ("lines,99213", "Row 1 begins with"),
        ("setting,moon", "no setting"),
        ("line,99213,,one,2026-02-02", "number of units"),
        ("line,99213,,1,02/02/2026", "Row 1"),
        ("line,99213", "no date"),
        ('line,"99213', "can't be read"),
        ("line,99213,,1,2026-02-02,11,first", "pointers"),
        ("patient,old", "no age"),
        ("x" * 1_000_001, "longer than"),
    ],
)
def test_what_can_not_be_read_is_said(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_any(text)


def test_a_path_is_never_opened() -> None:
    with pytest.raises(BadInput):
        read_any("/etc/passwd")
