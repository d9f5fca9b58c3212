"""The 7th-character helper as JSON: an account is needed, no view is taken."""

import msgspec
from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codes.access import tools_guard
from ahead.lookup.parameters import read_as_of
from ahead.lookup.seventh.schemas import SeventhAnswer
from ahead.lookup.seventh.service import SeventhCharacter


class SeventhAsked(msgspec.Struct, forbid_unknown_fields=True):
    """`character` may be left out, or stand at the end of the code."""

    code: str
    character: str = ""
    as_of: str | None = None


class SeventhController(Controller):
    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/seventh-character", status_code=200, summary="Complete a code that takes a 7th character")
    async def complete(
        self, seventh_character: NamedDependency[SeventhCharacter], data: JSONBody[SeventhAsked]
    ) -> SeventhAnswer:
        return await seventh_character.complete(data.code, data.character, read_as_of(data.as_of))
