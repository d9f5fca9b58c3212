"""The quarter that a file of HCPCS Level II is of. No file says it inside; its name does."""

import re
from datetime import date, timedelta

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused

_NAMES = ("January", "April", "July", "October")
_MONTH = re.compile(r"(?<![a-z])(jan|apr|jul|oct)[a-z]*(?![a-z])", re.IGNORECASE)
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
_QUARTER = re.compile(r"(?<![0-9])(20[0-9]{2})[-_ ]?q([1-4])(?![0-9])", re.IGNORECASE)


def quarter(file: InputFile, options: Options) -> tuple[str, date, date | None]:
    """Edition, first and last day: "HCPC2020_OCT_anweb.xlsx" is October 2020.

    Raises:
        Refused: its name doesn't tell, and the operator doesn't either.
    """
    for name in (file.name.rpartition("/")[2], file.path.name):
        if match := _QUARTER.search(name):
            return _named(int(match[1]), int(match[2]) - 1)
        month, year = _MONTH.search(name.replace("_", " ")), _YEAR.search(name)
        if year is None and (run_on := re.search(r"HCPC(20[0-9]{2})", name, re.IGNORECASE)):
            year = run_on
        if month is not None and year is not None:
            number = [one[:3].lower() for one in _NAMES].index(month[1].lower())
            return _named(int(year[1]), number)
    if options.window_from is None:
        raise Refused(file.name, "its name doesn't tell its quarter: say it with --from and --to")
    return options.release or "of unknown quarter", options.window_from, options.window_to


def year(file: InputFile, options: Options) -> tuple[str, date, date | None]:
    """Edition, first and last day of a list that is published for a calendar year.

    Raises:
        Refused: its name doesn't tell, and the operator doesn't either.
    """
    for name in (file.name.rpartition("/")[2], file.path.name):
        if match := _YEAR.search(name):
            return match[1], date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)
    if options.window_from is None:
        raise Refused(file.name, "its name doesn't tell its year: say it with --from and --to")
    return options.release or "of unknown year", options.window_from, options.window_to


def _named(in_year: int, number: int) -> tuple[str, date, date]:
    first = date(in_year, 3 * number + 1, 1)
    after = date(in_year + 1, 1, 1) if number == 3 else date(in_year, 3 * number + 4, 1)
    return f"{_NAMES[number]} {in_year}", first, after - timedelta(days=1)
