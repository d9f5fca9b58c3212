"""Asking an expert, as JSON."""

import msgspec
from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ahead.assistant.experts.service import Experts
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit


class HandOver(msgspec.Struct, frozen=True):
    """`note`: what the expert shall look at; identifiers in it are masked."""

    note: str = ""


class HandedOver(msgspec.Struct, frozen=True):
    url: str


class ExpertController(Controller):
    path = "/api/assistant/v1/conversations/{conversation:str}/expert"
    guards = (requires_account,)
    tags = ("conversations",)

    @post(
        "/",
        status_code=202,
        summary="Hand a conversation to the experts",
        opt={RATE_LIMIT: RateLimit("ask-expert", per_minute=6, burst=6, by="principal")},
    )
    async def hand_over(
        self,
        experts: NamedDependency[Experts],
        principal: NamedDependency[Principal],
        conversation: FromPath[str],
        data: JSONBody[HandOver],
    ) -> HandedOver:
        return HandedOver(await experts.hand_over(principal, conversation, data.note))
