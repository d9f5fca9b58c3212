"""What a row of the PTP file says of a day: in force, not in force, or nothing."""

from datetime import date

from .models import NEVER_IN_FORCE, day_of
from .repository import PtpRow

MODIFIER_TEXTS = {
    0: "No modifier gets around this edit.",
    1: "An NCCI-associated modifier may get around this edit, when the record supports it.",
    9: "Not applicable: this edit was deleted on the day it began and never was in force.",
}
MAI_TEXTS = {
    1: "Each claim line is held against the limit.",
    2: "All units of the date of service are added up; the limit is absolute, by policy or anatomy.",
    3: "All units of the date of service are added up; more can be paid on appeal with clinical proof.",
}
ADD_ON_TEXTS = {
    1: "Type 1: payable with a primary code of this list only.",
    2: "Type 2: no list of primaries is published; the contractor decides which there are.",
    3: "Type 3: some primaries are listed, and the contractor may accept others.",
}


def in_force(row: PtpRow, as_of: date, start: date, end: date) -> bool | None:
    """Whether the edit was in force on the date of service; None when the file doesn't know.

    Args:
        start, end: the window of the edition that the row is of. A row without an effective date is known to be
            in force in the window up to its deletion date, and on that date; nothing is known of it before.
    """
    if row.modifier == NEVER_IN_FORCE:
        return False
    effective, deleted = day_of(row.effective_on), day_of(row.deleted_on)
    if deleted is not None and as_of > deleted:
        return False
    if effective is not None and as_of < effective:
        return False
    since = effective or (deleted if deleted is not None and deleted < start else start)
    until = deleted if deleted is not None else end
    return True if since <= as_of <= until else None
