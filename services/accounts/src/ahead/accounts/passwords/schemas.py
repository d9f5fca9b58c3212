"""Forms around passwords."""

import msgspec


class ForgotForm(msgspec.Struct):
    email: str = ""


class ResetForm(msgspec.Struct):
    token: str = ""
    password: str = ""


class ChangeForm(msgspec.Struct):
    present: str = ""
    password: str = ""
