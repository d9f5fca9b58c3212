"""The facade of the Medicare Code Editor: claims checked by its program, codes looked up in its lists."""

import asyncio
from datetime import date
from typing import Literal

from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Receipt
from ahead.lookup.msdrg.cases import printed, read_case
from ahead.lookup.msdrg.grouper import Case, Grouper
from ahead.lookup.msdrg.schemas import Asked
from ahead.lookup.tools.schemas import ToolAnswer, ToolResult

from . import probing
from . import repository as rows
from .edits import LISTED, SEX_OFF, SEX_OFF_SINCE, text_of
from .models import MCE
from .schemas import AboutCode, Listed, ListedEdit


class Mce:
    """Its program knows discharges since 2015-10-01, to the end of the grouper's newest version."""

    def __init__(self, reader: SourceReader, editor: Grouper) -> None:
        self._reader = reader
        self._editor = editor

    def today(self) -> date:
        return self._reader.today()

    async def check(self, asked: Asked, as_of: date) -> ToolAnswer:
        """Every edit that an inpatient claim meets, with its lines.

        Raises:
            BadInput: something asked can't be read.
        """
        case = read_case(asked)
        found = await asyncio.to_thread(probing.found_in, self._editor, as_of, case)
        if found is None:
            why = "Not checked: the code editor held has no data for this date of discharge."
            return ToolAnswer(as_of, (ToolResult("mce", "not_checked", (), why, "", ()),))
        receipt = await asyncio.to_thread(self._editor.receipt, as_of)
        results = [_failed(name, lines, case, receipt) for name, lines in found.items()]
        if not results:
            why = "The claim meets no edit of the Medicare Code Editor, which is for inpatient claims."
            results.append(ToolResult("mce", "pass", (), why, "", (receipt,)))
        if as_of >= SEX_OFF_SINCE:
            # There is no such edit on the date: nothing is left unchecked.
            results.append(
                ToolResult("mce-sex", "pass", (), f"No edit looks at the sex: {SEX_OFF}", "", (receipt,))
            )
        return ToolAnswer(as_of, tuple(results))

    async def about(self, code: str, system: Literal["icd10cm", "icd10pcs"], as_of: date) -> AboutCode | None:
        """What the program does with a code; None where it has no data for the date."""
        return await asyncio.to_thread(
            probing.about, self._editor, code, as_of, procedure=system == "icd10pcs"
        )

    async def listed(
        self, code: str, system: Literal["icd10cm", "icd10pcs"], as_of: date | None = None
    ) -> Listed:
        """The rows of the lists; past the newest edition held that one's, marked."""
        edition = await self._reader.edition(MCE, as_of)
        release = edition.release
        if release is None:
            return Listed((), edition)
        kind = "P" if system == "icd10pcs" else "D"
        found = await self._reader.read(release.id, lambda c: rows.code_rows(c, release.id, code, kind))
        return Listed(
            tuple(
                ListedEdit(row.edit, _meaning(row.edit), receipt_of(release, row.source_row)) for row in found
            ),
            edition,
        )


def _meaning(edit: str) -> str:
    return LISTED[edit][0] if edit in LISTED else edit.replace("_", " ")


def _failed(name: str, lines: tuple[int, ...], case: Case, receipt: Receipt) -> ToolResult:
    text = text_of(name)
    codes = [
        *(printed(one.code) for one in (case.principal, *case.secondary)),
        *case.procedures,
    ]
    about = ", ".join(dict.fromkeys(codes[line - 1] for line in lines))
    why = f"{text.title}{f': {about}' if about else ''}. {text.why}"
    return ToolResult(f"mce-{name.lower().replace('_', '-')}", "fail", lines, why, text.fix, (receipt,))
