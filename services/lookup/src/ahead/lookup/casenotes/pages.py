"""From a case to codes as a page: a plain form, the answer on the same address with the note's findings marked."""

from typing import Any, get_args

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency

from ahead.lookup.casenotes.schemas import CaseAnswer, Setting
from ahead.lookup.casenotes.service import MAX_CHARACTERS, CaseNotes
from ahead.lookup.parameters import read_as_of
from ahead.lookup.tools.schemas import STATUSES
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

SETTINGS = [("outpatient", "Outpatient or office"), ("inpatient", "Inpatient hospital")]
Piece = tuple[str, str, str]
"""Text, how it is marked ("", "coded" or "aside"), and the code that it stands for."""


class CasePages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/case-to-codes")
    async def form(self, case_notes: NamedDependency[CaseNotes]) -> Page:
        case_notes.warm()
        return _page({"note": "", "setting": "", "as_of": ""})

    @post("/tools/case-to-codes", status_code=200)
    async def suggest(self, request: Request[Any, Any, Any], case_notes: NamedDependency[CaseNotes]) -> Page:
        form = await request.form()
        typed = {name: str(form.get(name, "")) for name in ("note", "setting", "as_of")}
        # A form sends a line's end as two characters; the limit is that of what was pasted.
        note = typed["note"].replace("\r\n", "\n")
        setting: Setting = "inpatient" if typed["setting"] == get_args(Setting)[1] else "outpatient"
        try:
            answer = await case_notes.suggest(note, setting, read_as_of(typed["as_of"]))
        except BadInput as problem:
            return _page(typed, error=f"{problem.detail} {problem.hint}".strip())
        return _page(typed, answer, marked(note, answer))


def marked(note: str, answer: CaseAnswer) -> list[Piece]:
    """The note in pieces, those of a finding marked; where findings overlap, the first one has the words."""
    spans = [(e.start, e.end, "coded", one.code) for one in answer.suggestions for e in one.evidence]
    spans += [(e.start, e.end, "aside", one.code) for one in answer.set_aside for e in one.evidence]
    pieces: list[Piece] = []
    at = 0
    for start, end, kind, code in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < at:
            continue
        pieces += [(note[at:start], "", ""), (note[start:end], kind, code)]
        at = end
    return [*pieces, (note[at:], "", "")]


def _page(
    typed: dict[str, str],
    answer: CaseAnswer | None = None,
    pieces: list[Piece] | None = None,
    error: str = "",
) -> Page:
    return Page(
        "casenotes/case.html",
        {
            "typed": typed,
            "answer": answer,
            "pieces": pieces or [],
            "error": error,
            "settings": SETTINGS,
            "statuses": STATUSES,
            "most": MAX_CHARACTERS,
        },
    )
