"""Authorisation that can be read on the handler: ``guards=[requires_account]``."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from ahead.shared.auth.middleware import principal_of
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import Forbidden, Unauthenticated

Connection = ASGIConnection[Any, Any, Any, Any]

STAFF_ROLES = frozenset({"expert", "moderator", "ops"})


def _login_needed(detail: str) -> Unauthenticated:
    return Unauthenticated(detail, headers={"WWW-Authenticate": "Bearer"})


def _account(connection: Connection) -> Principal:
    principal = principal_of(connection)
    if principal.kind == "service":
        raise Forbidden("This is for accounts, not for services.")
    if principal.kind != "account":
        raise _login_needed("This needs an account. Log in, or register: it is free.")
    return principal


def requires_account(connection: Connection, _handler: BaseRouteHandler) -> None:
    """A registered user, by session, token or API key. 401 ``login-needed`` otherwise."""
    _account(connection)


def requires_role(*roles: str) -> Guard:
    """A user with one of these roles. 401 for strangers, 403 ``role-needed`` for the wrong ones."""

    def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        if not _account(connection).has_role(*roles):
            raise Forbidden(
                f"This is for {' or '.join(roles)} only.",
                slug="role-needed",
                hint="Staff: log in again with your authenticator code if you have the role.",
            )

    guard.roles = frozenset(roles)  # type: ignore[attr-defined]
    return guard


def requires_scope(scope: str) -> Guard:
    """A service token with this scope. Users' tokens never have scopes."""

    def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        principal = principal_of(connection)
        if principal.has_scope(scope):
            return
        if principal.kind in ("anonymous", "guest"):
            raise _login_needed(f"This needs a service token with the scope {scope}.")
        raise Forbidden(f"This needs a service token with the scope {scope}.", slug="scope-needed")

    guard.scope = scope  # type: ignore[attr-defined]
    return guard


def requires_role_or_scope(roles: tuple[str, ...], scope: str) -> Guard:
    """A user with one of the roles, or a service with the scope: what staff tools and services share."""
    by_role, by_scope = requires_role(*roles), requires_scope(scope)

    def guard(connection: Connection, handler: BaseRouteHandler) -> None:
        if principal_of(connection).kind == "service":
            by_scope(connection, handler)
        else:
            by_role(connection, handler)

    return guard


def requires_account_or_scope(scope: str) -> Guard:
    """A registered user, or a service with the scope that speaks for one."""
    by_scope = requires_scope(scope)

    def guard(connection: Connection, handler: BaseRouteHandler) -> None:
        if principal_of(connection).kind == "service":
            by_scope(connection, handler)
        else:
            requires_account(connection, handler)

    return guard
