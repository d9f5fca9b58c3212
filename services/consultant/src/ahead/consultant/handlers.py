"""What the handlers of CaseConsultant share."""

from typing import Any

from litestar import Request, Response

AnyRequest = Request[Any, Any, Any]


async def fields(request: AnyRequest) -> dict[str, str]:
    """The text fields of a form; the last of each name."""
    return {name: value for name, value in (await request.form()).multi_items() if isinstance(value, str)}


def see_other(path: str) -> Response[Any]:
    """After a form was taken: go and get that page."""
    return Response(b"", status_code=303, media_type="text/html", headers={"Location": path})
