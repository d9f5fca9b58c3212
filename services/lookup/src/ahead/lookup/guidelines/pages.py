"""The guidelines as pages: by number and by words. What governs one code stands on the code's own page."""

from typing import Annotated
from urllib.parse import urlencode

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.guidelines.service import Guidelines, is_number
from ahead.lookup.parameters import AsOf, read_as_of
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput, NotFound
from ahead.shared.web.templating import Page

Text = Annotated[str, QueryParameter(max_length=200)]


class GuidelinePages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/guidelines")
    async def read(
        self, guidelines: NamedDependency[Guidelines], section: Text = "", q: Text = "", as_of: AsOf = None
    ) -> Page:
        """`q` is a number or words."""
        answer, error = None, ""
        number = section.strip() or (q.strip() if is_number(q) else "")
        try:
            when = read_as_of(as_of)
            if number:
                answer = await guidelines.section(number, when)
            elif q.strip():
                answer = await guidelines.search(q, when)
            else:
                answer = await guidelines.contents(when)
        except (BadInput, NotFound) as problem:
            error = f"{problem.detail} {problem.hint}".strip()

        def link(number: str) -> str:
            kept = {"as_of": as_of} if as_of else {}
            return f"/tools/guidelines?{urlencode({'section': number, **kept})}"

        typed = {"q": q or section, "as_of": as_of or ""}
        return Page("guidelines/read.html", {"answer": answer, "error": error, "typed": typed, "link": link})
