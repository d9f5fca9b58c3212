"""Forms and bodies of sessions. JSON bodies with fields that aren't listed are refused."""

import msgspec


class LoginForm(msgspec.Struct):
    email: str = ""
    password: str = ""
    next: str = ""


class SessionSecret(msgspec.Struct, forbid_unknown_fields=True):
    session: str


class KeySecret(msgspec.Struct, forbid_unknown_fields=True):
    key: str


class TokenRequest(msgspec.Struct, forbid_unknown_fields=True):
    service: str
    scopes: list[str] = []


class TokenAnswer(msgspec.Struct):
    """``expires_at`` in Unix seconds."""

    token: str
    expires_at: float


class SessionAnswer(msgspec.Struct):
    account: str
    email: str
    plan: str
    roles: list[str]
    confirmed: bool
    expires_at: str


class SessionItem(msgspec.Struct):
    id: str
    device: str
    began_at: str
    last_used_at: str
    this_one: bool
