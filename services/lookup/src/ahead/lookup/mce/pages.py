"""The Medicare Code Editor as a page: a plain form, the answer on the same address."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from ahead.lookup.mce.service import Mce
from ahead.lookup.msdrg.form import StayForm, asked_of, choices
from ahead.lookup.parameters import read_as_of
from ahead.lookup.tools.schemas import STATUSES
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

_TEMPLATE = "mce/editor.html"


class McePages(Controller):
    path = "/tools/mce"
    include_in_schema = False
    guards = (requires_account,)

    @get()
    async def form(self) -> Page:
        context = {"typed": StayForm(), "answer": None, "error": "", "statuses": STATUSES}
        return Page(_TEMPLATE, context | choices())

    @post(status_code=200)
    async def check(self, mce: NamedDependency[Mce], data: URLEncodedBody[StayForm]) -> Page:
        answer, error = None, ""
        try:
            answer = await mce.check(asked_of(data), read_as_of(data.as_of) or mce.today())
        except BadInput as problem:
            error = f"{problem.detail} {problem.hint}".strip()
        context = {"typed": data, "answer": answer, "error": error, "statuses": STATUSES}
        return Page(_TEMPLATE, context | choices())
