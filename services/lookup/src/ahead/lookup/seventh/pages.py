"""The 7th-character helper as a page."""

from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.parameters import AsOf, read_as_of
from ahead.lookup.seventh.service import SeventhCharacter
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

Text = Annotated[str, QueryParameter(max_length=64)]

STATUSES = {
    "complete": ("Complete", "success"),
    "takes_none": ("Complete", "success"),
    "choose": ("7th character needed", "warning"),
    "no_such_character": ("Not this character", "danger"),
    "more_first": ("Incomplete", "warning"),
    "not_a_code": ("No such code", "danger"),
    "not_held": ("Not checked", "info"),
}


class SeventhPages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/seventh-character")
    async def complete(
        self,
        seventh_character: NamedDependency[SeventhCharacter],
        code: Text = "",
        character: Text = "",
        as_of: AsOf = None,
    ) -> Page:
        answer, error = None, ""
        if code.strip():
            try:
                answer = await seventh_character.complete(code, character, read_as_of(as_of))
            except BadInput as problem:
                error = f"{problem.detail} {problem.hint}".strip()
        typed = {"code": code, "character": character, "as_of": as_of or ""}
        return Page(
            "seventh/complete.html", {"answer": answer, "error": error, "typed": typed, "statuses": STATUSES}
        )
