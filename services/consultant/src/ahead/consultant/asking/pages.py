"""``/consultant``: asking, and one's own inquiries."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ahead.consultant.asking.service import Asking
from ahead.consultant.handlers import AnyRequest, day_in, fields, see_other
from ahead.consultant.parts import Parts
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.templating import Page

ASKING = RateLimit("consultant-ask", per_minute=6, burst=10)


class AskingPages(Controller):
    include_in_schema = False
    path = "/consultant"

    @get("/")
    async def home(
        self,
        asking: NamedDependency[Asking],
        principal: NamedDependency[Principal],
        parts: NamedDependency[Parts],
    ) -> Page:
        threads = await asking.own(principal) if principal.registered else []
        context = {
            "threads": threads,
            "registered": principal.registered,
            "expert": principal.has_role("expert"),
            "address": parts.settings.address,
        }
        return Page("asking/home.html", context)

    @post("/", guards=[requires_account], opt={RATE_LIMIT: ASKING})
    async def ask(
        self,
        request: AnyRequest,
        asking: NamedDependency[Asking],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        sent = await fields(request)
        inquiry = await asking.ask(
            principal, sent.get("subject", ""), sent.get("text", ""), as_of=day_in(sent.get("as_of", ""))
        )
        return see_other(f"/consultant/inquiries/{inquiry.id}")

    @get("/inquiries/{inquiry_id:str}", guards=[requires_account])
    async def one(
        self,
        inquiry_id: FromPath[str],
        asking: NamedDependency[Asking],
        principal: NamedDependency[Principal],
    ) -> Page:
        return Page("asking/thread.html", {"thread": await asking.get_inquiry_for(principal, inquiry_id)})

    @post("/inquiries/{inquiry_id:str}", guards=[requires_account], opt={RATE_LIMIT: ASKING})
    async def reply(
        self,
        request: AnyRequest,
        inquiry_id: FromPath[str],
        asking: NamedDependency[Asking],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        sent = await fields(request)
        text = sent.get("text", "").strip()
        if "human" in sent:
            text = f"HUMAN {text}".strip()
        await asking.reply(principal, inquiry_id, text)
        return see_other(f"/consultant/inquiries/{inquiry_id}")
