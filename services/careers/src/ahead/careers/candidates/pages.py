"""A candidate's own profile."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ahead.careers.candidates.service import Candidates
from ahead.careers.handlers import AnyRequest, fields, see_other
from ahead.careers.vocabulary import CREDENTIALS, granted_by
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

PATH = "/careers/mine/profile"


class ProfilePages(Controller):
    include_in_schema = False
    path = PATH
    guards = (requires_account,)

    @get("/")
    async def shown(
        self, candidates: NamedDependency[Candidates], principal: NamedDependency[Principal]
    ) -> Page:
        return await _page(candidates, principal, "")

    @post("/")
    async def keep(
        self,
        request: AnyRequest,
        candidates: NamedDependency[Candidates],
        principal: NamedDependency[Principal],
    ) -> Any:
        try:
            await candidates.keep(principal, await fields(request))
        except BadInput as error:
            return await _page(candidates, principal, error.detail)
        return see_other(PATH)

    @post("/credentials")
    async def state(
        self,
        request: AnyRequest,
        candidates: NamedDependency[Candidates],
        principal: NamedDependency[Principal],
    ) -> Any:
        sent = await fields(request)
        try:
            await candidates.state(
                principal,
                sent.get("credential", ""),
                sent.get("number", ""),
                check=sent.get("check") == "yes",
            )
        except BadInput as error:
            return await _page(candidates, principal, error.detail)
        return see_other(PATH)

    @post("/credentials/{credential:str}/delete")
    async def forget(
        self,
        credential: FromPath[str],
        candidates: NamedDependency[Candidates],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        await candidates.forget_credential(principal, credential)
        return see_other(PATH)


async def _page(candidates: Candidates, principal: Principal, wrong: str) -> Page:
    profile, held = await candidates.own(principal)
    context = {
        "profile": profile,
        "held": [(one, granted_by(one.credential)) for one in held],
        "known": [(key, f"{key}, {name}") for key, name in CREDENTIALS.items()],
        "wrong": wrong,
    }
    return Page("candidates/profile.html", context, status_code=422 if wrong else 200)
