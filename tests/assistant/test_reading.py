"""Questions are read: what they name, what they want to know, when and where, and what no source answers."""

from datetime import date

import pytest

from ahead.assistant.planning.plan import plan
from ahead.assistant.reading.codes import named_in, systems_of
from ahead.assistant.reading.dates import date_in
from ahead.assistant.reading.places import locality_in, price_setting_in, setting_in, state_in
from ahead.assistant.reading.question import Question, read, read_in_turn
from ahead.assistant.reading.visits import patient_in, visit_in

TODAY = date(2026, 11, 30)


def tools(text: str, *before: str) -> list[str]:
    """Which tools are planned, the first one answers."""
    question = read_in_turn(text, TODAY, [(one, TODAY) for one in before])
    return [] if question.refused else [call.tool for call in plan(question)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Is e11.9 with J1885 valid, or S72.001A?", ("E11.9", "J1885", "S72.001A")),
        ("43239/43235 on 2024-08-01", ("43239", "43235")),
        ("what is 0SR90JZ, or 0001U, or i10", ("0SR90JZ", "0001U", "I10")),
        ("vitamin B12 in 2024, 3 units for $12,356.00", ()),
        ("place of service 22 and DRG 470, zip 35203", ()),
    ],
)
def test_codes_are_told_from_other_numbers(text: str, codes: tuple[str, ...]) -> None:
    day, dated = date_in(text, TODAY)
    assert day
    assert named_in(text.replace(dated, " ") if dated else text).codes == codes


@pytest.mark.parametrize(
    ("text", "modifiers"),
    [
        ("what is modifier LT", ("LT",)),
        ("E1 modifier meaning", ("E1",)),
        ("modifiers 25 and 59", ("25", "59")),
        ("99213-25 with 20610-RT", ("25", "RT")),
        ("what is a modifier", ()),
        ("does it need a modifier in this case", ()),
        ("when is modifier AS used", ("AS",)),
    ],
)
def test_modifiers_are_told_from_words(text: str, modifiers: tuple[str, ...]) -> None:
    assert named_in(text).modifiers == modifiers


def test_codes_of_icd9_are_read_only_where_they_are_meant() -> None:
    assert named_in("ICD-9 250.00 to ICD-10?").icd9 == ("250.00",)
    assert named_in("a level of 250.00").icd9 == ()
    assert named_in("old code 311, whats the icd-10-cm equivalent").icd9 == ("311",)


def test_a_spelling_belongs_to_its_systems() -> None:
    assert systems_of("E11.9") == ("icd10cm", "icd9cm")
    assert systems_of("99213") == ("cpt",)
    assert systems_of("J1885")[0] == "hcpcs"
    assert systems_of("0SR90JZ")[0] == "icd10pcs"


@pytest.mark.parametrize(
    ("text", "asked", "day"),
    [
        ("MUE on 2019-03-01", TODAY, date(2019, 3, 1)),
        ("on 3/1/2024", TODAY, date(2024, 3, 1)),
        ("on March 1st, 2024", TODAY, date(2024, 3, 1)),
        ("in Q3 2024", TODAY, date(2024, 8, 15)),
        ("in August 2024", TODAY, date(2024, 8, 15)),
        ("in 2018", TODAY, date(2018, 7, 1)),
        ("in 2025", date(2025, 6, 1), date(2025, 6, 1)),
        ("is J96.01 an MCC in FY2026", date(2025, 12, 1), date(2025, 12, 1)),
        ("is J96.01 an MCC in FY2024", date(2025, 12, 1), date(2023, 12, 1)),
        ("on 2024-13-45", TODAY, TODAY),
        ("is it valid", TODAY, TODAY),
    ],
)
def test_the_date_of_service_is_the_one_that_the_question_names(text: str, asked: date, day: date) -> None:
    assert date_in(text, asked)[0] == day


def test_places_and_settings_are_read() -> None:
    assert state_in("Medicare fee in New Mexico") == "NM"
    assert state_in("the fee in TX") == "TX"
    assert state_in("is it in the list or not") == ""
    assert locality_in("PFS price, locality Los Angeles, facility") == "Los Angeles"
    assert locality_in("paid in January") == ""
    assert [setting_in(one) for one in ("pro fee", "outpatient hospital MUE", "DME supplier", "MUE")] == [
        "practitioner",
        "hospital",
        "dme",
        "",
    ]
    assert price_setting_in("non-facility price") == "nonfacility"
    assert price_setting_in("facility price") == "facility"


def test_visits_and_patients_are_read() -> None:
    said = visit_in("established patient, moderate problems, limited data and high risk, 35 minutes")
    assert said == {
        "family": "office-established",
        "problems": "moderate",
        "data": "limited",
        "risk": "high",
        "minutes": 35,
    }
    assert visit_in("ED visit with moderate MDM")["family"] == "emergency"
    assert visit_in("new patient, low complexity MDM")["data"] == "limited"
    assert patient_in("a 72 y/o female") == (72, "F")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("how many units of 99214 can I bill per day, need it for the pro fee claim", "mue"),
        ("can I bill 11045 alone", "add-on"),
        ("can 43239 and 43235 be billed together", "ncci-pair"),
        ("can E11.9 and E10.9 be coded together", "claim-check"),
        ("post op period for 11042", "relative-values"),
        ("work RVU for 20610", "relative-values"),
        ("what does Medicare pay for 99213 in Arizona", "fees"),
        ("clinical lab fee for 80053", "laboratory-rate"),
        ("is N17.9 a CC or MCC?", "section:crosswalks"),
        ("is I50.22 exempt from POA reporting", "section:compliance"),
        ("what MS-DRG is J18.9 with J96.01", "ms-drg"),
        ("weight of DRG 291", "section:fees"),
        ("gem crosswalk for icd9 780.60", "crosswalk"),
        ("what HCC is E11.22", "section:crosswalks"),
        ("which 7th characters does S72.001 take", "seventh-character"),
        ("when was E11.A introduced", "section:history"),
        ("which ICD-10-CM codes are new in FY2027", "release-diff"),
        ("Excludes1 notes at E11.9", "section:guidelines"),
        ("what do the guidelines say about sepsis", "guidelines"),
        ("guideline I.C.4.a", "guidelines"),
        ("poisoning by aspirin, accidental", "drugs"),
        ("index entry for appendicitis", "index-walk"),
        ("pcs table 0SR9", "pcs-builder"),
        ("is there an LCD on vitamin D testing", "coverage-documents"),
        ("can modifier 50 be used with 20610", "section:modifiers"),
        ("what is modifier 25", "modifier"),
        ("POS code 61 means what", "place-of-service"),
        ("what level is an established patient visit with 35 minutes", "em-level"),
        ("is I50 specific enough", "code-lists"),
        ("what is the code for acute bronchitis", "search"),
        ("acute bronchitis", "search"),
    ],
)
def test_each_question_asks_the_tool_that_answers_it(text: str, first: str) -> None:
    assert tools(text)[0] == first


@pytest.mark.parametrize(
    ("text", "before", "first", "codes"),
    [
        ("and 96372?", "MUE for 99213, practitioner?", "mue", ("96372",)),
        ("same for 97140 please", "MUE for 20610, practitioner?", "mue", ("97140",)),
        ("and for 29881", "global period of 66984?", "relative-values", ("29881",)),
        ("and in Arizona?", "Medicare fee for 99213 in Alabama, non-facility", "fees", ("99213",)),
        ("does it need a POA indicator?", "what is E11.9", "section:compliance", ("E11.9",)),
        ("and with 93000?", "can 43239 and 43235 be billed together", "ncci-pair", ("43239", "93000")),
    ],
)
def test_a_follow_up_takes_what_it_leaves_out_from_before(
    text: str, before: str, first: str, codes: tuple[str, ...]
) -> None:
    question = read_in_turn(text, TODAY, [(before, TODAY)])
    assert question.codes == codes
    assert plan(question)[0].tool == first


def test_a_follow_up_keeps_setting_place_and_date() -> None:
    question = read_in_turn("and 96372?", TODAY, [("hospital MUE for 99213 on 2024-08-01", TODAY)])
    assert (question.setting, question.as_of) == ("hospital", date(2024, 8, 1))
    question = read_in_turn(
        "and facility?", TODAY, [("Medicare fee for 99213 in Alabama, non-facility", TODAY)]
    )
    assert (question.state, question.price) == ("AL", "facility")


def test_a_new_question_starts_anew() -> None:
    question = read_in_turn("what is the code for gout", TODAY, [("MUE for 99213", TODAY)])
    assert question.codes == ()
    assert plan(question)[0].tool == "search"


@pytest.mark.parametrize(
    "text",
    [
        "what does Aetna pay for 99213",
        "give me the official descriptor of 27447",
        "ICD-10-GM code for appendicitis",
        "does this patient have sepsis?",
        "which antibiotic is best for pneumonia",
        "how do I pass the CPC exam",
    ],
)
def test_what_no_source_answers_is_refused_with_the_reason(text: str) -> None:
    assert read(text, TODAY).refused


@pytest.mark.parametrize(
    "text",
    [
        "does Medicare pay for 99213",
        "what is the description of J1885",
        "code for adverse effect of antibiotics",
        "is E11.9 covered by the HCC model",
    ],
)
def test_what_the_sources_may_answer_is_not_refused(text: str) -> None:
    assert not read(text, TODAY).refused


@pytest.mark.parametrize(
    "text", ["can I bill these two together?", "does that need a modifier 25", "who won the world series"]
)
def test_nothing_is_asked_where_nothing_is_named(text: str) -> None:
    assert tools(text) == []


def test_a_question_about_a_code_of_the_page_takes_its_code() -> None:
    question: Question = read("what are the global days?", TODAY).about(["27447"])
    assert plan(question)[0].tool == "relative-values"
