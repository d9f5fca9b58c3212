"""From a case to codes as JSON: an account is needed, no view is taken, nothing of the note is kept."""

import msgspec
from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.casenotes.schemas import CaseAnswer, Setting
from ahead.lookup.casenotes.service import CaseNotes
from ahead.lookup.codes.access import tools_guard
from ahead.lookup.parameters import read_as_of


class CaseAsked(msgspec.Struct, forbid_unknown_fields=True):
    """`note`: at most 20,000 characters. `setting` decides about unconfirmed diagnoses."""

    note: str
    setting: Setting = "outpatient"
    as_of: str | None = None


class CaseController(Controller):
    """POST answers 401 without an account, and 400 for a note that is empty or too long."""

    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/case-to-codes", status_code=200, summary="Suggest diagnosis codes for a note")
    async def suggest(self, case_notes: NamedDependency[CaseNotes], data: JSONBody[CaseAsked]) -> CaseAnswer:
        return await case_notes.suggest(data.note, data.setting, read_as_of(data.as_of))
