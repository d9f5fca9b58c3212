"""Opening a code page, whichever door it is asked for at."""

from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Request
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.lookup.codes.access import Granted, Refused, Views
from ahead.lookup.codes.schemas import Access, Content
from ahead.shared.auth.middleware import network_bucket_of
from ahead.shared.auth.principal import Principal
from ahead.shared.auth.visitors import takes_nothing
from ahead.shared.web.allowance import Allowance

Made = TypeVar("Made")


async def open_view(
    request: Request[Any, Any, Any],
    views: Views,
    principal: Principal,
    content: Content,
    make: Callable[[Access, Allowance | None], Made],
    finish: Callable[[Made], None] | None = None,
) -> Made:
    """Take a view where one has to be taken, and make the answer.

    The answer is made before the grant is committed, so that one that can't be made takes nothing. Those who
    only look (no identity, bots, HEAD, prefetch) get the public part and take nothing either.

    Args:
        finish: what else can be done about the answer while its grant is being committed; must not raise.

    Raises:
        AllowanceExhausted, NetworkExhausted: the view is refused.
    """
    thing = content.thing
    takes = principal.kind in ("guest", "account") and not takes_nothing(request)
    granted = await views.look(principal, thing)
    if granted is not None:
        return make(granted.access, granted.allowance)
    if not takes:
        return make("public", None)
    bucket = network_bucket_of(request, views.now())

    async def take(session: AsyncSession) -> tuple[Made | None, Granted | Refused]:
        answer = await views.take(session, principal, thing, bucket)
        return (None if isinstance(answer, Refused) else make(answer.access, answer.allowance)), answer

    def meanwhile(decided: tuple[Made | None, Granted | Refused]) -> None:
        if finish is not None and decided[0] is not None:
            finish(decided[0])

    made, answer = await views.database.transact(take, meanwhile=meanwhile)
    if isinstance(answer, Refused):
        views.denied(principal, thing, answer)
        raise answer
    assert made is not None, "an answer is made before its grant is committed"
    views.opens(principal, thing, answer)
    return made
