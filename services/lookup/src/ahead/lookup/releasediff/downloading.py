"""A comparison as comma-separated values."""

import csv
import io
from collections.abc import Iterable

from .schemas import Change, Difference

_COLUMNS = (
    "change", "code", "kind", "old title", "new title", "old billable", "new billable", "old file", "old row",
    "new file", "new row",
)  # fmt: skip


def as_csv(changes: Iterable[Change]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for one in changes:
        old, new = one.old_receipt, one.new_receipt
        writer.writerow(
            (
                one.kind, one.code, one.place, one.old_title, one.new_title, _flag(one.old_billable),
                _flag(one.new_billable), old.file_name if old else "", old.row if old else "",
                new.file_name if new else "", new.row if new else "",
            )
        )  # fmt: skip
    return out.getvalue()


def file_name(difference: Difference) -> str:
    words = f"{difference.system}-{difference.old.edition}-to-{difference.new.edition}"
    return "".join(c if c.isascii() and (c.isalnum() or c in "-.") else "-" for c in words) + ".csv"


def _flag(billable: bool | None) -> str:
    return "" if billable is None else str(int(billable))
