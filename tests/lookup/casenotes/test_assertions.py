"""Sentences written by hand: what is said of the finding in angle brackets."""

import pytest

from ahead.lookup.casenotes.assertions import assertion, scopes
from ahead.lookup.casenotes.sentences import sentences

TABLE = """
present|The patient has <pneumonia>.
present|He presented with <chest pain> and dyspnea.
present|Admitted for <acute appendicitis>.
present|Examination revealed a <hernia>.
present|There was no improvement of the <asthma>.
present|The <hypertension> is not well controlled.
present|Gram-negative <sepsis> was treated.
present|She came with a two-month history of <malaise>.
present|A 3-week history of <cough>.
present|Not only <diabetes> but kidney disease.
present|No fever, but <cough> persists.
present|Denies fever; <headache> since Monday.
present|No rash was seen, however <pruritus> is severe.
present|The family physician found <anemia>.
present|<Cellulitis> of the left leg.
present|Known <epilepsy> under treatment.
negated|No <fever>.
negated|No evidence of <metastasis>.
negated|There are no signs of <heart failure>.
negated|Denies <chest pain>.
negated|The patient denied nausea, vomiting or <diarrhea>.
negated|She is not <jaundiced>.
negated|Without <edema>.
negated|Negative for <hematuria>.
negated|Absence of <murmur>.
negated|<Fracture> was ruled out.
negated|<Pulmonary embolism> has been excluded.
negated|<Lymphadenopathy> was not observed.
negated|<Abscess> was not seen on CT.
negated|Echocardiography revealed no <endocarditis>.
negated|He never had <seizures>.
negated|The scan failed to show <hemorrhage>.
negated|Neither cough nor <dyspnea>.
negated|Free of <pain>.
negated|<Fever>: none.
negated|<Pneumothorax> is unlikely.
uncertain|Probable <pneumonia>.
uncertain|Suspected <appendicitis>.
uncertain|Findings compatible with <sarcoidosis>.
uncertain|Consistent with <pancreatitis>.
uncertain|Suggestive of <lymphoma>.
uncertain|Rule out <myocardial infarction>.
uncertain|R/o <sepsis>.
uncertain|Possible <stroke>.
uncertain|<Meningitis> was suspected.
uncertain|<Malignancy> cannot be excluded.
uncertain|Likely <viral infection>.
uncertain|Concern for <cellulitis>.
uncertain|The mass may represent <carcinoma>.
uncertain|Differential diagnosis includes <gout>.
family|Family history of <breast cancer>.
family|His mother had <diabetes>.
family|Her father died of <myocardial infarction>.
family|A sister with <epilepsy>.
family|Brother has <hemophilia>.
family|Maternal grandmother with <colon cancer>.
family|Family history: <glaucoma>.
historical|History of <breast cancer>.
historical|Past medical history of <pneumonia>.
historical|Previous <stroke>.
historical|H/o <myocardial infarction>.
historical|Status post <fracture> of the wrist.
historical|<Tuberculosis> in childhood.
historical|<Hepatitis> ten years ago.
historical|Prior <pancreatitis>.
conditional|Return if <fever> develops.
conditional|Risk of <fall>.
conditional|Prophylaxis of <thrombosis>.
conditional|Vaccinated against <influenza>.
conditional|Watch for <bleeding>.
"""
ROWS = [tuple(line.split("|", 1)) for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("expected", "written"), ROWS)
def test_says_whether_a_finding_is_there(expected: str, written: str):
    start, end = written.index("<"), written.index(">") - 1
    note = written.replace("<", "").replace(">", "")
    sentence = next(one for one in sentences(note) if one.start <= start < one.end)
    start, end = start - sentence.start, end - sentence.start
    assert assertion(scopes(sentence.text), start, end, sentence.section)[0] == expected


def test_a_heading_says_whose_and_when():
    note = "Family history:\nDiabetes\n\nPast medical history: appendicitis\nAssessment:\n1. Pneumonia"
    assert [one.section for one in sentences(note)] == ["family", "past", "assessment"]


def test_sentences_are_the_places_of_the_note():
    note = "Seen by Dr. Smith at 3.5 weeks.  Fever; no cough?\r\nBP 120/80\u2028Rash!"
    cut = sentences(note)
    assert [note[one.start : one.end] for one in cut] == [one.text for one in cut]
    assert [one.text for one in cut] == [
        "Seen by Dr. Smith at 3.5 weeks.", "Fever;", "no cough?", "BP 120/80", "Rash!",
    ]  # fmt: skip


def test_a_text_without_an_end_is_cut():
    assert max(len(one.text) for one in sentences("word " * 4_000)) <= 1_000
    assert len(sentences("x" * 20_000)) == 20
