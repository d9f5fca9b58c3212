"""What the handlers of CasePilot share."""

from typing import Any

from litestar import Request, Response

from ahead.shared.web.rate_limit import RateLimit

AnyRequest = Request[Any, Any, Any]
ASK_LIMITS = [
    RateLimit("ask", per_minute=20, burst=12, by="principal"),
    RateLimit("ask-network", per_minute=120, burst=80, by="address"),
]


def see_other(conversation: str, answer: str = "") -> Response[bytes]:
    """After a form was taken: go and get the conversation."""
    path = f"/casepilot/c/{conversation}" + (f"#t-{answer}" if answer else "")
    return Response(b"", status_code=303, media_type="text/html", headers={"Location": path})


def as_file(body: str, media_type: str, name: str) -> Response[str]:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=f"{media_type}; charset=utf-8", headers=disposition)
