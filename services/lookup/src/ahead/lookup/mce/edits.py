"""The edits of the Medicare Code Editor in words: as its program names them, and as its lists do.

Chapters 1 to 20 of the editor's manual. Sex edits were switched off by CMS for discharges since 2024-10-01.
"""

from datetime import date
from typing import NamedTuple

SEX_OFF_SINCE = date(2024, 10, 1)
SEX_OFF = "CMS switched its sex edits off for discharges since 2024-10-01."


class EditText(NamedTuple):
    title: str
    why: str
    fix: str


_AGE = EditText(
    "Age conflict",
    "The age doesn't go with the code.",
    "Check the age at admission and the code: newborn codes are for age 0, pediatric for 0 to 17, maternity for "
    "9 to 64, adult for 15 to 124.",
)
EDITS: dict[str, EditText] = {
    "INVALID_CODE": EditText(
        "Invalid code", "It is no valid code on the date of discharge.", "Use a code that is valid on that date."
    ),
    "INVALID_AGE": EditText("Invalid age", "The age is not 0 to 124.", "Correct the age."),
    "INVALID_SEX": EditText("Invalid sex", "The sex is neither M nor F.", "Give M or F."),
    "INVALID_DISCHARGE_STATUS": EditText(
        "Invalid discharge status", "There is no such discharge status.", "Give the two digits of the claim."
    ),
    "INVALID_ADMIT_DX": EditText(
        "Invalid admitting diagnosis", "The admitting diagnosis is no valid code.", "Use a valid code."
    ),
    "DUPLICATE_OF_PDX": EditText(
        "Duplicate of the principal diagnosis",
        "A secondary diagnosis repeats the principal one.",
        "Leave the secondary diagnosis out.",
    ),
    "AGE_CONFLICT": _AGE,
    "SEX_CONFLICT": EditText(
        "Sex conflict", "The sex doesn't go with the code.", "Check the sex and the code."
    ),
    "MANIFESTATION_AS_PDX": EditText(
        "Manifestation as principal diagnosis",
        "It describes the manifestation of a disease, not the disease.",
        "Sequence the underlying disease first.",
    ),
    "E_CODE_AS_PDX": EditText(
        "External cause as principal diagnosis",
        "It says how an injury came about, not what it is.",
        "Use the condition as principal diagnosis.",
    ),
    "UNACCEPTABLE_PDX": EditText(
        "Unacceptable principal diagnosis",
        "It tells a circumstance or a cause, and no current reason for a hospital stay.",
        "Use the reason for the stay as principal diagnosis.",
    ),
    "REQUIRES_SDX": EditText(
        "Principal diagnosis that needs a secondary one",
        "It is acceptable as principal diagnosis only with a secondary diagnosis beside it.",
        "Add the secondary diagnosis, or use the reason for the stay as principal diagnosis.",
    ),
    "NONSPECIFIC_PDX": EditText(
        "Nonspecific principal diagnosis", "The code is too unspecific.", "Use a more specific code."
    ),
    "QUESTIONABLE_ADMISSION": EditText(
        "Questionable admission",
        "This diagnosis alone is usually no reason to be admitted.",
        "Check that the record supports the admission.",
    ),
    "QUESTIONABLE_OBSTETRIC_ADMISSION": EditText(
        "Questionable obstetric admission",
        "A delivery procedure without a diagnosis of a delivery.",
        "Add the outcome of delivery, or check the procedure.",
    ),
    "NON_COVERED": EditText(
        "Non-covered procedure",
        "Medicare doesn't cover this procedure, or not with these diagnoses.",
        "Check the coverage determination.",
    ),
    "LIMITED_COVERAGE": EditText(
        "Limited coverage",
        "Medicare covers this procedure only in some circumstances, for its complexity and cost.",
        "Check the coverage determination.",
    ),
    "BILATERAL": EditText(
        "Bilateral procedure", "The codes don't show that both sides were operated on.", "Check the procedures."
    ),
    "OPEN_BIOPSY": EditText("Open biopsy", "An open biopsy is reported.", "Check that it wasn't closed."),
    "WRONG_PROCEDURE_PERFORMED": EditText(
        "Wrong procedure performed",
        "A wrong procedure, side or patient is reported.",
        "Medicare doesn't pay for it: bill it as such.",
    ),
    "UNSPECIFIED": EditText(
        "Unspecified code",
        "A more specific code for the side exists, and the record is expected to tell it.",
        "Use the code with the side, or note why it can't be had.",
    ),
    "MEDICARE_IS_SECONDARY_PAYER": EditText(
        "Medicare may be the secondary payer", "Another insurance may have to pay first.", "Check who pays first."
    ),
}  # fmt: skip


def text_of(name: str) -> EditText:
    """Of an edit that has no text of its own here: its name, as the program has it."""
    if name.startswith("LIMITED_COVERAGE"):
        return EDITS["LIMITED_COVERAGE"]
    words = name.replace("_", " ").capitalize()
    return EDITS.get(
        name, EditText(words, f"The code editor reports: {words}.", "Check it in the editor's manual.")
    )


# The edits of the lists: what a coder reads, and the edit of the program that does the same; none where more
# than the code decides.
LISTED: dict[str, tuple[str, str]] = {
    "Newborn_Only": ("Newborn only: age 0", "AGE_CONFLICT"),
    "Pediatric_Only": ("Pediatric only: ages 0 to 17", "AGE_CONFLICT"),
    "Maternity_Only": ("Maternity only: ages 9 to 64", "AGE_CONFLICT"),
    "Adult_Only": ("Adult only: ages 15 to 124", "AGE_CONFLICT"),
    "Female_Only": ("Female only", "SEX_CONFLICT"),
    "Male_Only": ("Male only", "SEX_CONFLICT"),
    "Principal_Manifestation": ("Manifestation: not as principal diagnosis", "MANIFESTATION_AS_PDX"),
    "Principal_Unacceptable": ("Unacceptable as principal diagnosis", "UNACCEPTABLE_PDX"),
    "Principal_Questionable_Admit": (
        "Questionable admission as principal diagnosis",
        "QUESTIONABLE_ADMISSION",
    ),
    "Noncovered_Always": ("Non-covered procedure", "NON_COVERED"),
    "Noncovered_Over60": ("Non-covered over the age of 60", "NON_COVERED"),
    "Limited_Coverage": ("Limited coverage", "LIMITED_COVERAGE"),
    "Wrong_Performed": ("Wrong procedure performed", "WRONG_PROCEDURE_PERFORMED"),
    "Noncovered_LOS_96hr": ("Non-covered for stays of less than four days", ""),
}
