"""What the handlers of CaseConsultant share."""

from datetime import date
from typing import Any

from litestar import Request, Response

from ahead.shared.errors import BadInput

AnyRequest = Request[Any, Any, Any]


async def fields(request: AnyRequest) -> dict[str, str]:
    """The text fields of a form; the last of each name."""
    return {name: value for name, value in (await request.form()).multi_items() if isinstance(value, str)}


def see_other(path: str) -> Response[Any]:
    """After a form was taken: go and get that page."""
    return Response(b"", status_code=303, media_type="text/html", headers={"Location": path})


def day_in(text: str) -> date | None:
    """A date of a form; None where the field was left empty. Raises BadInput."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput("Write the date of service as YYYY-MM-DD, such as 2026-10-02.") from error
