"""Errors that users may see, as RFC 9457 problems. ahead.shared.web turns them into JSON or a page."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


class Problem(Exception):
    """An error with an address of its own.

    Attributes:
        slug: stable name of the problem type, such as ``allowance-exhausted``.
        title: the same for every occurrence; a short phrase.
        detail: what went wrong this time.
        hint: what the reader can do next.
        extra: further members of the problem document.
    """

    def __init__(
        self,
        slug: str,
        title: str,
        status: int,
        detail: str = "",
        *,
        hint: str = "",
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or title)
        self.slug = slug
        self.title = title
        self.status = status
        self.detail = detail
        self.hint = hint
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})

    def document(self) -> dict[str, Any]:
        """The problem+json body."""
        body: dict[str, Any] = {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.hint:
            body["hint"] = self.hint
        return body | self.extra


class _Fixed(Problem):
    slug_ = "error"
    title_ = "Error"
    status_ = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(
        self,
        detail: str = "",
        *,
        slug: str = "",
        title: str = "",
        hint: str = "",
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            slug or self.slug_,
            title or self.title_,
            int(self.status_),
            detail,
            hint=hint,
            extra=extra,
            headers=headers,
        )


class BadInput(_Fixed):
    slug_ = "bad-input"
    title_ = "That input can't be read"
    status_ = HTTPStatus.BAD_REQUEST


class Unauthenticated(_Fixed):
    slug_ = "login-needed"
    title_ = "Please log in"
    status_ = HTTPStatus.UNAUTHORIZED


class Forbidden(_Fixed):
    slug_ = "forbidden"
    title_ = "You may not do this"
    status_ = HTTPStatus.FORBIDDEN


class NotFound(_Fixed):
    slug_ = "not-found"
    title_ = "There is nothing here"
    status_ = HTTPStatus.NOT_FOUND


class Conflict(_Fixed):
    slug_ = "conflict"
    title_ = "That doesn't fit the present state"
    status_ = HTTPStatus.CONFLICT


class _RetryLater(_Fixed):
    def __init__(self, detail: str = "", *, retry_after: int = 2, **kwargs: Any) -> None:
        super().__init__(detail, **kwargs)
        self.retry_after = retry_after
        self.headers.setdefault("Retry-After", str(retry_after))


class TooMany(_RetryLater):
    slug_ = "too-many-requests"
    title_ = "Too many requests"
    status_ = HTTPStatus.TOO_MANY_REQUESTS


class Unavailable(_RetryLater):
    slug_ = "unavailable"
    title_ = "Not available for a moment"
    status_ = HTTPStatus.SERVICE_UNAVAILABLE
