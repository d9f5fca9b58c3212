"""What the pages of CareerCenter share."""

from typing import Any

from litestar import Request, Response

AnyRequest = Request[Any, Any, Any]


def see_other(path: str) -> Response[Any]:
    """After a form was taken: go and get that page."""
    return Response(b"", status_code=303, media_type="text/html", headers={"Location": path})


async def fields(request: AnyRequest) -> dict[str, str]:
    """The plain fields of a form; of several under one name the last one."""
    form = await request.form()
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}
