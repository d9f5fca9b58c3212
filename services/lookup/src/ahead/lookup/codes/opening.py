"""Opening a code page, whichever door it is asked for at."""

from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Request

from ahead.lookup.codes.access import Granted, Views
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
) -> Made:
    """Take a view where one has to be taken, and make the answer.

    The answer is made before the grant is committed, so that one that can't be made takes nothing. Those who
    only look (no identity, bots, HEAD, prefetch) get the public part and take nothing either.

    Raises:
        AllowanceExhausted, NetworkExhausted: the view is refused.
    """
    granted = await views.look(principal, content.thing)
    if granted is not None:
        return make(granted.access, granted.allowance)
    if principal.kind not in ("guest", "account") or takes_nothing(request):
        return make("public", None)
    async with views.database.write() as session:
        bucket = network_bucket_of(request, views.now())
        answer = await views.take(session, principal, content.thing, bucket)
        if isinstance(answer, Granted):
            return make(answer.access, answer.allowance)
    views.denied(principal, content.thing, answer)
    raise answer
