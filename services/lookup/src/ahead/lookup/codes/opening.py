"""Opening a code page, whichever door it is asked for at."""

from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Request
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.lookup.codes.access import Refused, Views
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
    granted = await views.look(principal, content.thing)
    if granted is not None:
        return make(granted.access, granted.allowance)
    if principal.kind not in ("guest", "account") or takes_nothing(request):
        return make("public", None)
    bucket = network_bucket_of(request, views.now())

    async def take(session: AsyncSession) -> tuple[Made | None, Refused | None]:
        answer = await views.take(session, principal, content.thing, bucket)
        if isinstance(answer, Refused):
            return None, answer
        return make(answer.access, answer.allowance), None

    def meanwhile(decided: tuple[Made | None, Refused | None]) -> None:
        if finish is not None and decided[0] is not None:
            finish(decided[0])

    made, refused = await views.database.transact(take, meanwhile=meanwhile)
    if made is not None:
        return made
    assert refused is not None, "a view is granted or refused"
    views.denied(principal, content.thing, refused)
    raise refused
