"""The MS-DRG grouper as a page: a plain form, the answer on the same address."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from ahead.lookup.msdrg.form import StayForm, asked_of, choices
from ahead.lookup.msdrg.service import MsDrgs
from ahead.lookup.parameters import read_as_of
from ahead.lookup.tools.schemas import STATUSES
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

_TEMPLATE = "msdrg/grouper.html"


class MsDrgPages(Controller):
    path = "/tools/ms-drg"
    include_in_schema = False
    guards = (requires_account,)

    @get()
    async def form(self) -> Page:
        context = {"typed": StayForm(), "answer": None, "error": "", "statuses": STATUSES}
        return Page(_TEMPLATE, context | choices())

    @post(status_code=200)
    async def group(self, ms_drgs: NamedDependency[MsDrgs], data: URLEncodedBody[StayForm]) -> Page:
        answer, error = None, ""
        try:
            answer = await ms_drgs.group(asked_of(data), read_as_of(data.as_of) or ms_drgs.today())
        except BadInput as problem:
            error = f"{problem.detail} {problem.hint}".strip()
        context = {"typed": data, "answer": answer, "error": error, "statuses": STATUSES}
        return Page(_TEMPLATE, context | choices())
