"""``/consultant/desk``: for experts only."""

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from ahead.consultant.desk.service import Desk, Hits, draft_text
from ahead.consultant.handlers import AnyRequest, fields, see_other
from ahead.shared.auth.guards import requires_role
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

HOME = "/consultant/desk"
DOUBTS = f"{HOME}?show=doubt"


class DeskPages(Controller):
    include_in_schema = False
    path = HOME
    guards = (requires_role("expert"),)

    @get("/")
    async def queue(
        self,
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        show: Annotated[str, QueryParameter(max_length=10)] = "all",
        q: Annotated[str, QueryParameter(max_length=200)] = "",
        before: Annotated[str, QueryParameter(max_length=36)] = "",
    ) -> Page:
        """`before`: the thread where the page before this one ended."""
        if q.strip():
            hits = await desk.search(q, before)
        elif show == "doubt":
            hits = await desk.in_doubt(before)
        else:
            hits = Hits(await desk.queue(principal.subject if show == "mine" else ""))
        context = {"cases": hits.cases, "further": hits.further, "older": bool(before)}
        context |= {"doubts": await desk.doubts(), "show": show, "q": q.strip(), "me": principal.subject}
        return Page("desk/queue.html", context)

    @get("/texts")
    async def canned(self, desk: NamedDependency[Desk]) -> Page:
        return Page("desk/texts.html", {"texts": await desk.canned()})

    @post("/texts")
    async def keep_canned(
        self, request: AnyRequest, desk: NamedDependency[Desk], principal: NamedDependency[Principal]
    ) -> Response[Any]:
        sent = await fields(request)
        if sent.get("action") == "drop":
            await desk.drop_canned(sent.get("key", ""))
        else:
            await desk.keep_canned(
                principal.subject, sent.get("title", ""), sent.get("text", ""), sent.get("key", "")
            )
        return see_other(f"{HOME}/texts")

    @get("/{inquiry_id:str}")
    async def one(
        self, inquiry_id: FromPath[str], desk: NamedDependency[Desk], principal: NamedDependency[Principal]
    ) -> Page:
        return await self._page(desk, principal, inquiry_id)

    @get("/{inquiry_id:str}/presence")
    async def presence(
        self,
        inquiry_id: FromPath[str],
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        seen: Annotated[int, QueryParameter(ge=0, le=100_000)] = 0,
    ) -> Page:
        others, messages = await desk.presence(inquiry_id, principal.subject)
        return Page("desk/presence.html", {"others": others, "newer": messages > seen})

    @post("/{inquiry_id:str}")
    async def act(
        self,
        request: AnyRequest,
        inquiry_id: FromPath[str],
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
    ) -> Response[Any] | Page:
        """What the button pressed says: send, draft, canned (puts a text into the form), take, release, note, close."""
        sent = await fields(request)
        me, text = principal.subject, sent.get("text", "")
        match sent.get("action", "send"):
            case "send":
                if not sent.get("seen", "").isdecimal():
                    raise BadInput("Open the thread again and send your answer from there.")
                doubted = await desk.answer(inquiry_id, me, text, int(sent["seen"][:6]))
                return see_other(DOUBTS if doubted else HOME)
            case "draft":
                folder = await desk.folder(inquiry_id, me)
                return await self._page(
                    desk, principal, inquiry_id, draft_text(folder.draft) if folder.draft else text
                )
            case "canned":
                chosen = next((one.text for one in await desk.canned() if one.id == sent.get("canned")), "")
                return await self._page(desk, principal, inquiry_id, f"{text.rstrip()}\n\n{chosen}".strip())
            case "take" | "release" as action:
                await desk.assign(inquiry_id, me, take=action == "take")
            case "note":
                await desk.note(inquiry_id, me, sent.get("note", ""))
            case "close":
                return see_other(DOUBTS if await desk.close(inquiry_id, me) else HOME)
            case _:
                raise BadInput("There is no such button.")
        return see_other(f"{HOME}/{inquiry_id}")

    async def _page(self, desk: Desk, principal: Principal, inquiry_id: str, text: str = "") -> Page:
        context = {
            "folder": await desk.folder(inquiry_id, principal.subject),
            "texts": await desk.canned(),
            "text": text,
            "me": principal.subject,
        }
        return Page("desk/thread.html", context)
