"""When editions are in force, where the file doesn't say."""

import re
from datetime import date

_MONTHS = {"april": 4, "apr": 4, "october": 10, "oct": 10}


def icd10cm_window(version: str, file_name: str) -> tuple[str, date, date]:
    """Edition and window of a tabular list, a list of codes or one that goes with them.

    A fiscal year N runs from October 1 of N - 1 to September 30 of N. An April update replaces the list in
    the middle of the year; the one of 2026 added and deleted no code, so that its list holds for the whole
    fiscal year and its window is the whole year.

    Args:
        version: the `<version>` of the file: "2026"; empty for a text file.
        file_name: may name the year and month: "icd10c-tabular-April-1-2026.xml", "POAexemptCodesFY26.txt".

    Raises:
        ValueError: there is no year to be found.
    """
    year_text = re.search(r"\b(20[0-9]{2})\b", version) or re.search(r"(20[0-9]{2})", file_name)
    fiscal = re.search(r"FY[- ]?([0-9]{2})(?![0-9])", file_name, re.IGNORECASE)
    if year_text is None and fiscal is None:
        raise ValueError("the file doesn't say its year")
    year = int(year_text[1]) if year_text else 2000 + int(fiscal[1] if fiscal else 0)
    month = re.search(r"(?<![a-z])(april|apr|october|oct)(?![a-z])", file_name.lower())
    start, end = date(year - 1, 10, 1), date(year, 9, 30)
    if month is not None and _MONTHS[month[1]] == 4:
        if year not in APRIL_WITHOUT_NEW_CODES:
            start = date(year, 4, 1)
        return f"April {year}", start, end
    return f"FY{year}", start, end


APRIL_WITHOUT_NEW_CODES = frozenset({2026})
"""April updates that added and deleted no code: their list serves the whole fiscal year."""
