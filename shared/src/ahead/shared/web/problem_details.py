"""Every error leaves as RFC 9457 problem+json, or as a page that says what happened and what to do next."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response.base import ASGIResponse

from ahead.shared.errors import BadInput, Problem, Unauthenticated, Unavailable
from ahead.shared.logging import get_logger
from ahead.shared.web.templating import Page

log = get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
_JSON_PATHS = ("/api/", "/fhir/", "/mcp", "/.well-known/")
_AnyRequest = Request[Any, Any, Any]

_SLUGS = {
    400: ("bad-input", "That input can't be read"),
    401: ("login-needed", "Please log in"),
    403: ("forbidden", "You may not do this"),
    404: ("not-found", "There is nothing here"),
    405: ("method-not-allowed", "That can't be done here"),
    413: ("body-too-large", "That is too large"),
    415: ("media-type-not-supported", "That kind of content isn't read here"),
    429: ("too-many-requests", "Too many requests"),
    503: ("unavailable", "Not available for a moment"),
}
_DETAILS = {
    404: "No page has this address.",
    405: "This address exists, but not for this kind of request.",
    413: "The request is larger than this address takes.",
}
_HINTS = {
    400: "Go back, correct the input and try again.",
    401: "Log in, then you come back to this page.",
    403: "Log in with an account that may, or ask the one who sent you here.",
    404: "Check the address, or search for what you need.",
    413: "Send less at once.",
    429: "Wait a moment, then try again.",
    500: "Try again. If it happens again, tell us the request number below.",
    503: "Try again in a few seconds.",
}


def wants_json(request: _AnyRequest) -> bool:
    """Programs get problem+json: API paths, and whoever asks for JSON rather than HTML."""
    if request.scope["path"].startswith(_JSON_PATHS):
        return True
    accept = request.headers.get("accept", "")
    if "json" not in accept:
        return False
    html, json = accept.find("text/html"), accept.find("json")
    return html < 0 or json < html


def as_problem(error: Exception) -> Problem:
    """The problem that an exception is to its reader. Details of our own failures are never in it."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValidationException):
        return _invalid(error)
    if isinstance(error, HTTPException) and error.status_code < 500:
        return _client_error(error)
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        return Unavailable()
    return Problem(
        "internal-error",
        "Something went wrong on our side",
        500,
        "The request was fine; we failed to answer it. It has been recorded.",
    )


def _client_error(error: HTTPException) -> Problem:
    status = error.status_code
    slug, title = _SLUGS.get(status, ("", ""))
    if not slug:
        title = HTTPStatus(status).phrase
        slug = title.lower().replace(" ", "-")
    detail = _DETAILS.get(status) or error.detail
    if detail == HTTPStatus(status).phrase:
        detail = ""
    return Problem(slug, title, status, detail, headers=error.headers or {})


def _invalid(error: ValidationException) -> Problem:
    """Litestar names the field in ``key`` and where it was in ``source``."""
    items = error.extra if isinstance(error.extra, list) else []
    errors = [
        {"field": str(item.get("key", "")), "message": str(item.get("message", "")), "in": _source(item)}
        for item in items
        if isinstance(item, dict)
    ]
    names = ", ".join(dict.fromkeys(item["field"] for item in errors if item["field"]))
    detail = f"Wrong or missing: {names}." if names else "A value is missing or of the wrong kind."
    return BadInput(detail, slug="validation", title="Some values can't be used", extra={"errors": errors})


def _source(item: dict[str, Any]) -> str:
    source = item.get("source", "")
    return str(getattr(source, "value", source))


def document(problem: Problem, request_id: str) -> dict[str, Any]:
    body = problem.document()
    body.setdefault("hint", _HINTS.get(problem.status, ""))
    if not body["hint"]:
        del body["hint"]
    body["request_id"] = request_id
    return body


def handle(request: _AnyRequest, error: Exception) -> Response[Any]:
    """The answer to a request that failed. Litestar's exception handler, and the entrance's."""
    problem = as_problem(error)
    request_id = str(request.scope["state"].get("request_id", ""))
    if problem.status >= 500 and not isinstance(error, Problem):
        log.error("request.error", exc_info=error, request_id=request_id, path=request.scope["path"])
    headers = dict(problem.headers)
    if wants_json(request):
        if problem.status == HTTPStatus.UNAUTHORIZED:
            headers.setdefault("WWW-Authenticate", "Bearer")
        body = msgspec.json.encode(document(problem, request_id))
        return Response(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)
    if isinstance(problem, Unauthenticated) or problem.status == HTTPStatus.UNAUTHORIZED:
        redirect = _login(request, headers)
        if redirect is not None:
            return redirect
    return _error_page(request, problem, headers)


def _login(request: _AnyRequest, headers: dict[str, str]) -> Response[Any] | None:
    """Sends a person to the log-in page and back; htmx has its own header, it would follow a 303 itself."""
    if not request.app.state.page_context.nav.accounts:
        return None
    is_htmx = request.headers.get("hx-request") == "true"
    back = request.headers.get("hx-current-url", "") if is_htmx else ""
    if request.method in ("GET", "HEAD") and not is_htmx:
        query = request.scope["query_string"].decode("latin-1")
        back = request.scope["path"] + (f"?{query}" if query else "")
    elif back:
        # Only the path of our own page: the header is the client's word.
        back = "/" + back.split("://", 1)[-1].partition("/")[2]
    target = f"/account/login?next={quote(back, safe='')}" if back else "/account/login"
    if is_htmx:
        return Response(
            b"", status_code=401, media_type="text/html", headers={**headers, "HX-Redirect": target}
        )
    return Response(b"", status_code=303, media_type="text/html", headers={**headers, "Location": target})


def _error_page(request: _AnyRequest, problem: Problem, headers: dict[str, str]) -> Response[Any]:
    if problem.status >= 500:  # such a page must not wait for what may have failed
        request.scope["state"].setdefault("allowance", None)
    return Page(
        "error.html",
        {
            "problem": problem,
            "hint": problem.hint or _HINTS.get(problem.status, ""),
            "errors": problem.extra.get("errors", []),
            # Rows of code, title and href: where to go on from here.
            "links": problem.extra.get("links", []),
        },
        status_code=problem.status,
        headers=headers,
    )


def last_resort(request: _AnyRequest) -> ASGIResponse:
    """An answer that can't fail, for when the error page did."""
    request_id = str(request.scope["state"].get("request_id", ""))
    text = f"Something went wrong on our side. Try again in a moment.\n\nRequest number {request_id}\n"
    return ASGIResponse(body=text.encode(), status_code=500, media_type="text/plain; charset=utf-8")
