"""What may say who a patient is goes; what a coder works with stays. All people here are made up."""

import random

import pytest

from ahead.shared.phi import mask

IDENTIFIERS = [
    ("name", "Patient John Smith fell at work.", "Smith"),
    ("name", "pt: Maria Gonzalez, knee pain", "Gonzalez"),
    ("name", "mr garcia came back", "garcia"),
    ("name", "his wife Dolores drove him", "Dolores"),
    ("name", "Smith, Jane was seen", "Jane"),
    ("name", "we saw Hunter James Kelly yesterday", "Kelly"),
    ("name", "pt J.S. was seen", "J.S."),
    ("name", "john smith slipped on ice", "smith"),
    ("street address", "she lives at 12 Oak Street, apt 4", "Oak"),
    ("street address", "mail to P.O. Box 4411", "4411"),
    ("city", "a woman from Columbus, OH 43215", "Columbus"),
    ("ZIP code", "a woman from Columbus, OH 43215", "43215"),
    ("ZIP code", "zip code 10027", "10027"),
    ("county", "transported within Franklin County", "Franklin"),
    ("date of birth or death", "DOB 03/04/1951", "03/04"),
    ("date of birth or death", "born on March 4, 1951", "March 4"),
    ("date of birth or death", "Smith, Jane 1/2/1950, knee pain", "1/2/1950"),
    ("date of birth or death", "the patient died on 2026-04-04", "04-04"),
    ("age over 89", "a 93 year old man", "93"),
    ("age over 89", "93yo M with CHF", "93"),
    ("age over 89", "age 101", "101"),
    ("age over 89", "ninety-four-year-old woman", "ninety-four"),
    ("phone number", "call me at (614) 555-0199", "0199"),
    ("phone number", "614.555.0199", "0199"),
    ("fax number", "Fax: 614-555-0100", "0100"),
    ("e-mail address", "write to jane.doe@mail.example", "jane.doe"),
    ("social security number", "SSN 123-45-6789", "6789"),
    ("social security number", "last four of her social security number are 6789", "6789"),
    ("medical record number", "MRN: A0012345", "0012345"),
    ("medical record number", "medical record number 99213", "99213"),
    ("health plan number", "member ID W123456789", "W123456789"),
    ("health plan number", "her MBI is 1EG4-TE5-MK73", "TE5"),
    ("account number", "account # 4456789", "4456789"),
    ("license number", "driver's license number D1234567", "D1234567"),
    ("vehicle identifier", "VIN 1HGCM82633A004352", "004352"),
    ("vehicle identifier", "license plate 7ABC123", "7ABC123"),
    ("device identifier", "pacemaker serial number PX99812", "99812"),
    ("web address", "her blog https://jane.example.org/me", "jane.example"),
    ("IP address", "from IP 10.0.0.12", "10.0.0.12"),
    ("biometric identifier", "fingerprint record no. 778812", "778812"),
    ("photograph", "see jane_face.jpg", "jane_face"),
    ("other identifier", "claim number 20261234567", "20261234567"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "secret"), IDENTIFIERS)
def test_an_identifier_is_masked_and_counted_under_its_kind(kind: str, text: str, secret: str) -> None:
    masked = mask(text)
    assert secret not in masked.text
    assert masked.counts.get(kind), masked


KEPT = [
    "How do I bill G0180 certification for home health with 99213-25 and 20610-LT on 10/02/2026?",
    "Device C1713, specimen: 88305 x2, NDC 12345-6789-01, NPI 1234567893, taxonomy 207Q00000X.",
    "Medicare Claims Processing Manual chapter 12, 30.6.1.1; DRG 470; revenue code 0450; type of bill 0131",
    "Crohn's disease, Parkinson disease, Colles fracture, Charcot Marie Tooth disease, Graves disease",
    "a 67-year-old man aged 89 next month, $1,234.56 paid, 40 mg J1885, 45 minutes, 93% saturation",
    "admitted 9/30/2026, discharged 2026-10-05, surgery on October 2, 2026",
    "M17.11, E1165, I10, S72.001A, Z79.4, 02703ZZ, 0SRD0JZ, 250.00, V58.67, 0001F, 0123T",
    "Patient has COPD. The patient with RA was seen. Patient Medicare Advantage denied. Blue Cross denied.",
    "Is modifier 59 or XS right for 11042 with 97597 in Ohio? MUE is 1; RVU 2.11; effective 2026-01-01",
    "see https://www.cms.gov/medicare/coding-billing for the list",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_a_coder_works_with_stays(text: str) -> None:
    assert mask(text).text == text


def test_code_shaped_tokens_survive_wherever_they_stand() -> None:
    """Every shape of code at random, in random sentences: none is taken for a ZIP, a plate or a record."""
    chance = random.Random(20261124)
    letters = "ABCDEFGHJKLMNPQRSTVWXYZ"
    for _ in range(2_000):
        code = chance.choice(
            [
                f"{chance.choice(letters)}{chance.randrange(10)}{chance.randrange(10)}.{chance.randrange(1000)}",
                f"{chance.randrange(10000, 99608)}",
                f"{chance.choice('ABCDEGHJKLMPQRSTV')}{chance.randrange(1000, 9999)}",
                f"{chance.randrange(10000, 99608)}-{chance.choice(['25', '59', 'LT', 'XS'])}",
                f"{chance.randrange(1, 9999):04}T",
                f"0{chance.choice(letters)}{chance.randrange(10)}{chance.choice(letters)}{chance.randrange(10)}ZZ",
            ]
        )
        text = chance.choice(
            [
                "May {} be billed with 99213?",
                "The device {} was used",
                "Specimen {} and order {}",
                "dx {}; px {}",
                "Is {} covered in Texas?",
                "Certification {} in the plan of care",
                "Medicare denied {}, patient is 65",
            ]
        ).replace("{}", code)
        assert mask(text).text == text


def test_invisible_characters_hide_nothing() -> None:
    assert "6789" not in mask("SSN 123\u200b-45\u200b-6789").text


def test_masking_twice_changes_nothing_more() -> None:
    for _, text, _ in IDENTIFIERS:
        once = mask(text).text
        assert mask(once).text == once


def test_long_hostile_text_is_masked_in_bounded_time() -> None:
    for piece in ("1-", "A", "a.", "Mr. ", "John ", "(", "1:", "January "):
        mask(piece * (20_000 // len(piece)))
