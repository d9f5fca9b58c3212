"""Forms of registration. Only what is listed here is read: plan and roles can't be sent along."""

import msgspec


class RegisterForm(msgspec.Struct):
    email: str = ""
    password: str = ""
    next: str = ""


class ConfirmForm(msgspec.Struct):
    token: str = ""
    password: str = ""
