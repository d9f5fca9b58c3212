"""The form of an inpatient stay, which the grouper and the code editor share. Sent by POST: a date of discharge
with diagnoses belongs in no address, and so in no log."""

import msgspec

from ahead.shared.errors import BadInput

from .cases import DISCHARGE_STATUSES, codes_of, lines_of
from .schemas import Asked, TypedDiagnosis

MAX_TEXT = 2_000
SEXES = (("F", "Female"), ("M", "Male"), ("U", "Unknown"))


class StayForm(msgspec.Struct, frozen=True):
    """As typed. Diagnoses stand one a line, each with its present-on-admission indicator behind: "E11.65 Y"."""

    principal: str = ""
    secondary: str = ""
    procedures: str = ""
    age: str = ""
    sex: str = "F"
    discharge_status: str = "01"
    as_of: str = ""


def asked_of(form: StayForm) -> Asked:
    """Raises BadInput: what stands in a field can't be read."""
    if max(len(form.principal), len(form.secondary), len(form.procedures)) > MAX_TEXT:
        raise BadInput("That is more than a claim has room for.", slug="bad-case")
    principal = lines_of(form.principal)
    if len(principal) != 1:
        raise BadInput("Give one principal diagnosis, such as I50.21 Y.", slug="bad-case")
    age = form.age.strip()
    if not age.isascii() or not age.isdecimal() or len(age) > 3:
        raise BadInput("Give the age in years, 0 to 124.", slug="bad-age")
    return Asked(
        TypedDiagnosis(principal[0].code, principal[0].poa),
        lines_of(form.secondary),
        codes_of(form.procedures),
        int(age),
        form.sex,
        form.discharge_status,
        form.as_of or None,
    )


def choices() -> dict[str, object]:
    """What the form's lists offer."""
    return {"sexes": SEXES, "discharge_statuses": DISCHARGE_STATUSES}
